import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { startCritical } from '../../../jobs/critical.ts'
import { createReplayMarket } from '../../../src/market/feeds/replay/replay.ts'
import type { Market, Quote } from '../../../src/market/market.ts'
import { marksOf } from '../../../src/market/marks.ts'
import { createStudies } from '../../../src/watch/monitor/studies.ts'
import { sweepPositions } from '../../../src/watch/monitor/sweep.ts'
import { startTicks, type Ticks } from '../../../src/watch/monitor/ticks.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Guarded, type Price, pass, priceFrom, rowsOf, share, textOf, type Walk, walkOf } from './oracle.ts'

const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const log = pino({ level: 'silent' })
const symbols = ['AAPL', 'AMD', 'AMZN', 'BAC', 'SPY']

/** Recorded bars in a folder of their own, with the prices that they play, by symbol. */
async function recording(folder: string, names: string[], from: string, count: number) {
  const made = await mkdtemp(join(tmpdir(), 'recorded-'))
  mkdirSync(made, { recursive: true })
  const walks = new Map<string, Walk[]>()
  for (const name of names) {
    const { header, rows } = rowsOf(join(shared, folder, `${name}.csv`), from, count)
    writeFileSync(join(made, `${name}.csv`), [header, ...rows].join('\n'))
    expect(rows).toHaveLength(count)
    walks.set(name, rows.map(walkOf))
  }
  return { made, walks }
}

