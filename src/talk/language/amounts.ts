import { countOf, spelledAt } from './spelled.ts'
import { spokenPriceAt } from './spoken-price.ts'
import type { Token } from './tokens.ts'
import { fractionIn, numberIn } from './words.ts'

/** A number in a text; `used` is its number of words. */
export interface Amount {
  /** Plain digits. */
  value: string
  /** `price`: its unit is dollars or cents. `size`: its unit is shares. `percent`. `plain`: it has no unit. */
  kind: 'price' | 'size' | 'percent' | 'plain'
  used: number
  /** It has a decimal comma, or is a scale without a count; an order repeats it back. */
  isUnsure?: boolean
}

const sizes = new Set(
  'shares share shs sh units unit contracts coins actions pcs pc pieces piece qty quantity'.split(' '),
)
const percents = new Set(['%', 'percent', 'percents', 'pct', 'pcts', 'procent', 'prcnt'])
const cents = new Set(['c', 'cents', 'cent', '¢'])
const dollars = new Set(['dollars', 'dollar', 'bucks', 'buck', 'usd'])
const glued = /^([+-]?\$?[\d.,]+[km]?)(c|¢|cents?|sh|shs|shares|pcs|pct|percent|\$|usd|bucks|dollars?)$/
/** A decimal comma. A thousands comma has three digits behind it. */
const decimalComma = /^\$?\d{1,5},\d{1,2}%?$/

/** Reads the number that begins at a word, with its unit: `3,750`, `5k`, `$.63`, `63c`, `30%`, `two hundred shares`. */
export function amountAt(tokens: Token[], at: number): Amount | undefined {
  const { word } = tokens[at]!
  if (word.length > 42) return undefined
  const [, digits, unit] = glued.exec(word) ?? []
  if (digits !== undefined && unit !== undefined) {
    const value = numberIn(digits)
    if (value === undefined) return undefined
    if (unit === 'pct' || unit === 'percent') return { value, kind: 'percent', used: 1 }
    if (/^[$ubd]/.test(unit)) return { value, kind: 'price', used: 1 }
    return /^[sp]/.test(unit) ? { value, kind: 'size', used: 1 } : centsOf(value, 1)
  }
  if (decimalComma.test(word)) {
    const read = amountAt([{ word: word.replace(',', '.'), raw: word }, ...tokens.slice(at + 1, at + 2)], 0)
    return read && { ...read, isUnsure: true }
  }
  // `x500` and `500x` are sizes.
  const times = /^(?:x(\d[\d,]*k?)|(\d[\d,]*k?)x)$/.exec(word)
  const count = times && numberIn(times[1] ?? times[2]!)
  if (count) return { value: count, kind: 'size', used: 1 }
  if (word.endsWith('%')) {
    const value = numberIn(word.slice(0, -1))
    return value === undefined ? undefined : { value, kind: 'percent', used: 1 }
  }
  const price = spokenPriceAt(tokens, at)
  if (price) return { ...price, kind: 'price', isUnsure: true }
  const spelled = spelledAt(tokens, at)
  const whole = spelled?.value ?? numberIn(word)
  if (whole === undefined) return undefined
  const half = halfAt(tokens, at + (spelled?.used ?? 1), whole)
  const value = half?.value ?? whole
  const used = (spelled?.used ?? 1) + (half?.used ?? 0)
  const bare = spelled?.isBare || half ? { isUnsure: true } : {}
  const next = tokens[at + used]?.word ?? ''
  if (percents.has(next)) return { value, kind: 'percent', used: used + 1, ...bare }
  // `fifteen even` is a price.
  if (next === 'even' && !tokens[at + used + 1]?.word.startsWith('if')) return { value, kind: 'price', used: used + 1 }
  const more = dollars.has(next) && tokens[at + used + 1]?.word === 'and' ? centsAt(tokens, at + used + 2) : undefined
  if (more) return { value: `${value}.${more}`, kind: 'price', used: used + 4, isUnsure: true }
  if (cents.has(next)) return centsOf(value, used + 1)
  // `price 24 qty 500`: the word is about the number behind it.
  const isLead = /^(qty|quantity)$/.test(next) && numberIn(tokens[at + used + 1]?.word ?? '') !== undefined
  // `in 5 pieces` is no size.
  const isCount = next.startsWith('p') && /^in(to)?$/.test(tokens[at - 1]?.word ?? '')
  if (sizes.has(next) && !isLead && !isCount) return { value, kind: 'size', used: used + 1, ...bare }
  if (dollars.has(next)) return { value, kind: 'price', used: used + 1 }
  // A grand is a thousand dollars, and no size.
  const isMoney = word.includes('$') || tokens[at + used - 1]!.word === 'grand'
  return { value, kind: isMoney ? 'price' : 'plain', used, ...bare }
}

