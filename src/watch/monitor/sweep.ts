import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { slices } from '../../base/slices.ts'
import { meanCorrelation } from '../../market/indicators/correlation.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { secondOpinion } from '../../market/second-opinion.ts'
import {
  type AccountDay,
  accountDays,
  accountsOfDay,
  breakerKey,
  lossText,
} from '../../trading/accounts/rows/day-equity.ts'
import { dayLoss } from '../../trading/accounts/rules/day-loss.ts'
import type { Raised, WatchDeskEvent } from '../../trading/events/rows/watch-events.ts'
import type { Parts } from '../../trading/parts.ts'
import { isOfOldUnits } from '../../trading/positions/present-quotes.ts'
import { unrealizedPnl, unrealizedReturn } from '../../trading/positions/rules/position.ts'
import { moveStops, type StopMove } from '../../trading/protection/rows/protective-orders.ts'
import {
  knownPrice,
  type Mark,
  saveMarks,
  type Watched,
  type Which,
  watchedPositions,
} from '../../trading/protection/rows/watched.ts'
import { seeFeed } from '../../trading/protection/rules/feed.ts'
import { type Fired, seePrice, seeTime, trailed } from '../../trading/protection/rules/triggers.ts'
import { type BarStudy, overLimit, seeBars } from './bar-triggers.ts'
import { eventOf } from './event-of.ts'
import { feedOf } from './feed-of.ts'
import { priceJumps } from './price-jumps.ts'
import { raiseAll } from './raise.ts'
import type { Studies } from './studies.ts'
import { isTooWeak, touchesOf, withoutTouches } from './weak-quotes.ts'

/** The number of positions in one statement. */
const atOnce = 1000

/** The result of a sweep. */
export interface SweepResult {
  positions: number
  /** The number of new events. */
  raised: number
}

interface Look {
  position: Watched
  mark: Mark
  fired: Fired[]
  /** Dollars a unit; the last known price when there is no quote. */
  price: Big
  /** The reason why the price alone triggers nothing, on a linked account. */
  weak?: string
}

/**
 * Checks open positions even if no tick came: it trails stops, evaluates all triggers, marks P&L, and compares each account's
 * daily loss with its limit. Events are written before the state that records them. After a crash between the two, the
 * next sweep finds the same events under the same keys.
 */
export async function sweepPositions(parts: Parts, studies: Studies, which: Which): Promise<SweepResult> {
  // This time is taken before any read, so that positions which split from now on are not marked.
  const at = parts.clock.now()
  const positions = await watchedPositions(parts.db, which)
  const symbols = [...new Set(positions.map(({ symbol }) => symbol))]
  for (const position of positions) marksOf(parts.market).expect(position.symbol, knownPrice(position))
  const quotes = new Map(await Promise.all(symbols.map(async (one) => [one, await quoteOf(parts, one)] as const)))
  const waits = await waitingForBooks(parts, positions, quotes, at)
  await confirmTouches(parts, positions, quotes)
  const study = new Map(await Promise.all(symbols.map(async (one) => [one, await studies.of(one)] as const)))

  const moves: StopMove[] = []
  const looks = positions.map((position) =>
    lookAt(
      parts,
      position,
      waits.has(position.id) ? undefined : quotes.get(position.symbol),
      study.get(position.symbol),
      at,
      moves,
    ),
  )
  const byAccount = Map.groupBy(looks, ({ position }) => position.accountId)
  for (const own of byAccount.values()) seeCorrelation(own, study)

  await moveStops(parts.db, moves)
  const events = looks.flatMap((look) => look.fired.map((fired) => eventOf(look.position, look.price, fired, at)))
  let raised = 0
  for (const some of slices(events, atOnce)) raised += (await raiseAll(parts, some)).length
  for (const some of slices(looks, atOnce)) {
    await saveMarks(
      parts.db,
      some.map(({ mark }) => mark),
      at,
    )
  }
  const others = which.shard ? await accountsOfDay(parts.db, which.shard, at) : []
  if (which.accountId !== undefined) others.push(which.accountId)
  const accounts = [...new Set([...byAccount.keys(), ...others])]
  raised += (await tripBreakers(parts, accounts, byAccount, at)).length
  return { positions: looks.length, raised }
}

async function quoteOf({ market, log }: Parts, symbol: string): Promise<Quote | undefined> {
  try {
    return await marksOf(market).quote(symbol)
  } catch (cause) {
    log.warn({ err: cause, symbol }, 'no price for the sweep')
    return undefined
  }
}

/** Evaluates one position. A price that is not fresh, or from before a split, touches no level and makes no mark. */
function lookAt(
  parts: Parts,
  watched: Watched,
  quote: Quote | undefined,
  study: BarStudy | undefined,
  at: Date,
  moves: StopMove[],
): Look {
  const { clock, quoteMaxAgeMs } = parts
  const present = quote && !isOfOldUnits(quote, watched.split, at) ? quote : undefined
  const isFresh = present !== undefined && present.stale === undefined
  const price = present?.last ?? knownPrice(watched)
  let position = watched
  const isWeak = present !== undefined && isTooWeak(watched, present)
  const fired: Fired[] = []
  let state = watched.state
  const take = (look: { fired: Fired[]; state: Watched['state'] }) => {
    fired.push(...look.fired)
    state = look.state
  }
  if (isFresh) {
    const stop = isWeak ? undefined : trailed(position, price)
    if (stop) {
      position = { ...position, stop }
      moves.push({ protectiveOrderId: stop.id, price: stop.price, bestPrice: stop.trail?.bestPrice })
    }
    const look = seePrice(position, price, state, position.thresholds)
    take(isWeak ? { ...look, fired: withoutTouches(look.fired, present) } : look)
  }
  if (!fired.some(({ type }) => type.startsWith('trading.'))) {
    const hoursOpen = ((at.getTime() - position.openedAt.getTime()) * clock.scale) / 3_600_000
    take(seeTime(position, hoursOpen, state, position.thresholds))
    if (study) take(seeBars(position, study, state, position.thresholds))
    take(seeFeed(position, feedOf(parts, position, quote, at), at.getTime(), state, quoteMaxAgeMs))
    fired.push(...disagreeing(parts, position, at))
  }
  const marked = isFresh
    ? {
        price,
        unrealizedPnl: unrealizedPnl(position, price),
        unrealizedReturn: unrealizedReturn(position, price),
      }
    : undefined
  const mark = { positionId: position.id, version: position.version, state, marked }
  return { position, fired, price, mark, ...(isWeak && { weak: present.weak }) }
}

