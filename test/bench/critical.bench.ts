// From the tick that touches a stop to the committed close: one position at a time, and 1,000 by one tick; with what the
// same number of bare transactions take.
import Big from 'big.js'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { startWorker } from '../../jobs/worker.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import type { Instrument, Market, Quote } from '../../src/market/market.ts'
import { benchDatabase, servers } from './database.ts'
import { percentile, report } from './figures.ts'

const closes = 300
const atOnce = 1000
const connections = 10
/** Durable commits of one close: the event, the order, the venue's own book, the fill. */
const commitsOfAClose = 4

await oneByOne()
await allAtOnce()
process.exit()

async function oneByOne(): Promise<void> {
  const market = handMarket(closes)
  const { desk, close } = await openDesk(market)
  await holdAndProtect(desk, closes, (index) => `S${index}`)
  const worker = startWorker(desk)
  await watched(desk, market)
  const samples: number[] = []
  const floors: number[] = []
  for (let index = 0; index < closes; index++) {
    const began = performance.now()
    market.set(`S${index}`, 90)
    while (await isOpen(desk, index + 1));
    samples.push(performance.now() - began)
  }
  for (let index = 0; index < closes; index++) {
    const began = performance.now()
    for (let commit = 0; commit < commitsOfAClose; commit++) await bareTransaction(desk, index + 1)
    floors.push(performance.now() - began)
  }
  const value = percentile(samples, 0.99)
  report({
    figure: 'tick to committed close, one position, p99',
    value,
    unit: 'ms',
    floor: percentile(floors, 0.99),
    floorOf: `${commitsOfAClose} bare transactions, one after the other`,
    samples: closes,
    goal: 'at most 100 ms',
    holds: value <= 100,
    note: `median ${percentile(samples, 0.5).toFixed(1)} ms`,
  })
  await worker.close()
  await close()
}

async function allAtOnce(): Promise<void> {
  const market = handMarket(1)
  const { desk, databaseUrl, close } = await openDesk(market)
  await holdAndProtect(desk, atOnce, () => 'S0')
  const worker = startWorker(desk)
  await watched(desk, market)
  const began = performance.now()
  market.set('S0', 90)
  while ((await openCount(desk)) > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const value = performance.now() - began
  const floor = await bareTransactionsAtOnce(databaseUrl)
  report({
    figure: `${atOnce} positions stopped by one tick: all committed`,
    value,
    unit: 'ms',
    floor,
    floorOf: `${atOnce} bare transactions on ${connections} connections`,
    goal: 'at most 1000 ms',
    holds: value <= 1000,
  })
  const { rows } = await sql<{ fills: number; wrong: number }>`select
    (select count(*) from fills f join paper_fills p using (venue_fill_id) where f.quantity = 100) as fills,
    (select count(*) from positions where signed_quantity <> 0 or working_quantity <> 0) as wrong`.execute(
    desk.parts.db,
  )
  if (rows[0]?.fills !== atOnce || rows[0].wrong !== 0)
    throw new Error(`not all was sold once: ${JSON.stringify(rows)}`)
  await worker.close()
  await close()
}

async function openDesk(market: Market): Promise<{ desk: Desk; databaseUrl: string; close(): Promise<void> }> {
  const database = await benchDatabase()
  const config = readConfig({ DATABASE_URL: database.url, REDIS_URL: servers().redis })
  const log = pino({ level: 'warn' }, pino.destination(2))
  const desk = await createDesk({ config, log, market })
  return {
    desk,
    databaseUrl: database.url,
    async close() {
      await desk.close()
      await database.drop()
    },
  }
}

/** People with an account, a thread, and 100 of a symbol at $100 with a stop at $95 each. */
async function holdAndProtect({ parts }: Desk, count: number, symbolOf: (index: number) => string): Promise<void> {
  const symbols = Array.from({ length: count }, (_, index) => symbolOf(index))
  for (const statement of [
    sql`insert into members (name, role) select 'trader ' || n, 'trader' from generate_series(1, ${count}::int) n`,
    sql`insert into accounts (member_id) select id from members order by id`,
    sql`insert into conversations (key, place) select 'slack:T1:C1:t' || id,
      jsonb_build_object('door', 'slack', 'workspace', 'T1', 'channel', 'C1', 'thread', 't' || id) from members order by id`,
    sql`insert into positions (account_id, symbol, signed_quantity, open_cost, conversation_id, opened_at)
      select n, s, 100, 10000, n, now() from unnest(${symbols}::text[]) with ordinality as u(s, n)`,
    sql`insert into protective_orders
        (position_id, account_id, member_id, conversation_id, symbol, kind, price, quantity, created_at)
      select id, account_id, account_id, conversation_id, symbol, 'stop', 95, 100, now() from positions`,
    sql`analyze`,
  ]) {
    await statement.execute(parts.db)
  }
}

/** Waits until the monitor has read its book: a price that touches nothing has been seen by all. */
async function watched(_desk: Desk, market: ReturnType<typeof handMarket>): Promise<void> {
  market.push()
  await new Promise((resolve) => setTimeout(resolve, 3000))
}

async function isOpen({ parts }: Desk, id: number): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select closed_at is null as open from positions where id = ${id}`.execute(parts.db)
  return rows[0]!.open
}

async function openCount({ parts }: Desk): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from positions where closed_at is null`.execute(parts.db)
  return rows[0]!.open
}

async function bareTransaction({ parts }: Desk, id: number): Promise<void> {
  await sql`update members set name = name where id = ${id}`.execute(parts.db)
}

async function bareTransactionsAtOnce(databaseUrl: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections })
  await Promise.all(Array.from({ length: connections }, () => pool.query('select pg_sleep(0.05)')))
  const began = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, (_, index) =>
      pool.query('update members set name = name where id = $1', [index + 1]),
    ),
  )
  const took = performance.now() - began
  await pool.end()
  return took
}

/** A market whose prices are set by hand, all at $100 at first. */
function handMarket(count: number): Market & { set(symbol: string, price: number): void; push(): void } {
  const listeners = new Set<(quote: Quote) => void>()
  const quoteOf = (symbol: string, price: number): Quote => {
    const at = new Big(price)
    return { symbol, bid: at, ask: at, last: at, at: new Date(), source: 'hand' }
  }
  const symbols = Array.from({ length: count }, (_, index) => `S${index}`)
  const quotes = new Map(symbols.map((symbol) => [symbol, quoteOf(symbol, 100)]))
  const instruments = new Map(
    symbols.map((symbol): [string, Instrument] => [
      symbol,
      { symbol, name: symbol, lot: new Big(1), tick: new Big('0.01') },
    ]),
  )
  const tell = (quote: Quote) => {
    for (const listener of listeners) listener(quote)
  }
  return {
    name: 'hand',
    instruments: () => [...instruments.values()],
    instrument: (symbol) => instruments.get(symbol),
    quote: async (symbol) => {
      const quote = quotes.get(symbol)
      return quote && { ...quote, at: new Date() }
    },
    bars: async () => [],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {},
    set(symbol, price) {
      quotes.set(symbol, quoteOf(symbol, price))
      tell(quotes.get(symbol)!)
    },
    push() {
      for (const quote of quotes.values()) tell(quote)
    },
  }
}
