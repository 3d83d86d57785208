import { type Big, least, toFloat } from '../base/amounts.ts'

/** What a market says of a symbol at a moment, in dollars. */
export interface Print {
  bid: Big
  ask: Big
  last: Big
  /** Bid and ask were computed from the last price, and so say nothing about it. */
  isAssumed?: boolean
}

/** A price that nobody has confirmed yet. */
export interface Doubt {
  print: Print
  /** What the print would make of the mark. */
  price: Big
  /** Milliseconds; from then on the quote of that moment decides. */
  until: number
}

/** What is known of a symbol's price. Floats only say what is doubted; the mark is one of the market's own decimals. */
export interface GuardedMark {
  /** The last price that is sure; undefined before the first. */
  mark?: Big
  price: number
  /** A price between these is no jump. */
  low: number
  high: number
  /** Changes of the mark so far, and their mean size as a share of one, the recent ones counting most. */
  moves: number
  meanMove: number
  doubt?: Doubt
  /** A last price that the quote has denied: said again, it is no news. */
  denied?: Big
}

/** A doubt waits for a second print for so many milliseconds at most. */
export const patienceMs = 500

/**
 * The move from one print to the next that counts as a jump where little is known of a symbol: from where on the
 * exchanges look whether a trade in regular hours was clearly erroneous (NYSE Rule 7.10, numerical guidelines).
 */
const guidelineOf = (price: number) => (price <= 25 ? 0.1 : price <= 50 ? 0.05 : 0.03)
/** With so many moves seen, a symbol has a measure of its own: this many times its mean move… */
const enoughMoves = 20
const timesMean = 12
/** …within these shares of the guideline: twice as much is the guideline of early and late hours. */
const within = { least: 1 / 3, most: 2 }
/** The weight of the newest move in the mean. */
const newest = 0.05
/**
 * A trade may have met a quote that was a moment older than the one beside it. Half a spread outside is as far as a quote
 * moves without a change of level; where the spread is nothing, five basis points.
 */
const outside = { spreads: 0.5, share: 0.0005 }

const unknown: GuardedMark = { price: Number.NaN, low: Number.NaN, high: Number.NaN, moves: 0, meanMove: 0 }

/** A state that knows no mark, only about where the price has to be (dollars): what is far from there is doubted. */
export function expecting(price: Big): GuardedMark {
  return around(undefined, toFloat(price), 0, 0, undefined)
}

/** Nobody waits any more: the source has nothing fresh to say. The mark stays what it was. */
export function withoutDoubt(state: GuardedMark): GuardedMark {
  return { ...state, doubt: undefined }
}

/**
 * What a print makes of the mark. It is taken at once when its last price lies within its own quote and is no jump. Else
 * it is in doubt until a second print agrees, or its quote moves along; a print that fits the old mark ends the doubt, and
 * at `doubt.until` the quote decides: the mark follows a quote that has left it, and stays where the quote still allows
 * it. A print that is merely said again confirms nothing. `at` in milliseconds of a clock that never jumps.
 */
export function seePrint(before: GuardedMark | undefined, print: Print, at: number): GuardedMark {
  const state = before ?? unknown
  const price = toFloat(print.last)
  const isInside = liesInside(print)
  if (isInside && isNear(state, price)) return sure(state, print.last, price)
  if (state.denied?.eq(print.last)) {
    const quoted = clamped(state.mark ?? print.last, print)
    if (isNear(state, toFloat(quoted))) return sure(state, quoted, toFloat(quoted), print.last)
    return doubted(state, print, quoted, at)
  }
  // Of the first price of all there is nothing else to ask.
  if (Number.isNaN(state.low) && !state.doubt && isInside && isQuoted(print)) return sure(state, print.last, price)
  return doubted(state, print, print.last, at)
}