/**
 * The positions of linked accounts whose price may be of other units than they are, until the broker's books explain it: nothing acts
 * on it, and it is no mark.
 */
async function waitingForBooks(
  parts: Parts,
  positions: Watched[],
  quotes: Map<string, Quote | undefined>,
  at: Date,
): Promise<Set<number>> {
  const jumps = priceJumps(parts)
  const judged = positions.map(async (position) => {
    if (position.waits) return position.id
    const quote = quotes.get(position.symbol)
    const isPresent = quote && !quote.stale && !isOfOldUnits(quote, position.split, at)
    if (!isPresent || !jumps.isJump(position, quote.last)) return []
    return (await jumps.judge(position, quote.last)) === 'waits' ? position.id : []
  })
  return new Set((await Promise.all(judged)).flat())
}

/** Asks for second opinions on weak prices that touch a level of a linked account. */
async function confirmTouches(
  parts: Parts,
  positions: Watched[],
  quotes: Map<string, Quote | undefined>,
): Promise<void> {
  const touched = positions.flatMap((position) => {
    const quote = quotes.get(position.symbol)
    const isDoubtful = quote && !quote.stale && isTooWeak(position, quote) && touchesOf(position, quote).length > 0
    return isDoubtful ? position.symbol : []
  })
  const asked = [...new Set(touched)].map(async (symbol) => [symbol, await secondOpinion(parts, symbol)] as const)
  for (const [symbol, quote] of await Promise.all(asked)) quotes.set(symbol, quote ?? quotes.get(symbol))
}

const hourMs = 3_600_000

/** Sources that say different prices of the position's symbol, told once an hour. */
function disagreeing({ market }: Parts, { id, symbol }: Watched, at: Date): Fired[] {
  const found = market.disagreements?.().find((one) => one.symbol === symbol)
  if (!found) return []
  const [one, other] = found.prices.map(({ source, price }) => `${source} says ${priceText(price)}`)
  const because = `${one} and ${other} (${found.basisPoints} bp apart)`
  const key = `disagree-${id}-${Math.floor(at.getTime() / hourMs)}`
  return [{ type: 'watching.sources_disagree', key, details: { because } }]
}

/** Evaluates the correlation of an account's positions. The position open for longest carries the event and the state. */
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

/**
 * Compares the daily loss of accounts, at the new marks, with their limits. A loss of a linked account that only weak prices make
 * trips nothing until a second source confirms them; that is told once a day.
 */
async function tripBreakers(
  parts: Parts,
  accountIds: number[],
  looks: Map<number, Look[]>,
  at: Date,
): Promise<Raised[]> {
  const days = await accountDays(parts.db, accountIds, at, true)
  const looksOf = (day: AccountDay) => looks.get(day.accountId) ?? []
  const isDoubtful = (day: AccountDay) => looksOf(day).some(({ weak }) => weak !== undefined)
  // Losses without a doubt wait for no second opinion.
  const sure = await raiseAll(
    parts,
    days.filter((day) => !isDoubtful(day)).flatMap((day) => tripped(day, at)),
  )
  const events = days.filter(isDoubtful).map(async (day) => {
    const trips = tripped(day, at)
    const doubtful = trips.length > 0 ? await stillWeak(parts, looksOf(day)) : undefined
    if (!doubtful) return trips
    const details = { what: 'day loss' as const, because: doubtful.weak! }
    const fired: Fired = { type: 'watching.weak_touch', key: `weak-${breakerKey(day)}`, details }
    return [eventOf(doubtful.position, doubtful.price, fired, at)]
  })
  return [...sure, ...(await raiseAll(parts, (await Promise.all(events)).flat()))]
}

/** The first position whose price is still weak, or another one, after second opinions. */
async function stillWeak(parts: Parts, looks: Look[]): Promise<Look | undefined> {
  for (const look of looks.filter(({ weak }) => weak !== undefined)) {
    const quote = await secondOpinion(parts, look.position.symbol)
    // Another price is another loss: the next sweep looks at it.
    if (!quote || quote.stale || quote.weak || !quote.last.eq(look.price)) return look
  }
  return undefined
}

/** The event of an account that reached its loss limit since the day began, or since an owner resumed it. */
function tripped(day: AccountDay, at: Date): WatchDeskEvent[] {
  const loss = dayLoss(day, day.equity)
  if (day.isTripped || !loss?.gte(day.thresholds.dayLoss)) return []
  return [
    {
      type: 'risk.circuit_breaker_tripped',
      data: {
        because: lossText(day),
        loss: loss.toFixed(),
        limit: day.thresholds.dayLoss.toFixed(),
        account: day.account,
      },
      accountId: day.accountId,
      memberId: day.memberId,
      conversationId: day.conversationId,
      at,
      dedupeKey: breakerKey(day),
    },
  ]
}
