import { setImmediate as turn } from 'node:timers/promises'
import { toFloat } from '../../base/amounts.ts'
import { createLane } from '../../base/lane.ts'
import { hearPositions } from '../../infra/db/announce.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { secondOpinion } from '../../market/second-opinion.ts'
import { accountDays } from '../../trading/accounts/rows/day-equity.ts'
import { unrealizedFloor } from '../../trading/accounts/rules/day-loss.ts'
import type { WatchDeskEvent } from '../../trading/events/rows/watch-events.ts'
import type { Parts } from '../../trading/parts.ts'
import { isOfOldUnits } from '../../trading/positions/present-quotes.ts'
import { moveStops, type StopMove } from '../../trading/protection/rows/protective-orders.ts'
import { knownPrice, saveMarks, watchedPositions } from '../../trading/protection/rows/watched.ts'
import { seePrice, trailed } from '../../trading/protection/rules/triggers.ts'
import { type Book, createBook, type Entry, hush, isQuiet, noteTouchedParts } from './book.ts'
import { eventOf } from './event-of.ts'
import { priceJumps } from './price-jumps.ts'
import { raiseAll } from './raise.ts'
import type { Studies } from './studies.ts'
import { sweepPositions } from './sweep.ts'
import { isTooWeak, touchesOf, withoutTouches } from './weak-quotes.ts'

/** After this many exact looks the event loop gets a turn. */
const looksAtOnce = 500