/** A replay that the test moves. Its clock stands still between the moves. */
async function steppedReplay(folder: string, from: string, minutes: number) {
  const anchor = Date.parse('2026-11-19T00:00:00Z')
  let now = anchor
  const clock = { now: () => new Date(now), scale: 1 }
  const replay = await createReplayMarket({ folder, from, clock, anchor: new Date(anchor), log })
  const listeners = new Set<(quote: Quote) => void>()
  const market: Market = {
    ...replay,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  /** Moves to a quarter of a bar, and returns the quotes there. */
  async function step(bar: number, quarter: number, push: boolean): Promise<Map<string, Quote>> {
    now = anchor + (bar + quarter / 4) * minutes * 60_000 + 1
    const quotes = new Map<string, Quote>()
    for (const { symbol } of replay.instruments()) quotes.set(symbol, (await replay.quote(symbol))!)
    if (push) for (const quote of quotes.values()) for (const listener of listeners) listener(quote)
    // A jump between two bars is confirmed first. The market's clock stands still, but the confirmation waits in real time.
    await marksOf(market).rest()
    return quotes
  }
  return { market, clock, step }
}

interface Touch {
  symbol: string
  type: string
  level: string
  price: string
}

/** The ways to enter a position, used in turn. The levels are basis points of the price, for daily bars. */
const ways = [
  { isLong: true, stop: 300n, target: 500n },
  { isLong: false, stop: 200n, target: 300n },
  { isLong: true, trail: 400n },
  { isLong: false, trail: 300n },
] as const

class Scene {
  readonly expected: Touch[] = []
  readonly open = new Map<string, Guarded>()
  private entered = 0
  private readonly desk: TestDesk
  private readonly ticks: Ticks | undefined
  /** The divisor for the distances in `ways`, for bars that move less. */
  private readonly tightness: bigint

  constructor(desk: TestDesk, ticks: Ticks | undefined, tightness: bigint) {
    this.desk = desk
    this.ticks = ticks
    this.tightness = tightness
  }

  /** Opens a position in the next of the `ways`, and waits until the monitor knows its levels. */
  async enter(symbol: string, price: Price): Promise<void> {
    const way = ways[this.entered++ % ways.length]!
    const away = (points: bigint, isUp: boolean) =>
      share(price, isUp ? 10_000n + points / this.tightness : 10_000n - points / this.tightness)
    const guarded: Guarded = { isLong: way.isLong, best: price, stop: 0n }
    const said = [await this.desk.say(`${way.isLong ? 'long' : 'short'} ${symbol} 1`)]
    if ('trail' in way) {
      guarded.trail = way.trail / this.tightness
      guarded.stop = away(way.trail, !way.isLong)
      said.push(await this.desk.say(`trail ${symbol} ${Number(guarded.trail) / 100}%`))
    } else {
      guarded.stop = away(way.stop, !way.isLong)
      guarded.target = away(way.target, way.isLong)
      said.push(
        await this.desk.say(`stop ${symbol} ${textOf(guarded.stop)}`),
        await this.desk.say(`target ${symbol} ${textOf(guarded.target)}`),
      )
    }
    expect(said.join('\n')).not.toMatch(/🚫|⚠️/)
    this.open.set(symbol, guarded)
    const wanted = 'trail' in way ? 1 : 2
    await vi.waitFor(
      async () => {
        const { db } = this.desk.desk.parts
        const orders = await db
          .selectFrom('protective_orders')
          .select(['position_id', 'id'])
          .where('symbol', '=', symbol)
          .where('state', '=', 'working')
          .execute()
        expect(orders).toHaveLength(wanted)
        if (!this.ticks) return
        const known = this.ticks.book.get(orders[0]!.position_id)?.position
        expect([known?.stop?.id, known?.target?.id].filter(Boolean)).toHaveLength(wanted)
      },
      { interval: 2 },
    )
  }

  /** The oracle's touches for the prices of a moment. */
  foresee(symbol: string, price: Price): boolean {
    const guarded = this.open.get(symbol)
    const touch = guarded && pass(guarded, price)
    if (!touch) return false
    const type = touch.kind === 'stop' ? 'trading.stop_loss_triggered' : 'trading.take_profit_hit'
    this.expected.push({ symbol, type, level: textOf(touch.level), price: textOf(price) })
    this.open.delete(symbol)
    return true
  }

  /** Waits until the positions of these symbols are closed. */
  async closed(gone: string[]): Promise<void> {
    await vi.waitFor(
      async () => {
        const rows = await this.desk.desk.parts.db
          .selectFrom('positions')
          .select('symbol')
          .where('closed_at', 'is', null)
          .execute()
        expect(rows.filter((row) => gone.includes(row.symbol))).toEqual([])
      },
      { interval: 2 },
    )
  }

  /** The touches that the desk raised, in order of symbol and time. */
  async found(): Promise<Touch[]> {
    const rows = await this.desk.desk.parts.db
      .selectFrom('desk_events')
      .select(['symbol', 'type', 'data'])
      .where('type', 'like', 'trading.%')
      .orderBy('id')
      .execute()
    return rows.map(({ symbol, type, data }) => {
      const { level, price } = data as { level: string; price: string }
      return { symbol: symbol!, type, level: textOf(priceFrom(level)), price: textOf(priceFrom(price)) }
    })
  }
}

const inOrder = (touches: Touch[]) => Object.groupBy(touches, ({ symbol }) => symbol)

/** Plays a recording through a desk. Entries come by chat, and the monitor finds the touches. */
async function play(options: {
  folder: 'daily' | 'minute'
  names: string[]
  from: string
  bars: number
  minutes: number
  by: 'ticks' | 'sweeps'
  tightness: bigint
}): Promise<{ found: Touch[]; expected: Touch[]; open: number; stillOpen: number }> {
  const { made, walks } = await recording(options.folder, options.names, options.from, options.bars)
  const { market, clock, step } = await steppedReplay(made, options.from, options.minutes)
  const desk = await openTestDesk({ worker: false, market: market as never, clock })
  const { parts, critical } = desk.desk
  const closes = startCritical(critical)
  const studies = createStudies(parts)
  const ticks = options.by === 'ticks' ? startTicks(parts, critical, studies) : undefined
  try {
    await ticks?.rest()
    const scene = new Scene(desk, ticks, options.tightness)
    for (let bar = 0; bar < options.bars; bar++) {
      for (let quarter = 0; quarter < 4; quarter++) {
        const quotes = await step(bar, quarter, true)
        const gone = options.names.filter((name) => scene.foresee(name, walks.get(name)![bar]![quarter]!))
        if (options.by === 'sweeps') await sweepPositions(parts, studies, {})
        if (gone.length > 0) await scene.closed(gone)
        if (quarter < 3) continue
        for (const name of options.names) {
          if (!scene.open.has(name)) await scene.enter(name, priceFrom(quotes.get(name)!.last.toFixed()))
        }
      }
    }
    await ticks?.rest()
    const { count } = await parts.db
      .selectFrom('positions')
      .where('closed_at', 'is', null)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return { found: await scene.found(), expected: scene.expected, open: scene.open.size, stillOpen: Number(count) }
  } finally {
    await ticks?.close()
    await closes.close()
    await desk.close()
    await rm(made, { recursive: true, force: true })
  }
}

const runs = [
  ['ticks, over four months of days', 'daily', symbols, '2016-03-01', 90, 1440, 'ticks', 1n, 35],
  ['sweeps, over two months of days', 'daily', symbols, '2015-06-01', 40, 1440, 'sweeps', 1n, 12],
  ['ticks, over a day and a half of minutes', 'minute', ['FESX'], '2006-01-03', 1200, 1, 'ticks', 20n, 20],
] as const

test.skipIf(!existsSync(shared)).each(runs)(
  'on recorded bars every touch is found and none is invented: by %s',
  { timeout: 180_000 },
  async (_, folder, names, from, bars, minutes, by, tightness, least) => {
    const played = await play({ folder, names: [...names], from, bars, minutes, by, tightness })
    expect(inOrder(played.found)).toEqual(inOrder(played.expected))
    expect(played.found.length).toBeGreaterThanOrEqual(least)
    expect(played.stillOpen).toBe(played.open)
  },
)
