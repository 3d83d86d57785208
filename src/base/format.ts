import { Big } from './amounts.ts'
import { dayIn, exchangeZone, wallClock, zoneLetters } from './zone.ts'

function grouped(fixed: string): string {
  const [whole = '0', fraction] = fixed.split('.')
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction ? `${thousands}.${fraction}` : thousands
}

/** No lot is finer than this many decimals. */
const finestLot = 9

/** A quantity: `3,750`, `0.025`. A quantity finer than any lot comes from a split and is shown to two decimals: `183.43`. */
export function quantityText(quantity: Big): string {
  const units = quantity.abs()
  return grouped((units.round(finestLot).eq(units) ? units : units.round(2, Big.roundHalfEven)).toFixed())
}

/**
 * A price in dollars with the decimals that it needs: at least two; at most four from $10 on, six below, and eight below a
 * cent: `$0.63`, `$0.561`, `$63,250.00`.
 */
export function priceText(price: Big): string {
  return `$${withDecimals(price, price.lt('0.01') ? 8 : price.lt(10) ? 6 : 4)}`
}

/** The decimals that an amount needs: at least two, and at most so many. */
function withDecimals(amount: Big, most: number): string {
  const decimals = amount.round(most, Big.roundHalfEven).toFixed().split('.')[1]?.length ?? 0
  return grouped(amount.toFixed(Math.max(2, decimals), Big.roundHalfEven))
}

/** A price in another currency than dollars, with up to eight decimals: `0.03295 BTC`. Without a currency it is in dollars. */
export function priceIn(price: Big, currency: string | undefined): string {
  return currency === undefined ? priceText(price) : `${withDecimals(price, 8)} ${currency}`
}

/** An average price: two decimals from $10 on, up to four below, and four significant digits below a cent. */
export function averageText(price: Big): string {
  if (price.lt('0.01')) return priceText(price.prec(4, Big.roundHalfEven))
  return priceText(price.round(price.lt(10) ? 4 : 2, Big.roundHalfEven))
}

/**
 * An average price in another currency than dollars: two decimals from 10 on, six significant digits below: `0.0328833 BTC`. Without a
 * currency it is in dollars.
 */
export function averageIn(price: Big, currency: string | undefined): string {
  if (currency === undefined) return averageText(price)
  return priceIn(price.lt(10) ? price.prec(6, Big.roundHalfEven) : price.round(2, Big.roundHalfEven), currency)
}

/** The sign of a change that is shown rounded. What rounds to zero has none, so dollars and percent never contradict each other. */
const signOf = (rounded: Big) => (rounded.eq(0) ? '' : rounded.lt(0) ? '-' : '+')

/** Profit or loss in dollars with its sign: `$+177.84`, `$-3.10`. An amount that rounds to zero has none: `$0.00`. */
export function profitText(amount: Big): string {
  const cents = amount.round(2, Big.roundHalfEven)
  return `$${signOf(cents)}${grouped(cents.abs().toFixed(2))}`
}

/** A difference of prices in dollars with its sign, as a profit has it, and with the decimals of an average: `$-0.0123`. */
export function changeText(amount: Big): string {
  const text = averageText(amount.abs())
  return `$${text === averageText(new Big(0)) ? '' : signOf(amount)}${text.slice(1)}`
}

/** Dollars: `$100,000.00`. */
export function dollarsText(amount: Big): string {
  const cents = amount.round(2, Big.roundHalfEven)
  return `${cents.lt(0) ? '-' : ''}$${grouped(cents.abs().toFixed(2))}`
}

/** A ratio as a percentage with its sign: `+60.32%`. One that rounds to zero has none: `0.00%`. */
export function percentText(ratio: Big): string {
  const percent = ratio.times(100).round(2, Big.roundHalfEven)
  return `${signOf(percent)}${grouped(percent.abs().toFixed(2))}%`
}

/** A duration for people: `42 s`, `4 min 10 s`, `1 h 5 min`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`
  return `${rest} s`
}

/** Progress as one square a step, at most ten squares, and a count: `▰▰▰▱▱▱▱▱ 3/8`. */
export function progressText(done: number, total: number): string {
  const squares = Math.min(total, 10)
  const full = total === 0 ? 0 : Math.floor((done / total) * squares)
  return `${'▰'.repeat(full)}${'▱'.repeat(squares - full)} ${done}/${total}`
}

/** A moment with its date in a member's time zone, or in the exchange's when none is given: `2026-11-20 04:41 EST`. */
export function momentText(at: Date, zone = exchangeZone): string {
  const { hour, minute } = wallClock(at, zone)
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
  return `${dayIn(at, zone)} ${time} ${zoneLetters(at, zone)}`
}

/** The same to the second, for events that happen several times a minute: `2026-11-20 04:41:09 EST`. */
export function exactText(at: Date, zone = exchangeZone): string {
  // Zones differ by whole minutes.
  const seconds = String(at.getUTCSeconds()).padStart(2, '0')
  return momentText(at, zone).replace(/(?<= \d\d:\d\d)(?= )/, `:${seconds}`)
}

/** A share of one in percent, short and without a sign in front: `2%`, `2.5%`. */
export function shortPercentText(share: Big): string {
  return `${share.times(100).round(2).toFixed()}%`
}
