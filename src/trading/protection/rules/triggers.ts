import { type Big, compare, toFloat, zero } from '../../../base/amounts.ts'
import type { Thresholds } from '../../accounts/rules/thresholds.ts'
import { isTighter, stopOf } from './protection.ts'
import { type LevelLines, linesOf, type MilestoneLine, sideOf, slack, type TriggerLines } from './trigger-lines.ts'
import type { WatchedLevel, WatchedPosition } from './watched-position.ts'

/** The state of a line. A fired line is reported again only after the price was away from it. */
export interface Line {
  /** The protective order of the line; another order starts anew. */
  order: number
  isFired: boolean
  times: number
}

/** The watch state of a position: plain data, kept in Postgres. */
export interface WatchState {
  /** Goes up with every change, so that an older state never replaces a newer one. */
  seq: number
  stop?: Line
  target?: Line
  /** The highest passed milestone, as a decimal share of one. */
  milestone?: string
  /** How often a long-open position was reported. */
  decays?: number
  /** The start of the swing bar whose broken level was reported, and of the bar whose trend flip was reported. */
  swing?: number
  flip?: number
  /** Is volatility, or correlation, over its limit and reported? */
  isVolatile?: boolean
  isCorrelated?: boolean
  /** The start of a reported gap in prices, in milliseconds of the clock. */
  unwatched?: number
}

export const unseen: WatchState = { seq: 0 }

/** A due event: its type, its dedupe key, and its data beside the position and the price. */
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
      type: 'watching.weak_touch'
      key: string
      details: { what: 'stop' | 'target' | 'day loss'; because: string; level?: string }
    }
  | { type: 'watching.sources_disagree'; key: string; details: { because: string } }
  | {
      type: 'trading.stop_loss_triggered' | 'trading.take_profit_hit'
      key: string
      details: { level: string; protectiveOrderId: number }
    }
  | {
      type: 'trading.part_stop_hit' | 'trading.part_target_hit'
      key: string
      details: { level: string; quantity: string; partLevelId: number }
    }

/** The result of a look: due events, and the state afterwards; the same object when nothing changed. */
export interface Look {
  fired: Fired[]
  state: WatchState
}

const isLong = (position: Pick<WatchedPosition, 'signedQuantity'>) => compare(position.signedQuantity, zero) > 0

/** The trailing stop moved on by a new best price; undefined when it stays. */
export function trailed(position: WatchedPosition, price: Big): WatchedLevel | undefined {
  const { stop, signedQuantity } = position
  if (!stop?.trail) return undefined
  const { bestPrice } = stop.trail
  if (isLong(position) ? compare(price, bestPrice) <= 0 : compare(price, bestPrice) >= 0) return undefined
  const trail = { ...stop.trail, bestPrice: price }
  const moved = stopOf(signedQuantity, trail)
  const kept = isTighter(signedQuantity, moved, stop.price) ? moved : stop.price
  return { id: stop.id, price: kept, trail }
}

/** The level that this price touches; the stop goes before the target. */
function touched(position: WatchedPosition, lines: TriggerLines, price: Big, float: number): Fired | undefined {
  const { stop, target, isProtectedAtVenue } = position
  if (isProtectedAtVenue) return undefined
  if (stop && lines.stop && isAt(lines.stop, price, float)) return touch('trading.stop_loss_triggered', stop)
  if (target && lines.target && isAt(lines.target, price, float)) return touch('trading.take_profit_hit', target)
  return undefined
}

/** Is the price at a level, or past it? */
function isAt({ isUnder, at }: Pick<LevelLines, 'isUnder' | 'at'>, price: Big, float: number): boolean {
  const side = sideOf(price, float, at)
  return isUnder ? side <= 0 : side >= 0
}

function touch(type: 'trading.stop_loss_triggered' | 'trading.take_profit_hit', level: WatchedLevel): Fired {
  return {
    type,
    key: `protective-${level.id}`,
    details: { level: level.price.toFixed(), protectiveOrderId: level.id },
  }
}

/** The levels of parts that this price touches. */
function touchedParts({ parts }: TriggerLines, price: Big, float: number): Fired[] {
  return parts
    .filter((line) => isAt(line, price, float))
    .map(({ level }) => ({
      type: level.kind === 'stop' ? 'trading.part_stop_hit' : 'trading.part_target_hit',
      key: `part-level-${level.id}`,
      details: { level: level.price.toFixed(), quantity: level.quantity.toFixed(), partLevelId: level.id },
    }))
}

/**
 * The events that a price causes for a position: a touched level alone, or else touched levels of parts, approached levels and
 * the highest newly passed milestone. Move the trailing stop (`trailed`) first.
 */
