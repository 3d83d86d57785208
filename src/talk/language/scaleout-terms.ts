import { amountAt } from './amounts.ts'
import type { Given } from './given.ts'
import { lengthAt, timeAt } from './time.ts'
import { type Token, tokenise } from './tokens.ts'

/** A term of a scaleout in words: its slot, its value, and the number of its words. */
export interface TermPhrase {
  name: 'length' | 'chunks' | 'floor' | 'cap'
  value: string
  /** The units of each chunk: `10 chunks of 100`. */
  each?: string
  used: number
}

const lengthLeads = new Set(['over', 'across', 'through', 'throughout', 'within'])
const chunkLeads = new Set(['in', 'into', 'with', 'using', 'as'])
const manners = new Set(['even', 'equal', 'small', 'random', 'separate'])
const chunkWords = new Set('chunk chunks part parts slice slices clip clips tranche tranches'.split(' '))
const bounds = new Map([
  ['floor', 'floor'],
  ['cap', 'cap'],
  ['ceiling', 'cap'],
] as const)
/** More pieces behind `with` are shares. */
const mostPieces = 60
const joints = new Set(['at', 'of', 'is', '@', '=', 'price'])

/**
 * Reads a term of a scaleout that begins at a word: `over 45m`, `over the next 2 hours`, `in 20 chunks`, `12 chunks`,
 * `floor .60`, `cap at 1.20`. Undefined when there is none.
 */
export function termAt(tokens: Token[], at: number): TermPhrase | undefined {
  return lengthOf(tokens, at) ?? chunksOf(tokens, at) ?? boundOf(tokens, at)
}

/** A length as `45m`, or `90s` when it is no whole minutes. */
function lengthOf(tokens: Token[], at: number): TermPhrase | undefined {
  if (!lengthLeads.has(tokens[at]!.word)) return undefined
  const words = tokens.slice(0, at + 10).map(({ word }) => word)
  let next = at + 1
  if (words[next] === 'the') next += 1
  if (words[next] === 'next') next += 1
  const length = lengthAt(words, next)
  if (!length) return undefined
  return { name: 'length', value: lengthSlot(length.seconds), used: next - at + length.used }
}

const lengthSlot = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`)

function chunksOf(tokens: Token[], at: number): TermPhrase | undefined {
  // A form has the name before the number: `chunks 20`.
  const named = tokens[at]!.word === 'chunks' && !chunkLeads.has(tokens[at - 1]?.word ?? '') ? tokens[at + 1]?.word : ''
  if (named && /^\d{1,9}$/.test(named)) return { name: 'chunks', value: named, used: 2 }
  const isLed = chunkLeads.has(tokens[at]!.word)
  let next = isLed ? at + 1 : at
  const amount = tokens[next] && amountAt(tokens, next)
  const isPieces = /^\d{1,9}$/.test(tokens[next]?.word ?? '')
  if (!amount || !/^\d{1,9}$/.test(amount.value) || !(amount.kind === 'plain' || isPieces)) return undefined
  const count = amount.value
  next += isPieces ? 1 : amount.used
  if (manners.has(tokens[next]?.word ?? '')) next += 1
  const word = tokens[next]?.word ?? ''
  // `500 pieces` are shares, and `in 5 pieces` is their number.
  // `increase with 500 pieces` says a size: nobody sells in so many.
  const isMany = tokens[at]!.word === 'with' && Number(count) > mostPieces
  if (!chunkWords.has(word) && !(isLed && word.startsWith('piece') && !isMany)) return undefined
  const each = tokens[next + 1]?.word === 'of' && tokens[next + 2] ? amountAt(tokens, next + 2) : undefined
  // `20 chunks of 100 amd` has the size of each, and `20 chunks of amd` has none.
  const isSize = each && /^[1-9]\d*$/.test(each.value) && (each.kind === 'plain' || each.kind === 'size')
  if (!isSize) return { name: 'chunks', value: count, used: next + 1 - at }
  const last = next + 2 + each.used
  return { name: 'chunks', value: count, each: each.value, used: last + (tokens[last]?.word === 'each' ? 1 : 0) - at }
}

/** The number of words in `in chunks of 100`, whose number of chunks is not said; 0 when there are none. */
export function openChunksAt(tokens: Token[], at: number): number {
  const word = (index: number) => tokens[index]?.word ?? ''
  if (!chunkLeads.has(word(at)) || !chunkWords.has(word(at + 1).replace(/^piece/, 'part')) || word(at + 2) !== 'of')
    return 0
  const size = tokens[at + 3] && amountAt(tokens, at + 3)
  return size ? 3 + size.used : 0
}

function boundOf(tokens: Token[], at: number): TermPhrase | undefined {
  let next = at
  if (tokens[next]!.word === 'with') next += 1
  if (next > at && tokens[next]?.word === 'a') next += 1
  const name = bounds.get(tokens[next]?.word as never)
  if (!name) return undefined
  next += 1
  while (next < at + 6 && joints.has(tokens[next]?.word ?? '')) next += 1
  const price = tokens[next] && amountAt(tokens, next)
  if (!price || price.kind === 'percent' || price.kind === 'size') return undefined
  return { name, value: price.value, used: next - at + price.used }
}

/** The milliseconds of a length slot, such as `45m` or `2 hours`; not a number when it has no such form. */
export function lengthMsIn(slot: string): number {
  const words = slot.toLowerCase().split(' ')
  const length = lengthAt(words, 0)
  return length?.used === words.length ? length.seconds * 1000 : Number.NaN
}

/** The most characters of an answer that are read. */
const longestAnswer = 200

/**
 * The terms in an answer that has nothing else: `45m, 12 chunks, floor .60`, `by 3pm`. A length needs no word before it.
 * Undefined when the answer has other words, a term twice, or no term.
 */
export function ownTermsIn(text: string): Given | undefined {
  const { tokens } = tokenise(text.slice(0, longestAnswer))
  const words = tokens.map(({ word }) => word)
  const terms: Given = {}
  for (let at = 0; at < tokens.length; ) {
    const found = termAt(tokens, at) ?? bareLength(words, at) ?? endAt(words, at)
    if (!found && ['and', 'with', 'a', 'for', 'in'].includes(words[at]!)) at += 1
    else if (!found || terms[found.name] !== undefined) return undefined
    else {
      terms[found.name] = found.value
      at += found.used
    }
  }
  return text.length <= longestAnswer && Object.keys(terms).length > 0 ? terms : undefined
}

function bareLength(words: string[], at: number) {
  const length = lengthAt(words, at)
  return length && { name: 'length', value: lengthSlot(length.seconds), used: length.used }
}

function endAt(words: string[], at: number) {
  const found = timeAt(words, at)
  return found?.name === 'deadline' ? found : undefined
}
