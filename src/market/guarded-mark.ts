import { type Big, least, toFloat } from '../base/amounts.ts'

/** The prices of a symbol at a moment, in dollars. */
export interface Print {
  bid: Big
  ask: Big
  last: Big
  /** Bid and ask are computed from the last price, so they do not confirm it. */
  isAssumed?: boolean
}

/** A price that is not confirmed yet. */
export interface Doubt {
  print: Print
  /** The mark if the print is confirmed. */
  price: Big
  /** Milliseconds; at this time the current quote decides. */
  until: number
}

/** The state of a symbol's guard. The floats only decide on doubts; the mark is one of the market's own decimals. */
export interface GuardedMark {
  /** The last confirmed price; undefined before the first. */
  mark?: Big
  price: number
  /** A price between these is no jump. */
  low: number
  high: number
  /** The number of changes of the mark, and their mean size as a ratio, with more weight on recent ones. */
  moves: number
  meanMove: number
  doubt?: Doubt
  /** A last price that the quote has denied: a repetition of it is no news. */
  denied?: Big
}

/** The longest wait for a second print, in milliseconds. */
export const patienceMs = 500

/**
 * The move between two prints that counts as a jump while little is known of a symbol. From this size on, exchanges examine
 * whether a trade in regular hours was clearly erroneous (NYSE Rule 7.10, numerical guidelines).
 */
const guidelineOf = (price: number) => (price <= 25 ? 0.1 : price <= 50 ? 0.05 : 0.03)
/** After this many moves a symbol has a limit of its own: this many times its mean move… */
const enoughMoves = 20
const timesMean = 12
/** …bounded by these multiples of the guideline; twice the guideline is the one for early and late hours. */
const within = { least: 1 / 3, most: 2 }
/** The weight of the newest move in the mean. */
const newest = 0.05
/**
 * A trade may belong to a quote that is a moment older than the one beside it. Within half a spread of the quote it still
 * counts as inside; with a zero spread, within five basis points.
 */
const outside = { spreads: 0.5, share: 0.0005 }

const unknown: GuardedMark = { price: Number.NaN, low: Number.NaN, high: Number.NaN, moves: 0, meanMove: 0 }

/** A state without a mark, with an expected price in dollars: a print far from it is in doubt. */
export function expecting(price: Big): GuardedMark {
  return around(undefined, toFloat(price), 0, 0, undefined)
}

/** The state without its doubt, for when the source has no fresh quote. The mark stays. */
export function withoutDoubt(state: GuardedMark): GuardedMark {
  return { ...state, doubt: undefined }
}

/**
 * Updates the mark with a print. The print is taken at once when its last price lies within its own quote and is no jump.
 * Otherwise it is in doubt until a second print agrees, or until its quote moves along. A print that fits the old mark ends
 * the doubt. At `doubt.until` the current quote decides: the mark moves when it lies outside that quote, and stays when it
 * lies inside. A mere repetition of a print confirms nothing. `at` is in milliseconds of a monotonic clock.
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
  // A first price inside its own quote is taken: nothing else can confirm it.
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

/** The price that two prints in a row confirm; undefined when the second does not confirm the first. */
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

/** Does a print contradict the one in doubt, so that neither counts? */
function contradicts({ mark }: GuardedMark, doubt: Doubt, price: Big): boolean {
  if (!mark) return !price.eq(doubt.price)
  return sideOf(mark, price) !== sideOf(mark, doubt.price)
}

/** The wait is over without a confirmation: the current quote decides. */
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
    // A real jump must not make the next one look normal.
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

/** The size of a jump: a move of at least this ratio. */
function limitOf(price: number, moves: number, meanMove: number): number {
  const share = guidelineOf(price)
  if (moves < enoughMoves) return share
  return Math.min(share * within.most, Math.max(share * within.least, meanMove * timesMean))
}

const isNear = ({ low, high }: GuardedMark, price: number) => price > low && price < high

const isQuoted = ({ bid, ask, isAssumed }: Print) => !isAssumed && bid.lt(ask)

const allows = ({ bid, ask }: Print, price: Big) => price.gte(bid) && price.lte(ask)

const sideOf = (from: Big, price: Big) => price.cmp(from)

/** The price within a quote that is nearest to another price. */
const clamped = (price: Big, { bid, ask }: Print) => (price.lt(bid) ? bid : least(price, ask))

const isSame = (one: Print, other: Print) => one.last.eq(other.last) && one.bid.eq(other.bid) && one.ask.eq(other.ask)

function liesInside(print: Print): boolean {
  if (allows(print, print.last)) return true
  const [bid, ask, last] = [toFloat(print.bid), toFloat(print.ask), toFloat(print.last)]
  const slack = Math.max((ask - bid) * outside.spreads, last * outside.share)
  return last >= bid - slack && last <= ask + slack
}
