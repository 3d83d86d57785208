import Big from 'big.js'
import { sql } from 'kysely'
import type { Desk } from '../../src/desk.ts'
import type { Bar, Market, Quote } from '../../src/market/market.ts'
import { handMarket } from './stopped-desk.ts'

/** Symbols that every person holds. */
const each = 10

/**
 * Accounts of ten positions each over `symbols` symbols (at least ten), alternately bought and sold short at $100, with a
 * stop 10% and a target 20% away; every fourth stop trails.
 */
export async function holdLargeBook({ parts }: Desk, positions: number, symbols: number): Promise<void> {
  for (const statement of [
    sql`insert into members (name, role) select 'trader ' || n, 'trader' from generate_series(1, ${positions / each}::int) n`,
    sql`insert into accounts (member_id, starting_balance) select id, 1000000 from members order by id`,
    sql`insert into conversations (key, place) select 'slack:T1:C1:t' || id,
      jsonb_build_object('door', 'slack', 'workspace', 'T1', 'channel', 'C1', 'thread', 't' || id) from members order by id`,
    sql`insert into positions (account_id, symbol, signed_quantity, open_cost, conversation_id, opened_at)
      select n / ${each}::int + 1, 'S' || n % ${symbols}::int, case n % 2 when 0 then 100 else -100 end, 10000,
        n / ${each}::int + 1, now() from generate_series(0, ${positions - 1}::int) n`,
    sql`insert into protective_orders (position_id, account_id, member_id, conversation_id, symbol, kind, price, trail,
        best_price, quantity, created_at)
      select id, account_id, account_id, conversation_id, symbol, kind,
        100 + share * sign(signed_quantity), case when trails then 0.1 end, case when trails then 100 end, 100, now()
      from positions, lateral (values ('stop', -10, id % 4 = 0), ('target', 20, false)) as l(kind, share, trails)`,
    sql`analyze`,
  ]) {
    await statement.execute(parts.db)
  }
}

/** A market of symbols whose prices are set by hand, with bars: a walk of 120 quarters of an hour up to now. */
export function marketWithBars(symbols: number): ReturnType<typeof handMarket> & Market {
  const length = 15 * 60_000
  const now = Math.floor(Date.now() / length) * length
  const bars = new Map<string, Bar[]>()
  for (let symbol = 0; symbol < symbols; symbol++) {
    const walk = randomWalk(symbol, 0.002)
    bars.set(
      `S${symbol}`,
      Array.from({ length: 120 }, (_, index) => {
        const [open, close] = [walk(), walk()].map((price) => new Big(price.toFixed(2))) as [Big, Big]
        const [low, high] = open.lt(close) ? [open, close] : [close, open]
        return { at: new Date(now - (120 - index) * length), open, high, low, close, volume: new Big(1000) }
      }),
    )
  }
  return { ...handMarket(symbols), bars: async (symbol, minutes) => (minutes === 15 ? bars.get(symbol)! : []) }
}

/** Prices that walk from $100 in steps of about this share, the same for the same seed. */
export function randomWalk(seed: number, step: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0
  let price = 100
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return () => {
    price *= 1 + step * (uniform() + uniform() + uniform() - 1.5) * 2
    return price
  }
}

/** A fresh quote without a spread; dollars. */
export function quoteOf(symbol: string, price: number): Quote {
  const at = new Big(price.toFixed(2))
  return { symbol, bid: at, ask: at, last: at, at: new Date(), source: 'hand' }
}
