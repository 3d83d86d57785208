import { turnsAround } from './clauses.ts'
import { englishWords } from './english.ts'
import { numberWords } from './spelled.ts'
import type { KnowsSymbol } from './symbols.ts'
import { talkIn } from './talk.ts'
import { tokenise } from './tokens.ts'

/** Marks and words behind a clause that says why. */
const borders = /[,;.!:]+ +| +- +| +so +/gi
/** Words in a first clause that ask for something, or belong to the request behind it. */
const asking = new Set(
  `if unless when once until till after before while buy buying sell selling close closing trim add move set put short long exit half third
  quarter all everything stop target limit order orders cancel hold keep wait don't dont never not no nobody only except but or ? anyone
  someone everybody everyone people guys imagine maybe might should could would he she they you said says told bought sold closed`.split(
    /\s+/,
  ),
)
const longest = 9
const longestText = 300

/**
 * The request behind a clause that says why, as in `running late for a meeting, sell 100 amd`; undefined when there is none. The
 * clause has no number, no symbol and no word that could belong to the request. What is left may
 * be put as a question alone.
 */
export function withoutHead(text: string, knows: KnowsSymbol): string | undefined {
  if (text.length > longestText) return undefined
  const isSymbol = (word: string) =>
    knows.named?.(word.toLowerCase()) !== undefined ||
    (knows(word.toUpperCase()) && !englishWords.has(word.toLowerCase()))
  const border = [...text.matchAll(borders)][0]
  if (border === undefined) return undefined
  const head = text.slice(0, border.index)
  const request = text.slice(border.index + border[0].length).replace(/^(so|just) /i, '')
  const words = tokenise(head).tokens
  if (words.length < 2 || words.length > longest || request.split(/\s+/).length < 3) return undefined
  const asked = tokenise(request).tokens
  const says = asked.some(({ word, raw }) => /\d/.test(word) || /^(half|third|quarter)$/.test(word) || isSymbol(raw))
  if (/[\d?$%]/.test(head) || turnsAround(head) || !says) return undefined
  if (words.some(({ word, raw }) => asking.has(word) || numberWords.has(word) || isSymbol(raw))) return undefined
  const talk = talkIn(head)
  return talk === undefined || talk === 'past' ? request : undefined
}
