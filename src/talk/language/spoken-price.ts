import type { Token } from './tokens.ts'

const units = 'zero one two three four five six seven eight nine'.split(' ')
const teens = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ')
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
/** Words before a number that make it a price. */
const leads = new Set('at @ limit lmt to stop target price of on entry from'.split(' '))

/**
 * Reads a price as people say it, behind a word that leads to a price: `at ten seventy-five` is 10.75, `to sixteen oh five` is
 * 16.05, `at a buck eighty` is 1.80. A single digit before the cents may mean hundreds (`five ninety`), so that is none.
 */
export function spokenPriceAt(tokens: Token[], at: number): { value: string; used: number } | undefined {
  const word = (index: number) => tokens[index]?.word ?? ''
  const buck = word(at) === 'buck' ? 1 : word(at) === 'a' && word(at + 1) === 'buck' ? 2 : 0
  const isBuck = buck > 0
  if (!isBuck && !leads.has(word(at - 1))) return undefined
  const dollars = isBuck ? { value: 1, used: buck } : belowHundred(word, at)
  if (!dollars || (!isBuck && dollars.value < 10)) return undefined
  const from = at + dollars.used
  const next = word(from) === 'and' && isBuck ? from + 1 : from
  const isOh = /^(oh|o)$/.test(word(next)) && units.includes(word(next + 1))
  const cents = isOh ? { value: units.indexOf(word(next + 1)), used: 2 } : belowHundred(word, next)
  if (!cents || (!isOh && cents.value < 10)) return undefined
  const end = next + cents.used
  // `at ten thirty am` is a time, and `at twenty five hundred` a number.
  if (/^(am|pm|a\.m\.|p\.m\.|hundred|thousand|k|percent|%)$/.test(word(end)) || belowHundred(word, end))
    return undefined
  return { value: `${dollars.value}.${String(cents.value).padStart(2, '0')}`, used: end - at }
}

/** A number in words from 1 to 99: `seven`, `seventeen`, `seventy`, `seventy-five`, `seventy five`. */
function belowHundred(word: (index: number) => string, at: number): { value: number; used: number } | undefined {
  const [first = '', joined] = word(at).split('-')
  const ten = tens.indexOf(first)
  if (ten >= 0) {
    const unit = units.indexOf(joined ?? word(at + 1))
    if (unit > 0) return { value: (ten + 2) * 10 + unit, used: joined === undefined ? 2 : 1 }
    return joined === undefined ? { value: (ten + 2) * 10, used: 1 } : undefined
  }
  const teen = teens.indexOf(first)
  if (teen >= 0) return { value: teen + 10, used: 1 }
  const unit = units.indexOf(first)
  return unit > 0 ? { value: unit, used: 1 } : undefined
}
