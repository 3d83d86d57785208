import { clipped, withoutFigures } from './clipped.ts'
import { folded, forbidding } from './marks.ts'
import { remembered } from './remembered.ts'
import { withoutTurns } from './turns.ts'

/** A word of a message. */
export interface Token {
  /** The word for comparisons: folded, in lower case, without punctuation around it. */
  word: string
  /** The word with its capitals. */
  raw: string
  /** A comma or the end of a sentence stands before it. */
  isApart?: true
}

/** A message, split into words. */
export interface Said {
  tokens: Token[]
  /** It ends with a question mark. */
  isQuestion: boolean
  /** The whole message is in capitals, so capitals mark nothing. When absent, it is computed from the words. */
  shouts?: boolean
}

/** A longer word is not folded again, to save time. */
const longestWord = 60

/** The desk's name as plain text, for places without real mentions. */
const deskName = /^@(((my|the|trade|trading|desk)[-_]?)?(desk|bot)|deskhand)[,:]?$/i

/** Signs that may change the meaning of the words beside them, so they are never ignored. Other marks only separate. */
const weighty = /^([%¢€£¥₿≤≥≠±×÷$#^*=+\\]|[<>]=?)$/

/**
 * Splits a text into words, in linear time. `@.63` and `a,b` are separated. Mentions of the desk, emoji and single punctuation
 * marks are removed; other mentions stay as they are.
 */
export function tokenise(text: string): Said {
  const { tokens, isQuestion } = split(text)
  // Readers move and replace the words of their own list.
  return { tokens: [...tokens], isQuestion }
}

const split = remembered((text): Said => {
  const apart = withoutTurns(withoutFigures(folded(text)))
    .replace(/(?<!<)@\s*(?=[$.\d+-])/g, ' @ ')
    .replace(/(?<=^|\s)~(?=[$.]?\d)/g, 'around ')
    .replace(/(?<=\s)(>=?|≥)\s*(?=[$.]?\d)/g, 'above ')
    .replace(/(?<=\s)(<=?|≤)\s*(?=[$.]?\d)/g, 'below ')
    .replace(/(?<=\s)@(?=(market|mkt|open|close)\b)/gi, 'at ')
    .replace(/[,;](?=[a-z$@])/gi, ' ')
    .replace(/(?<=[a-z])>=?\s*(?=[$.]?\d)/gi, ' above ')
    .replace(/(?<=[a-z])<=?\s*(?=[$.]?\d)/gi, ' below ')
    .replace(/\b(sl|tp|stop|target|tgt|pt)(?=[$.]?\d)/gi, '$1 ')
    .replace(/(?<=\b(stop|sl|target|tp|price|entry|limit|avg|qty) ?):(?=[$.]?\d)/gi, ' ')
    .replace(/(?<=[a-z]) ?= ?(?=[$.]?\d)/gi, ' ')
    .replace(/(?<=^|\s)# (?=\d)/g, '#')
    .replace(/(?<=^|\s)&(?=\s|$)/g, 'and')
  const tokens: Token[] = []
  const pieces = apart.split(/[\s\p{Cc}]+/u).filter((piece) => piece !== '' && !deskName.test(piece))
  for (const [at, piece] of pieces.entries()) {
    // A slash separates two levels; at an end it stands for something that is missing.
    const isLoose = piece === '/' && (at === 0 || at === pieces.length - 1)
    if (piece === '@' || isLoose || weighty.test(piece) || forbidding.has(piece)) {
      tokens.push({ word: piece, raw: piece })
      continue
    }
    const raw = bare(piece)
    const word = raw.length > longestWord ? raw.toLowerCase() : raw.toLowerCase().normalize('NFKC')
    // A capital letter may be a symbol, and a letter alone is an answer.
    const isClipped = raw.length > 1 || (raw === word && pieces.length > 1)
    const [said = word, ...more] = (isClipped ? clipped.get(word) : undefined) ?? []
    const apart = /[,;.!]$/.test(pieces[at - 1] ?? '') ? { isApart: true as const } : {}
    if (/[\p{L}\p{N}?]/u.test(word))
      tokens.push({ word: said, raw, ...apart }, ...more.map((one) => ({ word: one, raw: one })))
  }
  // `desk` at the end addresses the desk and is removed: `how am I doing, desk`. `the desk` stays.
  if (tokens.length > 2 && /^desk(hand)?$/.test(tokens.at(-1)!.word) && !articles.has(tokens.at(-2)!.word)) tokens.pop()
  return { tokens, isQuestion: /\?[\s"')!.?]*$/.test(apart.slice(-20)) }
})

const articles = new Set(['the', 'a', 'my', 'our', 'this', 'that', 'your', 'at', 'on', 'to', 'of'])
const before = new Set(`("'[{*_~`)
const after = new Set(`)]}"'!?;:,.*_~`)

/** Removes the marks around a word. It is a loop, because a regular expression reads a long row of marks again and again. */
function bare(piece: string): string {
  let begin = 0
  let end = piece.length
  while (begin < end && before.has(piece[begin]!)) begin += 1
  while (end > begin && after.has(piece[end - 1]!)) end -= 1
  return begin === end && piece.includes('?') ? '?' : piece.slice(begin, end)
}

/** Joins words into one text in lower case. */
export function textOf(tokens: Token[]): string {
  return tokens.map(({ word }) => word).join(' ')
}

/** Is the whole message in capitals? */
export function isShouted(tokens: Token[]): boolean {
  const words = tokens.filter(({ raw }) => /^[A-Za-z]{2,}$/.test(raw))
  return words.length > 1 && words.every(({ raw }) => raw === raw.toUpperCase())
}