/** The watch on pushed prices. */
export interface Ticks {
  book: Book
  /** Reads all open positions again, soon. */
  refresh(): void
  /** Resolves when all findings so far are written. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** The writes that follow from a tick. The stop moves before the event of its touch is raised. */
interface Finding {
  events: WatchDeskEvent[]
  move?: StopMove
  /** The position whose state changed. */
  entry?: Entry
}

/** The error of running float sums is smaller than this, in dollars. The slack costs at most one extra exact look. */
const floorSlack = 1e-4

/** The least time between two checks of an account's daily loss, in milliseconds. */
const lossAgainMs = 1000

/** The least time between two questions for a second opinion on a symbol, in real milliseconds. */
const opinionAgainMs = 1000

/**
 * Watches open positions on every tick. A touched level is raised at once, in a lane of its own; trails, approaches and
 * milestones use another lane. The book is read at the start, again for each announced position, and completely with
 * every `refresh`. Touched levels and losses are written with the parts of `critical`.
 */
export function startTicks(parts: Parts, critical: Parts, studies: Studies): Ticks {
  const { db, clock, log } = parts
  const marks = marksOf(parts.market)
  const book = createBook()
  const last = new Map<string, Quote>()
  const lookedAt = new Map<number, number>()

  const writeWith = (writing: Parts) => async (findings: Finding[]) => {
    await moveStops(
      writing.db,
      findings.flatMap(({ move }) => move ?? []),
    )
    const events = findings.flatMap((finding) => finding.events)
    const raised = new Set((await raiseAll(writing, events)).map(({ event }) => event))
    const states = findings.flatMap(({ entry }) =>
      entry ? [{ positionId: entry.position.id, version: entry.position.version, state: entry.position.state }] : [],
    )
    await saveMarks(writing.db, states, clock.now())
    // An event that was not new means that another process was first, or that the book is out of date.
    for (const event of events) if (!raised.has(event)) changed.put(String(event.positionId), event.positionId!)
  }
  const lost = (what: string) => (cause: unknown) => log.warn({ err: cause }, `${what}; it is tried again`)
  const touches = createLane(writeWith(critical), lost('touched levels could not be written'))
  const other = createLane(writeWith(parts), lost('what ticks saw could not be written'))
  const changed = createLane<number | 'all'>(read, lost('changed positions could not be read'))
  const opinions = createLane<string>(
    (symbols) => Promise.all(symbols.map(lookTwice)).then(() => {}),
    lost('weak prices could not be confirmed'),
  )
  const askedAt = new Map<string, number>()
  const jumps = priceJumps(critical)
  const jumped = createLane<number>(
    (ids) => Promise.all(ids.map(judgeJump)).then(() => {}),
    lost('jumps of prices could not be judged'),
  )
  const losses = createLane<number>(async (accountIds) => {
    for (const accountId of accountIds) await sweepPositions(critical, studies, { accountId })
    await readFloors(accountIds)
  }, lost('the loss of an account could not be looked at'))

  /** Evaluates a position exactly and queues the writes. */
  function look(entry: Entry, quote: Quote): void {
    if (entry.isTouched || entry.position.waits || isOfOldUnits(quote, entry.position.split, clock.now())) return
    const price = quote.last
    if (jumps.isJump(entry.position, price)) {
      jumped.put(String(entry.position.id), entry.position.id)
      return
    }
    const isWeak = isTooWeak(entry.position, quote)
    if (isWeak && touchesOf(entry.position, quote).length > 0) {
      doubt(quote.symbol)
      return
    }
    // A level that a weak price moved would be touched by a good one.
    const stop = isWeak ? undefined : trailed(entry.position, price)
    if (stop) entry.position = { ...entry.position, stop }
    const move = stop && { protectiveOrderId: stop.id, price: stop.price, bestPrice: stop.trail!.bestPrice }
    const before = entry.position.state
    const { fired, state } = seePrice(entry.position, price, before, entry.position.thresholds)
    entry.position.state = state
    const at = clock.now()
    for (const one of fired) {
      const isTouch = one.type.startsWith('trading.')
      const isOfPart = 'partLevelId' in one.details
      if (isTouch && !isOfPart) entry.isTouched = true
      const protectingMove = isTouch && !isOfPart ? trailOf(entry) : undefined
      const finding = { events: [eventOf(entry.position, price, one, at)], move: protectingMove }
      ;(isTouch ? touches : other).put(one.key, finding)
    }
    noteTouchedParts(
      entry,
      fired.flatMap(({ details }) => ('partLevelId' in details ? details.partLevelId : [])),
    )
    hush(entry, price)
    if (move || state !== before) {
      other.put(`position-${entry.position.id}`, { events: [], move, entry: state === before ? undefined : entry })
    }
  }

  /** Asks for a second opinion on a price that touches a level, in a lane of its own. */
  function doubt(symbol: string): void {
    const now = performance.now()
    if (now - (askedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < opinionAgainMs) return
    askedAt.set(symbol, now)
    opinions.put(symbol, symbol)
  }

  /** A confirmed price is looked at like any other. A weak one only tells, once for each touched level. */
  async function lookTwice(symbol: string): Promise<void> {
    const quote = await secondOpinion(parts, symbol)
    if (!quote || quote.stale) return
    for (const entry of [...book.of(symbol)]) {
      if (!isTooWeak(entry.position, quote)) look(entry, quote)
      else if (!entry.isTouched && !isOfOldUnits(quote, entry.position.split, clock.now())) {
        for (const one of withoutTouches(touchesOf(entry.position, quote), quote)) {
          other.put(one.key, { events: [eventOf(entry.position, quote.last, one, clock.now())] })
        }
      }
    }
  }

  /** Looks at the broker after a jump of the price. A price that counts is looked at like any other. */
  async function judgeJump(id: number): Promise<void> {
    const { position } = book.get(id) ?? {}
    const quote = position && last.get(position.symbol)
    if (!position || !quote || quote.stale || !jumps.isJump(position, quote.last)) return
    const verdict = await jumps.judge(position, quote.last)
    const entry = book.get(id)
    const now = entry && last.get(entry.position.symbol)
    if (verdict === 'counts' && entry && now && !now.stale) look(entry, now)
    else changed.put(String(id), id)
  }

  function tick(quote: Quote): void {
    last.set(quote.symbol, quote)
    if (quote.stale) return
    const price = toFloat(quote.last)
    for (const entry of book.of(quote.symbol)) {
      if (!isQuiet(entry, price)) look(entry, quote)
      if (entry.account.pnl <= entry.account.floor) mayHaveLost(entry.account.id)
    }
  }

  function mayHaveLost(accountId: number): void {
    const now = clock.now().getTime()
    if (now - (lookedAt.get(accountId) ?? 0) < lossAgainMs) return
    lookedAt.set(accountId, now)
    losses.put(String(accountId), accountId)
  }

  /**
   * Reads the given positions, or all, and evaluates the changed ones at their last price. Only one read runs at a time, so
   * that an older read never overwrites a newer one.
   */
  async function read(wanted: (number | 'all')[]): Promise<void> {
    const ids = wanted.includes('all') ? undefined : (wanted as number[])
    const positions = await watchedPositions(db, { ids })
    const open = new Set(positions.map(({ id }) => id))
    const left = new Set<number>()
    for (const id of ids ?? book.ids()) {
      if (open.has(id)) continue
      const accountId = book.get(id)?.account.id
      if (accountId !== undefined) left.add(accountId)
      book.remove(id)
    }
    for (const position of positions) marks.expect(position.symbol, knownPrice(position))
    // The last pushed price may be old by now. After a split it may also have other units than the position.
    await Promise.all([...new Set(positions.map(({ symbol }) => symbol))].map(readQuote))
    for (const [count, position] of positions.entries()) {
      if (count % looksAtOnce === looksAtOnce - 1) await turn()
      const entry = book.put(position)
      const quote = last.get(position.symbol)
      if (!entry || !quote || quote.stale) continue
      isQuiet(entry, toFloat(quote.last))
      look(entry, quote)
    }
    parts.market.watch?.(book.symbols())
    await readFloors([...new Set([...positions.map(({ accountId }) => accountId), ...left])])
    // Closed stops may have reached the daily loss limit, and no tick checks an account without positions.
    for (const accountId of left) {
      const account = book.accounts.get(accountId)
      if (account && account.pnl <= account.floor) losses.put(String(accountId), accountId)
    }
  }

  /** Reads the guarded mark of a symbol. A doubtful price counts as none; its positions are evaluated once it is confirmed. */
  async function readQuote(symbol: string): Promise<void> {
    const before = last.get(symbol)
    const quote = await marks.now(symbol).catch((cause) => {
      log.warn({ err: cause, symbol }, 'no price for positions that were read')
      return undefined
    })
    if (last.get(symbol) !== before) return
    if (quote) last.set(symbol, quote)
    else last.delete(symbol)
  }

  async function readFloors(accountIds: number[]): Promise<void> {
    for (const day of await accountDays(db, accountIds, clock.now(), false)) {
      const account = book.accounts.get(day.accountId)
      if (!account) continue
      account.floor =
        day.start.gt(0) && !day.isTripped
          ? unrealizedFloor(day, day.settled, day.thresholds.dayLoss).toNumber() + floorSlack
          : Number.NEGATIVE_INFINITY
    }
  }

  const refresh = () => changed.put('all', 'all')
  const unsubscribe = marks.subscribe(tick)
  const unhear = hearPositions(parts.notices, (id) => changed.put(String(id), id), refresh)
  refresh()

  return {
    book,
    refresh,
    async rest() {
      await marks.rest()
      for (const lane of [changed, jumped, opinions, touches, other, losses]) await lane.rest()
    },
    async close() {
      unsubscribe()
      unhear()
      await Promise.all([touches, other, changed, losses, opinions, jumped].map((lane) => lane.close()))
    },
  }
}

/** The present level of an entry's trailing stop. It is written before the touch, so that the close finds the right level. */
function trailOf({ position: { stop } }: Entry): StopMove | undefined {
  return stop?.trail && { protectiveOrderId: stop.id, price: stop.price, bestPrice: stop.trail.bestPrice }
}
