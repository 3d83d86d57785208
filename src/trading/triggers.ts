import type { Big } from './amounts.ts'
import { isTighter, trailedStop } from './protection.ts'
import type { Thresholds } from './thresholds.ts'

/** A working stop or target. */
export interface WatchedLevel {
  id: number
  /** Dollars a unit. */
  price: Big
  /** A stop that follows the best price since it was set, keeping this share of one from it. */
  trail?: { share: Big; bestPrice: Big }
}

/** An open position and what protects it. */
export interface WatchedPosition {
  id: number
  signedQuantity: Big
  openCost: Big
  openedAt: Date
  stop?: WatchedLevel
  target?: WatchedLevel
}

/** Whether a line has been reported, and how often: it is reported again only after the price was away from it. */
export interface Line {
  /** The protective order that the line belongs to; another one begins anew. */
  order: number
  isFired: boolean
  times: number
}

/** What was seen of a position so far: plain data, kept in Postgres. */
export interface WatchState {
  /** Goes up with every change, so that an older state never replaces a newer one. */
  seq: number
  stop?: Line
  target?: Line
  /** The highest milestone that was passed, as a decimal share of one. */
  milestone?: string
  /** How often it was said that the position is open for long. */
  decays?: number
  /** Begin of the swing bar whose level was reported as broken, and of the bar at which the trend was reported to flip. */
  swing?: number
  flip?: number
  /** Is volatility, or correlation, over its limit and reported? */
  isVolatile?: boolean
  isCorrelated?: boolean
  /** Since when no price came, in milliseconds of the clock, where that was told. */
  unwatched?: number
}

export const unseen: WatchState = { seq: 0 }

/** An event that is due: its type, what it says beside the position and its price, and the key under which it is one. */
export type Fired =
  | {
      type: 'position.stop_approaching' | 'position.target_approaching'
      key: string
      details: { distance: string }
    }
  | { type: 'position.profit_milestone'; key: string; details: { milestone: string } }
  | { type: 'position.time_decay'; key: string; details: { hoursOpen: number } }
  | { type: 'position.thesis_invalidation'; key: string; details: { because: string; level?: string } }
  | {
      type: 'position.correlation_spike' | 'position.volatility_spike'
      key: string
      details: { value: string; limit: string }
    }
  | { type: 'watching.feed_silent' | 'watching.feed_back'; key: string; details: { since: string } }
  | {
      type: 'trading.stop_loss_triggered' | 'trading.take_profit_hit'
      key: string
      details: { level: string; protectiveOrderId: number }
    }

/** What came of a look: events that are due, and the state after; the same state where nothing changed. */
export interface Look {
  fired: Fired[]
  state: WatchState
}

/** A line that fired is armed again when the price is this many times as far away as where it fires. */
export const rearmFactor = 1.5

const isLong = (position: Pick<WatchedPosition, 'signedQuantity'>) => position.signedQuantity.gt(0)

/** The stop moved on behind a price that is better than all before; undefined when it stays. */
export function trailed(position: WatchedPosition, price: Big): WatchedLevel | undefined {
  const { stop, signedQuantity } = position
  if (!stop?.trail) return undefined
  const { share, bestPrice } = stop.trail
  if (isLong(position) ? price.lte(bestPrice) : price.gte(bestPrice)) return undefined
  const moved = trailedStop(signedQuantity, price, share)
  const kept = isTighter(signedQuantity, moved, stop.price) ? moved : stop.price
  return { id: stop.id, price: kept, trail: { share, bestPrice: price } }
}

/** The level that this price touches: the stop before the target. */
export function touched(position: WatchedPosition, price: Big): Fired | undefined {
  const { stop, target } = position
  if (stop && gapTo(position, 'stop', stop, price).lte(0)) return touch('trading.stop_loss_triggered', stop)
  if (target && gapTo(position, 'target', target, price).lte(0)) return touch('trading.take_profit_hit', target)
  return undefined
}

function touch(type: 'trading.stop_loss_triggered' | 'trading.take_profit_hit', level: WatchedLevel): Fired {
  return {
    type,
    key: `protective-${level.id}`,
    details: { level: level.price.toFixed(), protectiveOrderId: level.id },
  }
}

/** Dollars from the price to a level, not above zero once the level is touched. */
function gapTo(position: WatchedPosition, kind: 'stop' | 'target', level: WatchedLevel, price: Big): Big {
  return isUnder(position, kind) ? price.minus(level.price) : level.price.minus(price)
}

/** Does the level lie under the price as long as it is not touched? */
function isUnder(position: WatchedPosition, kind: 'stop' | 'target'): boolean {
  return isLong(position) === (kind === 'stop')
}

/**
 * What a price means for a position: a touched level, and nothing else then; or levels that come near, and the highest
 * milestone that was not passed before. Trail the stop (`trailed`) first.
 */
