import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { DeskEvent } from '../events/rules/desk-event.ts'
import type { QueuedNotice } from '../notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockOpenPosition, type Position } from '../positions/rows/positions.ts'
import { keepUndoable, keptLevel, type NewUndoable } from '../positions/rows/undoables.ts'
import { positionText } from '../positions/rules/describe.ts'
import { averageEntryPrice } from '../positions/rules/position.ts'
import { noPosition } from '../scaleouts/begin.ts'
import { noPrice } from '../scaleouts/chunk.ts'
import { aboutOrder, wasSet } from './protection-event.ts'
import {
  cancelProtectiveOrder,
  type Level,
  lockProtection,
  type Protection,
  type ProtectionKind,
  type ProtectiveOrder,
  setProtectiveOrder,
  touchedLevel,
} from './rows/protective-orders.ts'
import {
  isAhead,
  isTighter,
  priceAtReturn,
  shareOf,
  stopOf,
  type Trail,
  toGrain,
  trailLimits,
} from './rules/protection.ts'

/** A wanted level. Its price in dollars depends on the position and the market price. */
export type WantedLevel = { kind: ProtectionKind } & (
  | { at: 'price'; price: Big }
  /** Return on the average entry price, as a share of one: a stop at -0.05 loses 5%. */
  | { at: 'return'; share: Big }
  /** The average entry price. */
  | { at: 'entry' }
  /** The distance of a trailing stop from the best price from now on, as a share of one. */
  | { at: 'trail'; share: Big }
  /** The same distance in dollars a unit. */
  | { at: 'trail'; dollars: Big }
)

/** A request to set levels. */
export interface Protect {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  levels: WantedLevel[]
  /** Refuse a stop that is not tighter than the working one. */
  onlyTighter?: boolean
}

/** The position whose levels changed, and the notices for the member. */
export interface ProtectionResult {
  positionId: number
  told: QueuedNotice[]
}

/** A level that differs from the price by more than this factor is a typing mistake. */
const unreasonable = 10

/**
 * Sets the stop, the target, or both, of an open position, for exactly the open quantity: all given levels or none. It refuses
 * a level that the price has passed already, naming both numbers, and refuses every level while the price is not fresh.
 */
export async function protectPosition(parts: Parts, wanted: Protect): Promise<ProtectionResult | Refusal> {
  const quote = await marksOf(parts.market).quote(wanted.symbol)
  const result = await parts.db.transaction().execute(async (trx) => {
    const position = await lockOpenPosition(trx, wanted.accountId, wanted.symbol)
    if (!position) return noPosition(wanted.symbol)
    const unusable = noPrice(quote)
    if (unusable) return noFreshPrice(wanted.symbol, unusable)
    const touched = await touchedLevel(trx, position.id)
    if (touched) return beingClosed(wanted, touched)
    const before = await lockProtection(trx, position.id)
    const levels: Level[] = []
    for (const one of wanted.levels) {
      const level = levelOf(position, one, quote!)
      const wrong =
        (level.trail && outOfRange(level.trail, quote!)) ??
        reasonAgainstLevel(position, level, quote!) ??
        (wanted.onlyTighter && looser(position, level, before))
      if (wrong) return wrong
      levels.push({ ...level, memberId: wanted.memberId, conversationId: wanted.conversationId })
    }
    const at = parts.clock.now()
    const after: Protection = { ...before }
    const watching: number[] = []
    for (const level of levels) {
      const order = await setProtectiveOrder(trx, position, level, at)
      watching.push(...(await appendEvent(trx, parts, wasSet(order, before[level.kind], at))))
      after[level.kind] = order
    }
    const kinds = levels.map(({ kind }) => kind)
    const name = `${kinds.map((kind) => `${kind} ${priceText(after[kind]!.price)}`).join(' and ')} of ${positionText(position)}`
    await keepUndoable(trx, undoableOf(wanted, position, kinds, before, after, name, at))
    const to = { conversationId: wanted.conversationId, accountId: wanted.accountId, at }
    const notice = { kind: 'protection.set' as const, kinds, position, quote: quote!, protection: after, before }
    return { positionId: position.id, told: [await queueNotice(trx, parts, to, notice, 'door')], watching }
  })
  if (result instanceof Refusal) return result
  await wakeReplies(parts, result.watching)
  return result
}

