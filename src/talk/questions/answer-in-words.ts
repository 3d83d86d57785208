import type { Question } from '../chat/reply.ts'
import { type Given, type KnowsSymbol, readSlots } from '../language/slots.ts'
import { numberIn, plain } from '../language/words.ts'
import { answerTo } from './typed-answer.ts'

const listed = (text: string) => text.split(/\s+/)

/** Words around an answer that say nothing: `the fast one please`. */
const empty = new Set(
  listed(`the a one please pls plz thanks thx ty i i'd i'll id would like want take choose pick go with make it let's lets do option number
    choice is my answer then just`),
)
const ordinals = listed('first second third fourth fifth sixth seventh eighth ninth tenth')
const numbers = listed('one two three four five six seven eight nine ten')
/** A longer text is no answer. */
const mostWords = 8

/**
 * Reads a text as its member's answer to a question, as `answerTo` does, and also in words: `the second`, `fast one please`,
 * `number 2`. The value of a choice or the text itself; undefined when the text is no answer.
 */
export function answerInWords(question: Question, text: string): string | undefined {
  const answer = answerTo(question, text)
  if (answer !== undefined || question.kind !== 'choice') return answer
  const words = plain(text)
    .split(/[\s,.!]+/)
    .filter(Boolean)
  if (words.length > mostWords) return undefined
  const kept = words.filter((word) => !empty.has(word)).join(' ')
  if (kept === '') return words.at(-1) === 'one' ? question.choices[0]?.value : undefined
  if (kept === 'last') return question.choices.at(-1)?.value
  const place = [ordinals, numbers].map((some) => some.indexOf(kept)).find((at) => at >= 0) ?? placeIn(kept)
  return place === undefined ? answerTo({ ...question, orPrice: undefined }, kept) : question.choices[place]?.value
}

/** The place of `2nd`, from zero. */
function placeIn(word: string): number | undefined {
  const [, number] = /^(\d{1,2})(st|nd|rd|th)$/.exec(word) ?? []
  return number === undefined ? undefined : Number(number) - 1
}

/**
 * Reads a typed answer to a question for a number or a symbol with all that it says: `two hundred`, `aapl 100 @ 150`. Undefined
 * when it says no more than a plain value, or something that was not understood; the command then reads the text itself.
 */
export function slotsInAnswer({ kind, name }: Question, text: string, knows: KnowsSymbol): Given | undefined {
  if (kind === 'choice' || numberIn(plain(text)) !== undefined) return undefined
  const { given, leftover, percent } = readSlots(text, knows)
  if (leftover.length > 0 || given.symbols !== undefined) return undefined
  const { symbol, quantity, fraction, price, now, ...others } = given
  if (Object.keys(others).length > 0) return undefined
  const named: Given = symbol === undefined ? {} : { symbol }
  switch (name) {
    case 'symbol':
      return symbol === undefined ? undefined : given
    case 'quantity':
      return quantity === undefined || fraction !== undefined ? undefined : given
    case 'part':
      return symbol === undefined ? undefined : { ...named, part: withoutSymbol(text, symbol) }
    case 'level':
    case 'distance':
    case 'stop':
    case 'target':
      if (percent !== undefined) return { ...named, [name]: `${percent}%` }
      // The command reads `10c` itself: without its unit it would be a percentage.
      if (name === 'distance' && price !== undefined) return undefined
  }
  const value = price ?? quantity
  if (value === undefined || fraction !== undefined || now !== undefined) return undefined
  return price !== undefined && quantity !== undefined ? undefined : { ...named, [name]: value }
}

function withoutSymbol(text: string, symbol: string): string {
  return text
    .split(/\s+/)
    .filter((word) => word.toUpperCase().replace(/^\$/, '') !== symbol)
    .join(' ')
}
