import { amountAt, fractionAt } from './amounts.ts'
import { timeAt } from './time.ts'
import type { Token } from './tokens.ts'

/** The number of rows of the table of the reader of numbers; a power of two. */
export const numberBuckets = 1 << 13

/** A number or a share in a text: its words, and its value in plain digits, or as `1/3` for a share. */
export interface SaidNumber {
  at: number
  used: number
  value: string
  kind: 'price' | 'size' | 'percent' | 'plain' | 'share'
}

/** The numbers and shares of a text, in order, without those of its times. */
export function numbersIn(tokens: Token[]): SaidNumber[] {
  const found: SaidNumber[] = []
  const words = tokens.map(({ word }) => word)
  for (let at = 0; at < tokens.length; ) {
    const time = timeAt(words, at)
    if (time && !time.isUnsure) {
      at += time.used
      continue
    }
    const amount = amountAt(tokens, at)
    const share = amount ? undefined : fractionAt(tokens, at)
    if (amount) found.push({ at, used: amount.used, value: amount.value, kind: amount.kind })
    else if (share) found.push({ at, ...share, kind: 'share' })
    at += (amount ?? share)?.used ?? 1
  }
  return found
}

/** The words beside a number that are looked at, on each side. */
const reach = 5

/**
 * The features of one number of a text, as rows of a table, sorted: its form, its order, the words around it, and the command that
 * the text means. `isSymbol`: is a word, in lower case, a symbol?
 */
export function featuresOfNumber(
  tokens: Token[],
  numbers: SaidNumber[],
  index: number,
  command: string,
  isSymbol: (word: string) => boolean,
): number[] {
  const own = numbers[index]!
  const rows = new Set<number>()
  const add = (feature: string) => rows.add(hash(feature) & (numberBuckets - 1))
  const both = (feature: string) => {
    add(feature)
    add(`${command} ${feature}`)
  }
  const masked = tokens.map((token, at) => maskOf(token, at, numbers, isSymbol))
  const form = formOf(own)
  both(`form ${form}`)
  both(`kind ${own.kind}`)
  both(`order ${Math.min(index, 3)} of ${Math.min(numbers.length, 4)}`)
  both(`beside ${numbers.map((one) => one.kind).join(' ')} ${index}`)
  for (const other of numbers) {
    if (other === own || other.kind === 'share') continue
    const [one, two] = [Number(own.value), Number(other.value)]
    both(`${other.at < own.at ? 'before' : 'behind'} ${other.kind} ${one > two ? 'more' : 'less'}`)
  }
  const word = (at: number) => masked[at] ?? (at < 0 ? '<s>' : '</s>')
  const end = own.at + own.used
  for (let away = 1; away <= reach; away++) {
    both(`${-away} ${word(own.at - away)}`)
    both(`${away} ${word(end + away - 1)}`)
    add(`near- ${word(own.at - away)}`)
    add(`near+ ${word(end + away - 1)}`)
  }
  both(`pair- ${word(own.at - 2)} ${word(own.at - 1)}`)
  both(`pair+ ${word(end)} ${word(end + 1)}`)
  both(`around ${word(own.at - 1)} ${word(end)} ${own.kind}`)
  return [...rows].sort((one, other) => one - other)
}

/** A word as the features have it: numbers and symbols are alike. */
function maskOf({ word, raw }: Token, at: number, numbers: SaidNumber[], isSymbol: (word: string) => boolean): string {
  const number = numbers.find((one) => at >= one.at && at < one.at + one.used)
  if (number) return `<${number.kind}>`
  const isCapital = /^\$?[A-Z]{2,5}$/.test(raw) && raw.length > 1
  return isCapital || word.startsWith('$') || isSymbol(word) ? '<sym>' : word
}

function formOf({ value, kind }: SaidNumber): string {
  if (kind === 'share') return 'share'
  const [whole = '', decimals = ''] = value.split('.')
  const isRound = /^[1-9]0*$/.test(whole) ? ' round' : ''
  return `${whole.length}.${Math.min(decimals.length, 3)}${isRound}`
}

/** FNV-1a over UTF-16 units with a final mix. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}