/** The part of a position's protection that a member names: one level, the trailing stop, or all of it. */
export type Protecting = ProtectionKind | 'trail' | 'bracket'

/** A request to remove protection. */
export interface Unprotect {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  kind: Protecting
}

/** Removes protection from an open position. */
export async function unprotectPosition(parts: Parts, wanted: Unprotect): Promise<ProtectionResult | Refusal> {
  const kinds: ProtectionKind[] =
    wanted.kind === 'bracket' ? ['stop', 'target'] : [wanted.kind === 'target' ? 'target' : 'stop']
  const at = parts.clock.now()
  const result = await parts.db.transaction().execute(async (trx) => {
    const position = await lockOpenPosition(trx, wanted.accountId, wanted.symbol)
    if (!position) return noPosition(wanted.symbol)
    const before = await lockProtection(trx, position.id)
    const orders = kinds.flatMap((kind) => before[kind] ?? []).filter(({ trail }) => wanted.kind !== 'trail' || trail)
    if (orders.length === 0) return notProtected(wanted.symbol, wanted.kind)
    const after: Protection = { ...before }
    const watching: number[] = []
    for (const order of orders) {
      await cancelProtectiveOrder(trx, order, 'taken back', at)
      after[order.kind] = undefined
      watching.push(...(await appendEvent(trx, parts, wasTakenBack(order, wanted, at))))
    }
    const what = orders.map(({ kind, price }) => `${kind} ${priceText(price)}`).join(' and ')
    const name = `taking the ${what} of ${positionText(position)} away`
    const gone = orders.map(({ kind }) => kind)
    await keepUndoable(trx, undoableOf(wanted, position, gone, before, after, name, at))
    const to = { conversationId: wanted.conversationId, accountId: wanted.accountId, at }
    const notice = { kind: 'protection.removed' as const, position, ended: orders }
    return { positionId: position.id, told: [await queueNotice(trx, parts, to, notice, 'door')], watching }
  })
  if (result instanceof Refusal) return result
  await wakeReplies(parts, result.watching)
  return result
}

/** The state needed to undo a change of levels. */
function undoableOf(
  { accountId, memberId, conversationId, symbol }: Protect | Unprotect,
  { id: positionId }: Position,
  kinds: ProtectionKind[],
  before: Protection,
  after: Protection,
  what: string,
  at: Date,
): NewUndoable {
  const levels = kinds.map((kind) => ({
    kind,
    isNow: after[kind]?.id ?? null,
    was: before[kind] && keptLevel(before[kind]),
  }))
  return { kind: 'levels', accountId, memberId, conversationId, symbol, what, at, state: { positionId, levels } }
}

/**
 * The refusal of a level that makes no sense for a position at this price; undefined when it does. Setting the level computes
 * its final price.
 */
export function reasonAgainst(position: Position, wanted: WantedLevel, quote: Quote): Refusal | undefined {
  return reasonAgainstLevel(position, levelOf(position, wanted, quote), quote)
}

/** A wanted level in dollars, at this price. */
function levelOf(position: Position, wanted: WantedLevel, quote: Quote): Pick<Level, 'kind' | 'price' | 'trail'> {
  const { kind } = wanted
  switch (wanted.at) {
    case 'price':
      return { kind, price: wanted.price }
    case 'return':
      return { kind, price: priceAtReturn(position, wanted.share) }
    case 'entry':
      return { kind, price: toGrain(averageEntryPrice(position)) }
    case 'trail': {
      const distance =
        'share' in wanted ? { share: wanted.share } : { share: wanted.dollars.div(quote.last), dollars: wanted.dollars }
      const trail = { ...distance, bestPrice: quote.last }
      return { kind, price: stopOf(position.signedQuantity, trail), trail }
    }
  }
}

