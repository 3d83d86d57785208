import { units } from './money.ts'

/** A number that was typed into a form cannot be read in one way only: nothing is sent. */
export class NotANumber extends Error {}

/** Plain digits with a decimal point, and thousands with commas: `3,750`, `1,250.50`, `.58`. */
const number = /^(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$/

/**
 * A number as it was typed, in plain digits; undefined for an empty field. Throws `NotANumber` for anything else: `1,5` may be one
 * and a half or fifteen, so it is neither. Throws it for more than `most`, too.
 */
export function typedNumber(
  text: string | undefined,
  what: string,
  most = Number.POSITIVE_INFINITY,
): string | undefined {
  const typed = (text ?? '').trim().replace(/^\$/, '')
  if (typed === '') return undefined
  if (!number.test(typed) || !/\d/.test(typed) || !/[1-9]/.test(typed)) {
    const comma = /,/.test(typed) ? ' Write decimals with a point.' : ''
    throw new NotANumber(`“${typed.slice(0, 20)}” is no ${what}.${comma} Nothing was sent.`)
  }
  const plain = typed.replaceAll(',', '')
  if (Number(plain) > most) throw new NotANumber(`A ${what} is at most ${units(String(most))}. Nothing was sent.`)
  return plain.startsWith('.') ? `0${plain}` : plain
}

/** A whole number from 1 to `most`; undefined for an empty field. Throws `NotANumber`. */
export function typedWhole(text: string | undefined, what: string, most: number): number | undefined {
  const plain = typedNumber(text, what, most)
  if (plain === undefined) return undefined
  if (!Number.isInteger(Number(plain))) throw new NotANumber(`A ${what} is a whole number. Nothing was sent.`)
  return Number(plain)
}

/** A number with `%` behind it, as a share of one; undefined without the sign. Throws `NotANumber`. */
export function typedShare(text: string | undefined, what: string): string | undefined {
  const typed = (text ?? '').trim()
  if (!typed.endsWith('%')) return undefined
  const number = typedNumber(typed.slice(0, -1), what)
  if (number === undefined) throw new NotANumber(`“${typed.slice(0, 20)}” is no ${what}. Nothing was sent.`)
  return hundredth(number)
}

/**
 * A distance that was typed with its unit: a share of one for `5%`, dollars for `$1.50`; undefined for an empty field. Throws
 * `NotANumber` for a bare number: chat reads it as percent, and a form where dollars are possible may not guess.
 */
export function typedDistance(text: string | undefined): { share: string } | { dollars: string } | undefined {
  const typed = (text ?? '').trim()
  const share = typedShare(typed, 'distance')
  if (share !== undefined) return { share }
  const dollars = typedNumber(typed, 'distance')
  if (dollars === undefined) return undefined
  if (typed.startsWith('$')) return { dollars }
  throw new NotANumber(`Is that ${dollars}% or $${dollars}? Write one of them. Nothing was sent.`)
}

/** A hundredth, by its digits: floating point would add some. */
function hundredth(plain: string): string {
  const [whole = '0', part = ''] = plain.split('.')
  const digits = whole.padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${part}`.replace(/^0+(?=\d)/, '')
}
