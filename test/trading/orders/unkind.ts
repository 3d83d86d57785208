import { sql } from 'kysely'
import { expect, onTestFinished } from 'vitest'
import { timerAgenda } from '../../contracts/venues/difficult/agenda.ts'
import {
  createDifficultVenue,
  type DifficultVenue,
  type DifficultVenueOptions,
} from '../../contracts/venues/difficult/venue.ts'
import { handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'

/** A desk on a difficult venue, with the same prices at both. */
export interface Unkind extends TestDesk {
  venue: DifficultVenue
  /** Sets bid and ask in dollars, for the desk and at the venue. */
  price(symbol: string, bid: string, ask?: string): void
  /** The posts of jobs so far, in all threads. */
  said(): string[]
  hears(pattern: RegExp): Promise<void>
  /** Waits until no order is live and no scaleout runs. */
  rests(): Promise<void>
  /** Orders that were sent, oldest first: what each is for, how it stands, what was filled. */
  orders(): Promise<{ key: string; state: string; quantity: string; filled: string }[]>
  /** Expects that the desk has booked just what the venue has filled, for its own orders. */
  expectTruth(): Promise<void>
}

/** Opens one. BYND is at $1.01. */
export async function unkindDesk(
  options: Partial<DifficultVenueOptions> & {
    environment?: Record<string, string>
    timeScale?: number
    on?: DifficultVenue
  } = {},
): Promise<Unkind> {
  const { environment, timeScale = 600, on, ...difficult } = options
  const venue = on ?? createDifficultVenue({ seed: 1, agenda: timerAgenda(), ...difficult })
  const market = handMarket()
  const desk = await openTestDesk({ venue: () => venue, market, environment, timeScale, sweepEveryMs: 200 })
  onTestFinished(async () => {
    await desk.close()
    venue.close()
  })
  const price = (symbol: string, bid: string, ask = bid) => {
    venue.setPrice(symbol, bid, ask)
    market.set(symbol, bid, ask)
  }
  price('BYND', '1.01')
  const { db } = desk.desk.parts
  const said = () => desk.posted.map(({ text }) => text)
  const orders = async () => {
    const rows = await db.selectFrom('orders').selectAll().where('purpose', '<>', 'record').orderBy('id').execute()
    return rows.map((row) => ({
      key: row.client_order_id,
      state: row.state,
      quantity: row.quantity,
      filled: row.filled_quantity,
    }))
  }
  return Object.assign(desk, {
    venue,
    price,
    said,
    hears: (pattern: RegExp) => expect.poll(said).toContainEqual(expect.stringMatching(pattern)),
    orders,
    async rests() {
      const live = async () => {
        const { rows } = await sql`
          select id::text from scaleouts where state in ('running', 'paused')
          union all select client_order_id from orders
            where state in ('new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked')
          union all select client_order_id from unfinished_closes`.execute(db)
        return rows
      }
      await expect.poll(live).toEqual([])
    },
    async expectTruth() {
      const booked = async () => {
        const rows = await db
          .selectFrom('fills')
          .innerJoin('orders', 'orders.id', 'fills.order_id')
          .where('orders.purpose', '<>', 'record')
          .select(['fills.venue_fill_id', 'fills.quantity', 'fills.price', 'orders.sent_as'])
          .execute()
        return rows.map((row) => [row.venue_fill_id, row.quantity, row.price, row.sent_as].join(' ')).sort()
      }
      const own = new Set((await db.selectFrom('orders').select('sent_as').execute()).map((row) => row.sent_as))
      const real = venue.truth
        .fills()
        .filter(({ clientOrderId }) => own.has(clientOrderId))
        .map((fill) => [fill.venueFillId, fill.quantity.toFixed(), fill.price.toFixed(), fill.clientOrderId].join(' '))
        .sort()
      await expect.poll(booked).toEqual(real)
    },
  })
}
