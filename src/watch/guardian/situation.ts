import { Big } from '../../base/amounts.ts'
import { type BarStats, barStats } from '../../market/indicators/bar-stats.ts'
import type { Bar } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Place } from '../../talk/chat/place.ts'
import { lastEventsOfPosition } from '../../trading/events/rows/events.ts'
import { isReadable } from '../../trading/events/rules/stored-event.ts'
import type { WatchEvent } from '../../trading/events/rules/watch-event.ts'
import { stepOf } from '../../trading/orders/traded.ts'
import type { Parts } from '../../trading/parts.ts'
import { availableQuantity, type Position, toPosition } from '../../trading/positions/rows/positions.ts'
import { unrealizedReturn } from '../../trading/positions/rules/position.ts'
import { type Protection, protectionOf } from '../../trading/protection/rows/protective-orders.ts'
import { shareOf } from '../../trading/protection/rules/protection.ts'
import { type ForecastRange, judgedDays } from '../forecast-range.ts'
import type { WatchParts } from '../parts.ts'
import type { HeldPosition } from './check.ts'
import { type GuardedEvent, guardedEvents, type JudgedPosition } from './guardian-rules.ts'
import type { Model } from './model.ts'

/** An event to judge, with the present state of its position. */
export interface Situation {
  event: { id: number; urgency: string; at: Date } & Extract<WatchEvent, { type: GuardedEvent }>
  memberId: number
  /** The thread that opened the position. */
  conversationId: number
  /** The place of that thread. */
  place: Place
  memberName: string
  position: Position
  instrumentName: string
  protection: Protection
  /** The quote, if it is fresh. */
  quote?: { bid: Big; ask: Big; last: Big; source: string; at: Date }
  excursion: { bestReturn?: Big; worstReturn?: Big }
  bars: { minutes: number; bars: Bar[]; stats: BarStats } | undefined
  history: { at: Date; text: string }[]
  /** The range of the next days, without a direction; absent where nothing is forecast. */
  expected?: ForecastRange
  judged: JudgedPosition
  held: HeldPosition
}

/** The lengths of bars to try, in minutes. The first length with enough bars is used. */
const barLengths = [5, 15, 60, 1440, 1]
const barCount = 48
const historyCount = 30
const hourMs = 3_600_000

/** The error for an event with unreadable data. */
export class UnreadableEvent extends Error {
  override name = 'UnreadableEvent'
  readonly event: { id: number; type: string; conversationId: number; accountId: number; positionId: number }

  constructor(event: UnreadableEvent['event']) {
    super(`event ${event.id} cannot be read`)
    this.event = event
  }
}

/**
 * Reads the situation of an event. Undefined when there is nothing to judge: another type of event, a closed position, or
 * nobody to ask. Throws `UnreadableEvent`.
 */
export async function situationOf(
  parts: Pick<WatchParts, 'db' | 'market' | 'clock' | 'log' | 'wording' | 'forecastRange'> & { model?: Model },
  eventId: number,
): Promise<Situation | undefined> {
  const { db, market, clock } = parts
  const row = await db
    .selectFrom('desk_events as e')
    .innerJoin('positions as p', 'p.id', 'e.position_id')
    .innerJoin('conversations as c', (join) =>
      join.on('c.id', '=', (eb) => eb.fn.coalesce('p.conversation_id', 'e.conversation_id')),
    )
    .innerJoin('members as m', 'm.id', 'e.member_id')
    .leftJoin('position_watch as w', 'w.position_id', 'p.id')
    .selectAll('p')
    .select(['e.type', 'e.urgency', 'e.data', 'e.at', 'c.id as thread', 'c.place', 'm.id as member', 'm.name'])
    .select(['w.best_return', 'w.worst_return'])
    .where('e.id', '=', eventId)
    .where('p.closed_at', 'is', null)
    .executeTakeFirst()
  const type = guardedEvents.find((one) => one === row?.type)
  if (!row || !type) return undefined
  const position = toPosition(row)
  const watch = { type, data: row.data } as Extract<WatchEvent, { type: GuardedEvent }>
  if (!isReadable({ ...watch, symbol: row.symbol })) {
    throw new UnreadableEvent({
      id: eventId,
      type,
      conversationId: row.thread,
      accountId: position.accountId,
      positionId: position.id,
    })
  }
  const [protection, present, bars, past, expected] = await Promise.all([
    protectionOf(db, position.id),
    marksOf(market).quote(position.symbol),
    recentBars(parts, position.symbol),
    // Only a model uses the history.
    parts.model ? lastEventsOfPosition(db, position, historyCount) : [],
    // The rules go by the volatility of the bars, and a model gets the range, too.
    parts.model ? parts.forecastRange?.(position.symbol, judgedDays) : undefined,
  ])
  const { signedQuantity } = position
  const quote = present?.stale === undefined ? present : undefined
  const price = quote?.last ?? new Big(watch.data.price)
  const stop = protection.stop && {
    price: protection.stop.price,
    trail: protection.stop.trail && shareOf(protection.stop.trail),
    dollars: protection.stop.trail?.dollars,
  }
  const excursions = { bestReturn: decimal(row.best_return), worstReturn: decimal(row.worst_return) }
  return {
    event: { id: eventId, urgency: row.urgency, at: row.at, ...watch },
    memberId: row.member,
    conversationId: row.thread,
    place: row.place,
    memberName: row.name,
    position,
    instrumentName: market.instrument(position.symbol)?.name ?? position.symbol,
    protection,
    quote: quote && { bid: quote.bid, ask: quote.ask, last: quote.last, source: quote.source, at: quote.at },
    excursion: excursions,
    bars,
    expected,
    history: past.map((one) => ({ at: one.at, text: parts.wording({ kind: 'event.listed', event: one }).text })),
    judged: {
      type,
      signedQuantity,
      price,
      stop,
      unrealizedReturn: unrealizedReturn(position, price),
      bestReturn: excursions.bestReturn,
      hoursOpen: Math.floor(((clock.now().getTime() - position.openedAt.getTime()) * clock.scale) / hourMs),
      trend: bars && trendOf(bars.stats, signedQuantity),
      volatility: bars?.stats.volatility,
    },
    held: {
      signedQuantity,
      available: availableQuantity(position),
      lot: stepOf(signedQuantity, market.instrument(position.symbol) ?? { lot: new Big(1) }),
      price,
      exitPrice: quote ? (signedQuantity.gt(0) ? quote.bid : quote.ask) : price,
      stop,
    },
  }
}

/** A move of less than one bar's volatility is no trend. */
function trendOf({ move, volatility }: BarStats, signedQuantity: Big): 'for' | 'against' | undefined {
  if (move.abs().lte(volatility)) return undefined
  return move.gt(0) === signedQuantity.gt(0) ? 'for' : 'against'
}

async function recentBars({ market, log }: Pick<Parts, 'market' | 'log'>, symbol: string): Promise<Situation['bars']> {
  try {
    for (const minutes of barLengths) {
      const bars = await market.bars(symbol, minutes, barCount)
      const stats = barStats(bars.map((bar) => bar.close))
      if (stats) return { minutes, bars, stats }
    }
  } catch (cause) {
    log.warn({ err: cause, symbol }, 'the guardian has no bars')
  }
  return undefined
}

const decimal = (text: string | null | undefined) => (text == null ? undefined : new Big(text))