export function seePrice(position: WatchedPosition, price: Big, state: WatchState, thresholds: Thresholds): Look {
  const hit = touched(position, price)
  if (hit) return { fired: [hit], state }
  const fired: Fired[] = []
  const next = { ...state }
  let isChanged = false
  for (const kind of ['stop', 'target'] as const) {
    const look = approach(position, kind, price, state[kind], thresholds)
    if (look.fired) fired.push(look.fired)
    if (look.line === state[kind]) continue
    next[kind] = look.line
    isChanged = true
  }
  const milestone = passed(position, price, state, thresholds)
  if (milestone) {
    fired.push(milestone)
    next.milestone = milestone.details.milestone
    isChanged = true
  }
  return isChanged ? { fired, state: { ...next, seq: state.seq + 1 } } : { fired, state }
}

/**
 * The distance at which a level is near. A stop that trails is never further away than its share: for one that is set
 * tighter than twice the threshold, half the share is near.
 */
function nearness(kind: 'stop' | 'target', level: WatchedLevel, thresholds: Thresholds): Big {
  const half = level.trail?.share.div(2)
  return half?.lt(thresholds[kind]) ? half : thresholds[kind]
}

function approach(
  position: WatchedPosition,
  kind: 'stop' | 'target',
  price: Big,
  before: Line | undefined,
  thresholds: Thresholds,
): { line?: Line; fired?: Fired } {
  const level = position[kind]
  if (!level) return {}
  const line = before?.order === level.id ? before : { order: level.id, isFired: false, times: 0 }
  const gap = gapTo(position, kind, level, price)
  const near = nearness(kind, level, thresholds).times(price)
  if (line.isFired) {
    const isAway = gap.gt(near.times(rearmFactor))
    return { line: isAway ? { ...line, isFired: false } : line }
  }
  if (gap.gt(near)) return { line: before?.order === level.id ? before : undefined }
  const times = line.times + 1
  return {
    line: { order: level.id, isFired: true, times },
    fired: {
      type: kind === 'stop' ? 'position.stop_approaching' : 'position.target_approaching',
      key: `near-${level.id}-${times}`,
      details: { distance: gap.div(price).toFixed() },
    },
  }
}

function passed(position: WatchedPosition, price: Big, state: WatchState, { milestones }: Thresholds) {
  const { openCost, signedQuantity } = position
  const worth = signedQuantity.abs().times(price)
  const profit = isLong(position) ? worth.minus(openCost) : openCost.minus(worth)
  const highest = milestones.findLast((share) => profit.gte(share.times(openCost)))
  if (!highest || openCost.eq(0) || (state.milestone !== undefined && highest.lte(state.milestone))) return undefined
  const milestone = highest.toFixed()
  return {
    type: 'position.profit_milestone' as const,
    key: `milestone-${position.id}-${milestone}`,
    details: { milestone },
  }
}

/** The state in which the milestones that this price is past count as passed: a position that is recorded brought them along. */
export function alreadyPassed(
  position: WatchedPosition,
  price: Big,
  state: WatchState,
  thresholds: Thresholds,
): WatchState {
  const milestone = passed(position, price, state, thresholds)
  return milestone ? { ...state, seq: state.seq + 1, milestone: milestone.details.milestone } : state
}

/** Is the position open for longer than its hours, or a day longer than when that was said last? `hoursOpen` of the market's time. */
export function seeTime(
  position: Pick<WatchedPosition, 'id'>,
  hoursOpen: number,
  state: WatchState,
  { decayHours }: Thresholds,
): Look {
  const due = hoursOpen > decayHours ? Math.floor((hoursOpen - decayHours) / 24) + 1 : 0
  if (due <= (state.decays ?? 0)) return { fired: [], state }
  const key = `decay-${position.id}-${due}`
  return {
    fired: [{ type: 'position.time_decay', key, details: { hoursOpen: Math.floor(hoursOpen) } }],
    state: { ...state, seq: state.seq + 1, decays: due },
  }
}

/** Prices between which nothing can happen to a position, in floats for speed: what is outside is looked at exactly. */
export interface Quiet {
  low: number
  high: number
}

/** Floats differ from decimals by less than this share. */
const slack = 1e-9

/** The quiet prices around one that was just looked at. */
export function quietAround(position: WatchedPosition, price: Big, state: WatchState, thresholds: Thresholds): Quiet {
  const at = price.toNumber()
  let [low, high] = [0, Number.POSITIVE_INFINITY]
  const line = (value: number) => {
    if (value <= at * (1 + slack)) low = Math.max(low, value * (1 + slack))
    if (value >= at * (1 - slack)) high = Math.min(high, value * (1 - slack))
  }
  for (const kind of ['stop', 'target'] as const) {
    const level = position[kind]
    if (!level) continue
    const value = level.price.toNumber()
    const isFired = state[kind]?.order === level.id && state[kind]?.isFired
    const near = nearness(kind, level, thresholds).toNumber() * (isFired ? rearmFactor : 1)
    line(value)
    if (!isUnder(position, kind)) line(value / (1 + near))
    else if (near < 1) line(value / (1 - near))
    if (level.trail) line(level.trail.bestPrice.toNumber())
  }
  const milestone = thresholds.milestones.find((share) => state.milestone === undefined || share.gt(state.milestone))
  const entry = position.openCost.div(position.signedQuantity.abs()).toNumber()
  if (milestone) line(entry * (1 + (isLong(position) ? 1 : -1) * milestone.toNumber()))
  return { low, high }
}
