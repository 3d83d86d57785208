import type { Parts } from '../execution/parts.ts'
import { type AccountDay, accountDays, accountsOfDay, breakerKey } from '../ledger/day-equity.ts'
import { moveStops, type StopMove } from '../ledger/protective-orders.ts'
import type { Raised, WatchDeskEvent } from '../ledger/watch-events.ts'
import { type Mark, saveMarks, type Watched, type Which, watchedPositions } from '../ledger/watched.ts'
import type { Quote } from '../market/market.ts'
import { type BarStudy, overLimit, seeBars } from '../trading/bar-triggers.ts'
import { meanCorrelation } from '../trading/correlation.ts'
import { dayLoss } from '../trading/day-loss.ts'
import { dollarsText, percentText } from '../trading/format.ts'
import { unrealizedPnl, unrealizedReturn } from '../trading/position.ts'
import { type Fired, seePrice, seeTime, trailed } from '../trading/triggers.ts'
import { eventOf } from './event-of.ts'
import { raiseAll } from './raise.ts'
import type { Studies } from './studies.ts'

type WatchingParts = Pick<Parts, 'db' | 'market' | 'queues' | 'clock' | 'log' | 'alarm'>

/** Positions that go into one statement. */
const atOnce = 1000

/** What a sweep came to. */
export interface Swept {
  positions: number
  /** Events that were not there before. */
  raised: number
}

interface Look {
  position: Watched
  mark: Mark
  fired: Fired[]
  quote: Quote
}

/**
 * Looks at open positions whether or not their prices were pushed: trails stops, evaluates every trigger, marks P&L, and
 * holds each account's loss of the day against its limit. Events come before the state that remembers them: after a
 * crash in between they are found again under the same keys.
 */
export async function sweepPositions(parts: WatchingParts, studies: Studies, which: Which): Promise<Swept> {
  const positions = await watchedPositions(parts.db, which)
  const symbols = [...new Set(positions.map(({ symbol }) => symbol))]
  const quotes = new Map(await Promise.all(symbols.map(async (one) => [one, await quoteOf(parts, one)] as const)))
  const study = new Map(await Promise.all(symbols.map(async (one) => [one, await studies.of(one)] as const)))
  const at = parts.clock.now()

  const moves: StopMove[] = []
  const looks = positions.flatMap((position): Look[] => {
    const quote = quotes.get(position.symbol)
    return quote ? [lookAt(parts, position, quote, study.get(position.symbol), at, moves)] : []
  })
  const byAccount = Map.groupBy(looks, ({ position }) => position.accountId)
  for (const own of byAccount.values()) seeCorrelation(own, study)

  await moveStops(parts.db, moves)
  const events = looks.flatMap((look) => look.fired.map((fired) => eventOf(look.position, look.quote.last, fired, at)))
  let raised = 0
  for (const some of slices(events)) raised += (await raiseAll(parts, some)).length
  for (const some of slices(looks)) {
    await saveMarks(
      parts.db,
      some.map(({ mark }) => mark),
      at,
    )
  }
  const others = which.shard ? await accountsOfDay(parts.db, which.shard, at) : []
  raised += (await tripBreakers(parts, [...new Set([...byAccount.keys(), ...others])], at)).length
  return { positions: looks.length, raised }
}

async function quoteOf({ market, log }: WatchingParts, symbol: string): Promise<Quote | undefined> {
  try {
    return await market.quote(symbol)
  } catch (cause) {
    log.warn({ err: cause, symbol }, 'no price for the sweep')
    return undefined
  }
}

/** On a price that is not fresh nothing is done: it neither touches a level nor marks. */
function lookAt(
  { clock }: WatchingParts,
  watched: Watched,
  quote: Quote,
  study: BarStudy | undefined,
  at: Date,
  moves: StopMove[],
): Look {
  const price = quote.last
  let position = watched
  const fired: Fired[] = []
  let state = watched.state
  const take = (look: { fired: Fired[]; state: Watched['state'] }) => {
    fired.push(...look.fired)
    state = look.state
  }
  if (!quote.stale) {
    const stop = trailed(position, price)
    if (stop) {
      position = { ...position, stop }
      moves.push({ protectiveOrderId: stop.id, price: stop.price, bestPrice: stop.trail?.bestPrice })
    }
    take(seePrice(position, price, state, position.thresholds))
  }
  if (!fired.some(({ type }) => type.startsWith('trading.'))) {
    const hoursOpen = ((at.getTime() - position.openedAt.getTime()) * clock.scale) / 3_600_000
    take(seeTime(position, hoursOpen, state, position.thresholds))
    if (study) take(seeBars(position, study, state, position.thresholds))
  }
  const marked = quote.stale
    ? undefined
    : {
        price,
        unrealizedPnl: unrealizedPnl(position, price),
        unrealizedReturn: unrealizedReturn(position, price),
      }
  return { position, fired, quote, mark: { positionId: position.id, version: position.version, state, marked } }
}

/** What an account's positions have in common is told, and remembered, with the one that is open for longest. */
function seeCorrelation(looks: Look[], study: Map<string, BarStudy | undefined>): void {
  const first = looks[0]!
  const { thresholds, accountId } = first.position
  const held = looks.flatMap(({ position }) => {
    const bars = study.get(position.symbol)?.bars
    return bars ? [{ bars, sign: position.signedQuantity.gt(0) ? (1 as const) : (-1 as const) }] : []
  })
  const value = meanCorrelation(held)
  const was = first.mark.state.isCorrelated ?? false
  const { fires, is } = overLimit(value, thresholds.correlation, was)
  if (is === was) return
  first.mark.state = { ...first.mark.state, seq: first.mark.state.seq + 1, isCorrelated: is }
  if (!fires) return
  const newest = Math.max(...held.map(({ bars }) => bars.at(-1)?.at ?? 0))
  first.fired.push({
    type: 'position.correlation_spike',
    key: `correlation-${accountId}-${newest}`,
    details: { value: value!.toFixed(2), limit: String(thresholds.correlation) },
  })
}

/** Holds what accounts lost today, at the marks just made, against their limits. */
async function tripBreakers(parts: WatchingParts, accountIds: number[], at: Date): Promise<Raised[]> {
  const days = await accountDays(parts.db, accountIds, at, true)
  return raiseAll(
    parts,
    days.flatMap((day) => tripped(day, at)),
  )
}

/** The breaker of an account that lost its limit of the day; it trips once a day. */
function tripped(day: AccountDay, at: Date): WatchDeskEvent[] {
  const { thresholds } = day
  const loss = dayLoss(day.equity, day.start)
  if (day.isTripped || !loss?.gte(thresholds.dayLoss)) return []
  const lost = dollarsText(day.start!.minus(day.equity))
  const limit = percentText(thresholds.dayLoss).slice(1)
  const share = percentText(loss).slice(1)
  return [
    {
      type: 'risk.circuit_breaker_tripped',
      data: {
        because: `The account lost ${lost} today, ${share} of ${dollarsText(day.start!)}; the limit is ${limit}`,
        loss: loss.toFixed(),
        limit: thresholds.dayLoss.toFixed(),
      },
      accountId: day.accountId,
      memberId: day.memberId,
      conversationId: day.conversationId,
      at,
      dedupeKey: breakerKey(day.accountId, day.day),
    },
  ]
}

function* slices<T>(all: T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce)
}