function doubted(state: GuardedMark, print: Print, price: Big, at: number): GuardedMark {
  const { doubt } = state
  const anew = (of: GuardedMark, until = at + patienceMs) => ({ ...of, doubt: { print, price, until } })
  if (!doubt) return anew(state)
  const agreed = agreement(state, doubt, print, price)
  if (agreed) {
    const next = sure(state, agreed, toFloat(agreed))
    if (price.eq(agreed)) return next
    return isNear(next, toFloat(price)) ? sure(next, price, toFloat(price)) : anew(next)
  }
  if (contradicts(state, doubt, price)) return anew(state)
  if (at >= doubt.until) return decided(state, print)
  return isSame(doubt.print, print) ? state : anew(state, doubt.until)
}

/** The price that two prints in a row both got to; undefined when the second does not confirm the first. */
function agreement({ mark, moves, meanMove }: GuardedMark, doubt: Doubt, print: Print, price: Big): Big | undefined {
  if (isSame(doubt.print, print)) return undefined
  if (price.eq(doubt.price)) {
    const hasMoved = mark && !allows(print, mark) && liesInside(print) && isQuoted(print)
    return hasMoved ? price : undefined
  }
  const [first, second] = [toFloat(doubt.price), toFloat(price)]
  const areClose = Math.abs(second - first) < first * limitOf(first, moves, meanMove)
  if (!mark) return areClose ? price : undefined
  const side = sideOf(mark, price)
  if (side === 0 || side !== sideOf(mark, doubt.price)) return undefined
  const isFurther = sideOf(doubt.price, price) === side
  if (isFurther) return doubt.price
  return areClose ? price : undefined
}

/** Does a print say something else than the doubted one, so that neither counts? */
function contradicts({ mark }: GuardedMark, doubt: Doubt, price: Big): boolean {
  if (!mark) return !price.eq(doubt.price)
  return sideOf(mark, price) !== sideOf(mark, doubt.price)
}

/** Nobody came: the quote of now has the last word. */
function decided(state: GuardedMark, print: Print): GuardedMark {
  const { mark } = state
  if (liesInside(print) && !(mark && allows(print, mark))) return sure(state, print.last, toFloat(print.last))
  const quoted = clamped(mark ?? print.last, print)
  return sure(state, quoted, toFloat(quoted), print.last)
}

function sure(state: GuardedMark, mark: Big, price: number, denied?: Big): GuardedMark {
  let { moves, meanMove } = state
  const move = state.mark ? Math.abs(price / state.price - 1) : 0
  if (move > 0) {
    // A jump that was true does not make the next one ordinary.
    const counted = Math.min(move, limitOf(state.price, moves, meanMove))
    moves += 1
    meanMove += (counted - meanMove) * Math.max(newest, 1 / moves)
  } else if (state.mark && !state.doubt && !denied && !state.denied) return state
  return around(mark, price, moves, meanMove, denied)
}

function around(
  mark: Big | undefined,
  price: number,
  moves: number,
  meanMove: number,
  denied: Big | undefined,
): GuardedMark {
  const reach = price * limitOf(price, moves, meanMove)
  return { mark, price, low: price - reach, high: price + reach, moves, meanMove, doubt: undefined, denied }
}

/** The share of a price that a move must reach to be a jump. */
function limitOf(price: number, moves: number, meanMove: number): number {
  const share = guidelineOf(price)
  if (moves < enoughMoves) return share
  return Math.min(share * within.most, Math.max(share * within.least, meanMove * timesMean))
}

const isNear = ({ low, high }: GuardedMark, price: number) => price > low && price < high

const isQuoted = ({ bid, ask, isAssumed }: Print) => !isAssumed && bid.lt(ask)

const allows = ({ bid, ask }: Print, price: Big) => price.gte(bid) && price.lte(ask)

const sideOf = (from: Big, price: Big) => price.cmp(from)

/** The price of a quote that is nearest to another one. */
const clamped = (price: Big, { bid, ask }: Print) => (price.lt(bid) ? bid : least(price, ask))

const isSame = (one: Print, other: Print) => one.last.eq(other.last) && one.bid.eq(other.bid) && one.ask.eq(other.ask)

function liesInside(print: Print): boolean {
  if (allows(print, print.last)) return true
  const [bid, ask, last] = [toFloat(print.bid), toFloat(print.ask), toFloat(print.last)]
  const slack = Math.max((ask - bid) * outside.spreads, last * outside.share)
  return last >= bid - slack && last <= ask + slack
}