/** Reads `and a half` behind a whole number: `13 and a half` is 13.5. */
function halfAt(tokens: Token[], at: number, whole: string): { value: string; used: number } | undefined {
  const [half] =
    /^and (a|one) (half|quarter)(?= |$)/.exec([0, 1, 2].map((ahead) => tokens[at + ahead]?.word).join(' ')) ?? []
  if (half === undefined || !/^\d+$/.test(whole) || tokens[at + 3]?.word === 'of') return undefined
  return { value: `${whole}.${half.endsWith('half') ? '5' : '25'}`, used: 3 }
}

/** The two digits of cents in one or two words behind dollars: `225 dollars and fifty cents`. */
function centsAt(tokens: Token[], at: number): string | undefined {
  const said = tokens[at] && (spelledAt(tokens, at) ?? { value: numberIn(tokens[at].word), used: 1 })
  if (!said?.value || said.used !== 1 || !/^\d{1,2}$/.test(said.value) || !cents.has(tokens[at + 1]?.word ?? ''))
    return undefined
  return said.value.padStart(2, '0')
}

function centsOf(value: string, used: number): Amount | undefined {
  const shifted = numberIn(fractionIn(`${value}%`) ?? '')
  return shifted === undefined ? undefined : { value: shifted, kind: 'price', used }
}

const parts = new Map([
  ['half', [1, 2]],
  ['halves', [1, 2]],
  ['halve', [1, 2]],
  ['third', [1, 3]],
  ['thirds', [1, 3]],
  ['quarter', [1, 4]],
  ['quarters', [1, 4]],
  ['fourth', [1, 4]],
  ['fifth', [1, 5]],
] as const)
const wholes = new Set(['all', 'everything', 'entire', 'whole', 'full', 'entirety'])

/** Reads the fraction that begins at a word, with its number of words: `half`, `a third`, `two thirds`, `3/4`, `all`. */
export function fractionAt(tokens: Token[], at: number): { value: string; used: number } | undefined {
  const { word } = tokens[at]!
  const next = tokens[at + 1]?.word ?? ''
  if (wholes.has(word)) return { value: '1', used: 1 }
  const [, over, under] = /^([1-9])\/([2-9]|10)$/.exec(word) ?? []
  if (over && under) return Number(over) <= Number(under) ? { value: share(+over, +under), used: 1 } : undefined
  const of = parts.get(word as never)
  if (of) return { value: share(of[0], of[1]), used: 1 }
  const after = parts.get(next as never)
  if (after && ['a', 'one', '1'].includes(word)) return { value: share(after[0], after[1]), used: 2 }
  // `cut it in two`
  if (word === 'two' && next === '' && tokens[at - 1]?.word === 'in') return { value: '0.5', used: 1 }
  const count = countOf(word)
  return after && count && count < after[1] ? { value: share(count, after[1]), used: 2 } : undefined
}

/** Formats a fraction as a decimal if four places are enough, else as `1/3`. */
function share(over: number, under: number): string {
  const decimal = String(over / under)
  return decimal.length <= 6 ? decimal : `${over}/${under}`
}

const pair = /^(\$?[\d.]{1,10}%?)[/-](\$?[\d.]{1,10}%?)$/

/** Reads two levels in one word: `2.10/2.65`, `5%-10%`. */
export function pairIn(word: string): [string, string] | undefined {
  const [, one = '', other = ''] = pair.exec(word) ?? []
  const levels = [one, other].map((said) => {
    const value = numberIn(said.replace('%', ''))
    return value === undefined ? undefined : `${value}${said.endsWith('%') ? '%' : ''}`
  })
  return levels[0] !== undefined && levels[1] !== undefined ? [levels[0], levels[1]] : undefined
}
