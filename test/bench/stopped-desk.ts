import Big from 'big.js'
import { sql } from 'kysely'
import { pino } from 'pino'
import type { Clock } from '../../src/base/clock.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import type { Instrument, Market, Quote } from '../../src/market/market.ts'
import { benchDatabase, servers } from './database.ts'

/** A desk on a database of its own, without a worker. */
export async function openDesk(
  market: Market,
  environment: Record<string, string> = {},
  clock?: Clock,
): Promise<{ desk: Desk; databaseUrl: string; close(): Promise<void> }> {
  const database = await benchDatabase()
  const desk = await deskOn(database.url, market, environment, clock)
  return {
    desk,
    databaseUrl: database.url,
    async close() {
      await desk.close()
      await database.drop()
    },
  }
}

/** A desk on an existing database. */
export function deskOn(
  databaseUrl: string,
  market: Market,
  environment: Record<string, string> = {},
  clock?: Clock,
): Promise<Desk> {
  const config = readConfig({ DATABASE_URL: databaseUrl, REDIS_URL: servers().redis, ...environment })
  return createDesk({
    config,
    log: pino({ level: environment.LOG_LEVEL ?? 'warn' }, pino.destination(2)),
    market,
    ...(clock && { clock }),
  })
}

/** Creates people with an account, a thread, and 100 of a symbol at $100 with a stop at $95 each. */
export async function holdAndProtect(
  { parts }: Desk,
  count: number,
  symbolOf: (index: number) => string,
): Promise<void> {
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

/** Waits until the monitor has read its book: it has then seen a price that touches nothing. */
export async function watched(_desk: Desk, market: ReturnType<typeof handMarket>): Promise<void> {
  market.push()
  await new Promise((resolve) => setTimeout(resolve, 3000))
}

/** Is a position still open? */
async function isOpen({ parts }: Desk, id: number): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select closed_at is null as open from positions where id = ${id}`.execute(parts.db)
  return rows[0]!.open
}

/**
 * Milliseconds from the price that touches a stop to the committed close, for positions `first` to `first + count - 1` one
 * after the other; the symbol of each is `S` and its number.
 */
export async function closeOneByOne(
  desk: Desk,
  market: ReturnType<typeof handMarket>,
  first: number,
  count: number,
): Promise<number[]> {
  const samples: number[] = []
  for (let index = first; index < first + count; index++) {
    const began = performance.now()
    market.jump(`S${index}`, 90)
    while (await isOpen(desk, index + 1));
    samples.push(performance.now() - began)
  }
  return samples
}

/** Durable commits of one close: the event, the order, the venue's own book, the fill. */
export const commitsOfAClose = 4

/** Milliseconds of as many bare transactions as a close has, one after the other; `count` times. */
export async function bareCloses(desk: Desk, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let index = 0; index < count; index++) {
    const began = performance.now()
    for (let commit = 0; commit < commitsOfAClose; commit++) await bareTransaction(desk, index + 1)
    samples.push(performance.now() - began)
  }
  return samples
}

/** The cheapest durable change. */
export async function bareTransaction({ parts }: Desk, id: number): Promise<void> {
  await sql`update members set name = name where id = ${id}`.execute(parts.db)
}

/** A market whose prices are set by hand, all at $100 at first. */
export function handMarket(
  count: number,
  symbolOf: (index: number) => string = (index) => `S${index}`,
  now = () => new Date(),
): Market & {
  set(symbol: string, price: number): void
  /** Two prints in a row, as in a real jump: the first is in doubt, the second confirms it. */
  jump(symbol: string, price: number): void
  push(): void
} {
  const listeners = new Set<(quote: Quote) => void>()
  const quoteOf = (symbol: string, price: number): Quote => {
    const at = new Big(price)
    return { symbol, bid: at, ask: at, last: at, at: now(), source: 'hand' }
  }
  const symbols = Array.from({ length: count }, (_, index) => symbolOf(index))
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
  const set = (symbol: string, price: number) => {
    quotes.set(symbol, quoteOf(symbol, price))
    tell(quotes.get(symbol)!)
  }
  return {
    name: 'hand',
    instruments: () => [...instruments.values()],
    instrument: (symbol) => instruments.get(symbol),
    quote: async (symbol) => {
      const quote = quotes.get(symbol)
      return quote && { ...quote, at: now() }
    },
    bars: async () => [],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {},
    set,
    jump(symbol, price) {
      set(symbol, price + 0.05)
      set(symbol, price)
    },
    push() {
      for (const quote of quotes.values()) tell(quote)
    },
  }
}
