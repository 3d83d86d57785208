import type { Token } from './tokens.ts'

const small = new Map(
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, index) => [word, index + 1] as const),
)
const tens = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, index) => [word, (index + 2) * 10]),
)
const large = new Map([
  ['hundred', 100],
  ['thousand', 1000],
  ['grand', 1000],
  ['k', 1000],
])
/** Scales that may stand without a count; such a number is repeated back. */
const scales = new Set(['hundred', 'thousand'])
const vague = /^(half|quarter|third|many|some|multiple|other|of|per)$|^[\d.]/
const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** Number words. Some of them are no amount on their own. */
export const numberWords: ReadonlySet<string> = new Set([
  ...[...small.keys()].filter((word) => word !== 'one'),
  ...tens.keys(),
  ...'hundred hundreds thousand thousands million dozen dozens couple few several'.split(' '),
])

/** Does a word, or some words, that were not understood say an amount? */
export const saysAmount = (words: string): boolean =>
  /\d|(^| )(half|halves|halve|thirds?|quarters?|fourth|fifth)$| (all|everything|whole|full|entire)$/.test(words) ||
  numberWords.has(words)

/** The count of a small number in words: `three` is 3. */
export const countOf = (word: string): number | undefined => small.get(word)

/**
 * Reads a number in words with its number of words: `five hundred`, `a thousand`, `2 thousand`, `two hundred and fifty`,
 * `point eight five`. Two numbers beside each other (`two fifty`, `thirteen ten`) may mean a price or a sum, so they are none.
 * A bare `a` or `one` is no number. `isBare`: a scale without a count, as in `buy thousand amd`.
 */
export function spelledAt(tokens: Token[], at: number): { value: string; used: number; isBare: boolean } | undefined {
  const word = (index: number) => tokens[index]?.word ?? ''
  // `one oh nine` is a price or a number, so it is none.
  if (isNumberWord(word(at - 1)) || /^(oh|o)$/.test(word(at - 1))) return undefined
  const isBare = scales.has(word(at)) || coupleAt(word, at) > 0
  let next = at
  let sum = 0
  let last = Number.POSITIVE_INFINITY
  for (;;) {
    const from = word(next) === 'and' && next > at ? next + 1 : next
    const group = groupAt(word, from, next === at)
    if (!group || group.scale >= last) break
    sum += group.value
    last = group.scale
    next = from + group.used
  }
  const behind = pointAt(word, next)
  const value = `${sum}${behind.value}`
  const used = next - at + behind.used
  if (used === 0 || (used === 1 && word(at) === 'one')) return undefined
  // `two fifty`, `and a half`: more follows that does not fit.
  const more = word(at + used) === 'and' ? word(at + used + 1) : word(at + used)
  return isNumberWord(more) ? undefined : { value, used, isBare }
}

const isNumberWord = (word: string) => small.has(word) || tens.has(word) || large.has(word)

/** Reads `five hundred`, `a thousand`, `2 k`, `twenty five` or `seven`. The next group must have a smaller scale. */
function groupAt(
  word: (index: number) => string,
  at: number,
  isFirst: boolean,
): { value: number; scale: number; used: number } | undefined {
  const count = isFirst && word(at) === 'a' ? { value: 1, used: 1 } : countAt(word, at, isFirst)
  // `buy thousand amd`: some leave out the article. `few thousand` is no number.
  const isBare = isFirst && scales.has(word(at)) && !numberWords.has(word(at - 1)) && !vague.test(word(at - 1))
  if (isBare) return { value: large.get(word(at))!, scale: large.get(word(at))!, used: 1 }
  const couple = isFirst ? coupleAt(word, at) : 0
  if (couple > 0) {
    const each = large.get(word(at + couple))!
    return { value: 2 * each, scale: each, used: couple + 1 }
  }
  if (!count) return undefined
  const scale = large.get(word(at + count.used))
  if (scale !== undefined) return { value: count.value * scale, scale, used: count.used + 1 }
  // A number in digits or `a` is only the beginning of one in words: `2 thousand`.
  return small.has(word(at)) || tens.has(word(at)) ? { value: count.value, scale: 1, used: count.used } : undefined
}

/** The number of words before the scale in `a couple hundred` and `a couple of thousand`; 0 when there are none. */
function coupleAt(word: (index: number) => string, at: number): number {
  const begin = word(at) === 'a' ? at + 1 : at
  if (word(begin) !== 'couple') return 0
  const end = word(begin + 1) === 'of' ? begin + 2 : begin + 1
  return large.has(word(end)) && word(end) !== 'k' ? end - at : 0
}

function countAt(word: (index: number) => string, at: number, isFirst: boolean) {
  const [ten = '', unit] = word(at).split('-')
  const round = tens.get(ten)
  const joined = small.get(unit ?? word(at + 1))
  if (round !== undefined && unit !== undefined) return joined ? { value: round + joined, used: 1 } : undefined
  if (round !== undefined) return joined && joined < 10 ? { value: round + joined, used: 2 } : { value: round, used: 1 }
  const value = small.get(word(at))
  if (value !== undefined) return { value, used: 1 }
  return isFirst && /^\d{1,4}$/.test(word(at)) ? { value: Number(word(at)), used: 1 } : undefined
}

/** Reads decimals in words: `point eight five` is `.85`. */
function pointAt(word: (index: number) => string, at: number): { value: string; used: number } {
  let next = at + 1
  while (word(at) === 'point' && digits.includes(word(next))) next += 1
  if (next === at + 1) return { value: '', used: 0 }
  const said = Array.from({ length: next - at - 1 }, (_, index) => digits.indexOf(word(at + 1 + index)))
  return { value: `.${said.join('')}`, used: next - at }
}
