import { distance } from 'fastest-levenshtein'
import { folded } from './marks.ts'

/** Normalises text for comparisons: plain characters, one space, lower case. `1️⃣` is `1`. */
export function plain(text: string): string {
  // Line ends and control characters are spaces here, over which `folded` joins signs.
  return folded(text.replace(/[ \p{Cc}\u2028\u2029]+/gu, ' '))
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** A longer text is no number. */
const longestNumber = 40

const number = /^([+-]?)\$?((?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?)([km]?)$/

/** Parses a number such as `3,750`, `.63`, `$0.63`, `3.75k` or `-5` into plain digits with any minus; undefined for other text. */
export function numberIn(word: string): string | undefined {
  if (word.length > longestNumber) return undefined
  const [, sign, digits, unit] = number.exec(word) ?? []
  if (!digits || !/\d/.test(digits)) return undefined
  const [whole = '', fraction = ''] = digits.replaceAll(',', '').split('.')
  const shift = unit === 'k' ? 3 : unit === 'm' ? 6 : 0
  const padded = fraction.padEnd(shift, '0')
  const left = `${whole}${padded.slice(0, shift)}`.replace(/^0+(?=\d)/, '') || '0'
  const right = padded.slice(shift).replace(/0+$/, '')
  return `${sign === '-' ? '-' : ''}${left}${right ? `.${right}` : ''}`
}

const fractions = new Map([
  ['half', '0.5'],
  ['1/2', '0.5'],
  ['third', '1/3'],
  ['1/3', '1/3'],
  ['quarter', '0.25'],
  ['1/4', '0.25'],
  ['all', '1'],
  ['everything', '1'],
])

/** Parses a fraction such as `half`, `30%`, `1/3` or `all` into a decimal or `1/3`; undefined for other text. */
export function fractionIn(word: string): string | undefined {
  const named = fractions.get(word)
  if (named) return named
  if (!word.endsWith('%')) return undefined
  const percent = numberIn(word.slice(0, -1))
  if (percent === undefined) return undefined
  const negative = percent.startsWith('-')
  const [whole = '0', fraction = ''] = percent.replace('-', '').split('.')
  const shifted = whole.padStart(3, '0')
  return `${negative ? '-' : ''}${shifted.slice(0, -2)}.${shifted.slice(-2)}${fraction}`
}

/** The number of typing errors between two words: wrong, missing or extra letters. Two swapped neighbours are one error. */
export function slips(said: string, meant: string): number {
  const at = [...said].findIndex((letter, index) => letter !== meant[index])
  const swapped = said.slice(0, at) + said.charAt(at + 1) + said.charAt(at) + said.slice(at + 2)
  return swapped === meant && said !== meant ? 1 : distance(said, meant)
}

/** Words that close a question without an answer. */
export const neverMind: ReadonlySet<string> = new Set(
  `cancel, never mind, nevermind, nvm, nm, stop, abort, no, nope, nah, quit, forget it, forget about it, forget that, no thanks, no thank you,
  no thx, no ty, leave it, drop it, skip it, scratch that, not now, cancel that, cancel it, stop it, don't, dont, let it be`
    .split(',')
    .map((words) => words.trim()),
)
