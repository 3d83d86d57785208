import { eventText } from '../events/desk-event.ts'
import type { WatchEvent } from '../events/watch-event.ts'
import type { Parts } from '../execution/parts.ts'
import { lastEventsOfPosition } from '../ledger/events.ts'
import { availableQuantity, openPosition, type Position } from '../ledger/positions.ts'
import { type Protection, protectionOf } from '../ledger/protective-orders.ts'
import type { Bar } from '../market/market.ts'
import { Big } from '../trading/amounts.ts'
import { type BarStats, barStats } from '../trading/bar-stats.ts'
import { type GuardedEvent, guardedEvents, type Judged } from '../trading/guardian-rules.ts'
import { unrealizedReturn } from '../trading/position.ts'
import type { Held } from './check.ts'

/** An event that needs judgement, with the position as it now stands and all that is known of it. */
export interface Situation {
  event: { id: number; urgency: string; at: Date } & Extract<WatchEvent, { type: GuardedEvent }>
  memberId: number
  /** The thread that opened the position. */
  conversationId: number
  position: Position
  instrumentName: string
  protection: Protection
  /** Bid and ask, when there is a fresh quote. */
  quote?: { bid: Big; ask: Big; last: Big; source: string; at: Date }
  excursion: { bestReturn?: Big; worstReturn?: Big }
  bars: { minutes: number; bars: Bar[]; stats: BarStats } | undefined
  history: { at: Date; text: string }[]
  judged: Judged
  held: Held
}

/** Bars that are looked for, in minutes, and how many; the first length that the market has enough of. */
const barLengths = [5, 15, 60, 1440, 1]
const barCount = 48
const historyCount = 30
const hourMs = 3_600_000

/** The situation of an event; undefined when it needs no judgement: another type, nothing open any more, nobody to ask. */
export async function situationOf(
  parts: Pick<Parts, 'db' | 'market' | 'clock' | 'log'>,
  eventId: number,
): Promise<Situation | undefined> {
  const { db, market, clock } = parts
  const event = await db.selectFrom('desk_events').selectAll().where('id', '=', eventId).executeTakeFirst()
  if (!event || event.account_id === null || event.symbol === null || event.member_id === null) return undefined
  const type = guardedEvents.find((one) => one === event.type)
  const position = await openPosition(db, event.account_id, event.symbol)
  if (!type || !position || position.id !== event.position_id) return undefined
  const conversationId = position.conversationId ?? event.conversation_id
  if (conversationId === null) return undefined
  const watch = { type, data: event.data } as Extract<WatchEvent, { type: GuardedEvent }>
  const [protection, excursion, present, bars, past] = await Promise.all([
    protectionOf(db, position.id),
    db.selectFrom('position_watch').selectAll().where('position_id', '=', position.id).executeTakeFirst(),
    market.quote(position.symbol),
    recentBars(parts, position.symbol),
    lastEventsOfPosition(db, position, historyCount),
  ])
  const { signedQuantity } = position
  const quote = present?.stale === undefined ? present : undefined
  const price = quote?.last ?? new Big(watch.data.price)
  const stop = protection.stop && { price: protection.stop.price, trail: protection.stop.trail?.share }
  const excursions = { bestReturn: decimal(excursion?.best_return), worstReturn: decimal(excursion?.worst_return) }
  return {
    event: { id: event.id, urgency: event.urgency, at: event.at, ...watch },
    memberId: event.member_id,
    conversationId,
    position,
    instrumentName: market.instrument(position.symbol)?.name ?? position.symbol,
    protection,
    quote: quote && { bid: quote.bid, ask: quote.ask, last: quote.last, source: quote.source, at: quote.at },
    excursion: excursions,
    bars,
    history: past.map((one) => ({ at: one.at, text: eventText(one) })),
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
      lot: market.instrument(position.symbol)?.lot ?? new Big(1),
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
