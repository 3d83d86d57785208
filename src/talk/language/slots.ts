import type { ReadsTime, Slots } from './given.ts'
import { levelsFirst } from './level-words.ts'
import { Reading } from './reading.ts'
import type { KnowsSymbol } from './symbols.ts'
import { isShouted, type Said, tokenise } from './tokens.ts'

export { contradicts, type Given, type ReadsTime, type Slots } from './given.ts'
export type { KnowsSymbol } from './symbols.ts'

/** Only this many characters of a text are read. A longer text is not understood as a whole command. */
const longestText = 500
const mostWords = 120

/**
 * Reads the words after a command. The first plain number is the quantity. A number after `@` or `at`, a number with a dollar
 * sign, or the second number is the price. The number of looks at each word is bounded.
 */
export function readSlots(text: string | Said, knowsSymbol: KnowsSymbol, readsTime?: ReadsTime): Slots {
  const { tokens, shouts } = typeof text === 'string' ? tokenise(text.slice(0, longestText)) : text
  const read = levelsFirst(tokens.slice(0, mostWords))
  const reading = new Reading(read, knowsSymbol, readsTime, shouts ?? isShouted(read))
  for (let at = 0; at < read.length; ) at += reading.read(at)
  const slots = reading.slots()
  const order = read.findIndex(
    ({ word }, index) => /^ord(er)?$/.test(word) && /^#?\d{1,4}$/.test(read[index + 1]?.word ?? ''),
  )
  if (order >= 0) slots.order = read[order + 1]!.word.replace('#', '')
  slots.leftover.push(...tokens.slice(mostWords).map(({ word }) => word))
  if (typeof text === 'string' && text.length > longestText) slots.leftover.push('…')
  return slots
}