export function seePrice(position: WatchedPosition, price: Big, state: WatchState, thresholds: Thresholds): Look {
  const lines = linesOf(position, thresholds)
  const float = floatOf(price)
  const hit = touched(position, lines, price, float)
  if (hit) return { fired: [hit], state }
  const parts = touchedParts(lines, price, float)
  const stop = approach(position.stop, 'stop', lines.stop, price, float, state.stop)
  const target = approach(position.target, 'target', lines.target, price, float, state.target)
  const milestone = passed(position, lines, price, float, state)
  if (stop.line === state.stop && target.line === state.target && !milestone) return { fired: parts, state }
  const next = { ...state, seq: state.seq + 1, stop: stop.line, target: target.line }
  if (milestone) next.milestone = milestone.details.milestone
  const others = [stop.fired, target.fired, milestone].filter((one) => one !== undefined)
  return { fired: [...parts, ...others], state: next }
}

function approach(
  level: WatchedLevel | undefined,
  kind: 'stop' | 'target',
  lines: LevelLines | undefined,
  price: Big,
  float: number,
  before: Line | undefined,
): { line?: Line; fired?: Fired } {
  if (!level || !lines) return nothing
  const isSame = before?.order === level.id
  if (isSame && before.isFired) return { line: isAway(lines, price, float) ? { ...before, isFired: false } : before }
  if (!isNear(lines, price, float)) return { line: isSame ? before : undefined }
  const times = (isSame ? before.times : 0) + 1
  const gap = lines.isUnder ? price.minus(level.price) : level.price.minus(price)
  return {
    line: { order: level.id, isFired: true, times },
    fired: {
      type: kind === 'stop' ? 'position.stop_approaching' : 'position.target_approaching',
      key: `near-${level.id}-${times}`,
      details: { distance: gap.div(price).toFixed() },
    },
  }
}

const nothing = {}

function isNear({ isUnder, near }: LevelLines, price: Big, float: number): boolean {
  if (!near) return true
  const side = sideOf(price, float, near)
  return isUnder ? side <= 0 : side >= 0
}

function isAway({ isUnder, away }: LevelLines, price: Big, float: number): boolean {
  if (!away) return false
  const side = sideOf(price, float, away)
  return isUnder ? side > 0 : side < 0
}

function passed(
  position: WatchedPosition,
  { isLong, milestones }: TriggerLines,
  price: Big,
  float: number,
  state: WatchState,
) {
  let highest: MilestoneLine | undefined
  for (const line of milestones) {
    const side = sideOf(price, float, line)
    if (isLong ? side < 0 : side > 0) break
    highest = line
  }
  if (!highest || (state.milestone !== undefined && highest.share.lte(state.milestone))) return undefined
  const milestone = highest.share.toFixed()
  return {
    type: 'position.profit_milestone' as const,
    key: `milestone-${position.id}-${milestone}`,
    details: { milestone },
  }
}

/** The state in which the milestones below this price count as passed, because a recorded position brought them along. */
export function alreadyPassed(
  position: WatchedPosition,
  price: Big,
  state: WatchState,
  thresholds: Thresholds,
): WatchState {
  const milestone = passed(position, linesOf(position, thresholds), price, floatOf(price), state)
  return milestone ? { ...state, seq: state.seq + 1, milestone: milestone.details.milestone } : state
}

/**
 * Has the position been open longer than its decay hours, or a day longer than at the last report? `hoursOpen` counts hours of
 * the market's time.
 */
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

/** Prices between which nothing can happen to a position. Floats for speed; a price outside is checked exactly. */
export interface Quiet {
  low: number
  high: number
}

/** The quiet range around a price that was just looked at. */
export function quietAround(position: WatchedPosition, price: Big, state: WatchState, thresholds: Thresholds): Quiet {
  const { stop, target, parts, milestones } = linesOf(position, thresholds)
  const quiet = { low: 0, high: Number.POSITIVE_INFINITY }
  const at = floatOf(price)
  if (stop) narrowBy(quiet, at, stop, state.stop, position.stop)
  if (target) narrowBy(quiet, at, target, state.target, position.target)
  for (const line of parts) narrow(quiet, at, line.at.float)
  for (const { share, float } of milestones) {
    if (state.milestone !== undefined && share.lte(state.milestone)) continue
    narrow(quiet, at, float)
    break
  }
  return quiet
}

function narrowBy(quiet: Quiet, at: number, lines: LevelLines, before?: Line, level?: WatchedLevel): void {
  narrow(quiet, at, lines.at.float)
  const line = before?.isFired && before.order === level?.id ? lines.away : lines.near
  if (line) narrow(quiet, at, line.float)
  if (lines.best !== undefined) narrow(quiet, at, lines.best)
}

function narrow(quiet: Quiet, at: number, line: number): void {
  if (line <= at * (1 + slack)) quiet.low = Math.max(quiet.low, line * (1 + slack))
  if (line >= at * (1 - slack)) quiet.high = Math.min(quiet.high, line * (1 - slack))
}

/** Caches the last float, since one price is looked at for many positions in a row. */
let lastPrice: Big | undefined
let lastFloat = 0

function floatOf(price: Big): number {
  if (price !== lastPrice) {
    lastPrice = price
    lastFloat = toFloat(price)
  }
  return lastFloat
}