function reasonAgainstLevel(
  position: Position,
  { kind, price }: Pick<Level, 'kind' | 'price'>,
  quote: Quote,
): Refusal | undefined {
  const { symbol, signedQuantity } = position
  const isLong = signedQuantity.gt(0)
  const again = { askAgain: true }
  if (price.lte(0)) {
    return new Refusal(
      'LEVEL_NOT_POSITIVE',
      `That is a ${kind} at less than nothing: the price cannot get there. Nothing was done.`,
      'Use less than 100%',
      again,
    )
  }
  // A close would trade at this side of the quote. A level between it and the last price would be touched at once.
  const closing = isLong ? quote.bid : quote.ask
  const passed = [quote.last, closing].find((now) => !isAhead(kind, signedQuantity, price, now))
  if (passed) {
    const side = isLong === (kind === 'stop') ? 'below' : 'above'
    const direction = isLong ? 'long' : 'short'
    return new Refusal(
      kind === 'stop' ? 'STOP_WRONG_SIDE' : 'TARGET_WRONG_SIDE',
      `The ${kind} of a ${direction} position must be ${side} the price: ${priceText(price)} is not ${side} ${priceText(passed)}. Nothing was done.`,
      kind === 'stop'
        ? `\`trail ${symbol} 5%\` keeps 5% from the price; \`close ${symbol}\` is out now`
        : `A price ${side} ${priceText(quote.last)}, or \`close ${symbol}\` to take what there is now`,
      again,
    )
  }
  if (price.gt(quote.last.times(unreasonable)) || price.times(unreasonable).lt(quote.last)) {
    return new Refusal(
      'LEVEL_UNREASONABLE',
      `A ${kind} at ${priceText(price)} is more than ${unreasonable} times away from the price, ${priceText(quote.last)}. Nothing was done.`,
      'Check the decimal point; a percentage needs its %',
      again,
    )
  }
  return undefined
}

function outOfRange(trail: Trail, { symbol, last }: Quote): Refusal | undefined {
  const share = shareOf(trail)
  if (!trail.dollars || (share.gte(trailLimits.least) && share.lte(trailLimits.most))) return undefined
  const [least, most] = [trailLimits.least, trailLimits.most].map((limit) => priceText(last.times(limit)))
  const sentence = `A stop trails by 0.1% to 50% of the price, for ${symbol} at ${priceText(last)} by ${least} to ${most}; ${priceText(trail.dollars)} is not between them. Nothing was done.`
  return new Refusal('TRAIL_OUT_OF_RANGE', sentence, `Such as \`trail ${symbol} 4%\``, { askAgain: true })
}

function looser(position: Position, level: Pick<Level, 'kind' | 'price'>, before: Protection): Refusal | undefined {
  const now = before[level.kind]
  if (level.kind !== 'stop' || !now || isTighter(position.signedQuantity, level.price, now.price)) return undefined
  return new Refusal(
    'STOP_NOT_TIGHTER',
    `The stop of ${position.symbol} at ${priceText(now.price)} saves as much as one at ${priceText(level.price)}, or more. Nothing was done.`,
    `\`stop ${position.symbol} ${level.price.toFixed()}\` ${now.trail ? 'asks, and sets' : 'sets'} it there all the same`,
  )
}

/** One touch closes a position once: no further level joins in. */
function beingClosed({ symbol, levels }: Protect, touched: ProtectionKind): Refusal {
  const kinds = levels.map(({ kind }) => kind).join(' and ')
  return new Refusal(
    'POSITION_BUSY',
    `${symbol} is being closed: its ${touched} was touched. No ${kinds} was set.`,
    `\`positions\` shows what is left, \`close ${symbol}\` tries at once`,
  )
}

/** The refusal of a level when there is no fresh price to check it against. */
export function noFreshPrice(symbol: string, why: string): Refusal {
  return new Refusal(
    'NO_FRESH_PRICE',
    `A level for ${symbol} cannot be checked against the market now: ${why}. Nothing was set.`,
    'Try again when the price is fresh',
  )
}

function notProtected(symbol: string, kind: Protecting): Refusal {
  const what = kind === 'trail' ? 'trailing stop' : kind === 'bracket' ? 'stop and no target' : kind
  return new Refusal('NOT_PROTECTED', `${symbol} has no ${what}. Nothing was done.`, '`positions` shows what there is')
}

function wasTakenBack(order: ProtectiveOrder, { memberId, conversationId }: Unprotect, at: Date): DeskEvent {
  return {
    type: 'protection_cancelled',
    data: { kind: order.kind, price: order.price.toFixed(), because: 'taken back' },
    ...aboutOrder(order),
    memberId,
    conversationId,
    at,
    dedupeKey: `protective-order-${order.id}-ended`,
  }
}
