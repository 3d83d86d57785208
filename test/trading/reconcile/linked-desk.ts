import { vi } from 'vitest'
import { timerAgenda } from '../../contracts/venues/difficult/agenda.ts'
import type { DifficultVenueOptions } from '../../contracts/venues/difficult/venue.ts'
import { handMarket, openTestDesk, type TestDesk, type TestDeskOptions } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { hurriedClock } from '../orders/moody.ts'
import { createLinkedVenue, type LinkedVenue } from './linked-venue.ts'

/** A member with a linked account in use. */
export interface Linked extends Someone {
  accountId: number
  /** The account at the broker. */
  account: string
}

/** A desk with a broker whose accounts are linked. */
export interface LinkedDesk {
  desk: TestDesk
  venue: LinkedVenue
  /** Somebody who uses a linked account here. `before` happens at the broker first. */
  member(before?: (account: string) => Promise<void> | void): Promise<Linked>
  /** Sets the price of a symbol for the desk and at the broker, in dollars. */
  price(symbol: string, price: string): void
  /** Waits until something holds. */
  until(holds: () => Promise<unknown> | unknown): Promise<void>
  /** Everything posted so far, as one text. */
  posted(): string
  close(): Promise<void>
}

let accounts = 0

/** Opens a desk in a database of its own. Looks come every few milliseconds. */
export async function openLinkedDesk(
  options: TestDeskOptions & { difficult?: Partial<DifficultVenueOptions>; lostAfterMs?: number } = {},
): Promise<LinkedDesk> {
  const timeScale = 60
  const clock = hurriedClock(timeScale)
  const { difficult, lostAfterMs = 60_000, ...rest } = options
  const agenda = timerAgenda(clock, 20)
  const venue = createLinkedVenue(
    { seed: 1, agenda, ...difficult, capabilities: { lostAfterMs, ...difficult?.capabilities } },
    {},
  )
  const market = handMarket(clock.now)
  const desk = await openTestDesk({
    ...{ clock, market, timeScale, sweepEveryMs: 200, venues: { broker: venue } },
    accounts: {
      renewEveryMs: 100,
      busyEveryMs: 60,
      idleEveryMs: 60,
      tickMs: 30,
      matchAfterMs: 1500,
      underWayMs: 20_000,
    },
    ...rest,
  })
  return {
    desk,
    venue,
    async member(before) {
      const person = someone(desk)
      await person.say('balance')
      const account = `B-${++accounts}`
      await before?.(account)
      const { db } = desk.desk.parts
      await person.say('account new spare')
      const { member_id } = await db
        .selectFrom('accounts')
        .select('member_id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow()
      const row = await db
        .insertInto('accounts')
        .values({
          member_id,
          name: 'linked',
          mode: 'paper',
          venue: 'broker',
          venue_account: account,
          masked_number: `••••${accounts}`,
          unlinked_at: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const used = await person.say('use linked')
      if (!used.includes('linked now')) throw new Error(used)
      await vi.waitFor(
        () =>
          db.selectFrom('account_looks').select('looked_at').where('account_id', '=', row.id).executeTakeFirstOrThrow(),
        { interval: 20 },
      )
      return { ...person, accountId: row.id, account }
    },
    price(symbol, price) {
      venue.difficult.setPrice(symbol, price)
      market.set(symbol, price)
    },
    async until(holds) {
      await vi.waitFor(
        async () => {
          if (!(await holds())) throw new Error(`does not hold: ${holds}`)
        },
        { interval: 20 },
      )
    },
    posted: () => desk.posted.map(({ text }) => text).join('\n\n'),
    async close() {
      await desk.close()
      venue.difficult.close()
    },
  }
}
