import { sql } from 'kysely'
import { createApi } from '../../src/api/server.ts'
import type { Desk } from '../../src/desk.ts'
import { makeToken } from '../../src/trading/access/rows/api-tokens.ts'
import { holdLargeBook, marketWithBars } from './large-book.ts'
import { openDesk } from './stopped-desk.ts'

/** The positions of the account, each of another symbol, with a stop and a target. */
export const held = 10

/** A desk with one account of ten positions, its API on a free port, and a token that reads. */
export interface OneAccount {
  desk: Desk
  databaseUrl: string
  memberId: number
  token: string
  /** Sets the price of `S0` to `S9`, in dollars. */
  set(symbol: string, price: number): void
  close(): Promise<void>
}

/** Opens the desk. Bars of every length are the same walk. */
export async function openOneAccount(): Promise<OneAccount> {
  const given = marketWithBars(held)
  const market = { ...given, bars: (symbol: string, _: number, count: number) => given.bars(symbol, 15, count) }
  const { desk, databaseUrl, close } = await openDesk(market)
  await holdLargeBook(desk, held, held)
  const { db } = desk.parts
  const { rows } = await sql<{ id: number; member_id: number }>`select id, member_id from accounts`.execute(db)
  const { id: accountId, member_id: memberId } = rows[0]!
  await sql`insert into member_identities (platform_id, member_id) values ('slack:T1:R1', ${memberId})`.execute(db)
  const made = await makeToken(db, { memberId, accountId, name: 'robot', trades: false }, new Date())
  if (typeof made === 'string') throw new Error(`no token: ${made}`)
  return { desk, databaseUrl, memberId, token: made.token, set: market.set, close }
}

/** Serves the API of a desk, and further routes, on a free port. */
export async function serve(
  desk: Desk,
  routes: NonNullable<Parameters<typeof createApi>[1]['routes']> = [],
): Promise<ReturnType<typeof createApi>> {
  const server = createApi(desk, { port: 0, routes })
  await server.open()
  return server
}
