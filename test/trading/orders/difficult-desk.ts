import { sql } from 'kysely'
import { vi } from 'vitest'
import { liveStates } from '../../../src/trading/orders/rules/order-lifecycle.ts'
import { timerAgenda } from '../../contracts/venues/difficult/agenda.ts'
import { createDifficultVenue, type DifficultVenue } from '../../contracts/venues/difficult/venue.ts'
import { handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAgree, expectFillsToAgree, expectReservationsToFit } from './difficult-books.ts'
import { hurriedClock } from './moody.ts'

/** A desk whose venue is difficult. */
export interface DifficultDesk {
  venue: DifficultVenue
  /** Somebody who has not been there before. */
  newcomer(): Someone
  /** Sets the price of a symbol for the desk and at the venue, in dollars. */
  price(symbol: string, price: string): void
  /** Lets so much of the venue's time pass; a second of it takes 50 ms. */
  letPass(milliseconds: number): Promise<void>
  /** Expects that live orders never exceed the open positions, unless the venue did something unforeseen. */
  expectReservationsToFit(): Promise<void>
  /** Ends all difficulties, waits until nothing is on its way, and expects that the books are the venue's. */
  expectToComeToRest(): Promise<void>
  close(): Promise<void>
}

/** A fast scaleout takes some 40 ms. */
const timeScale = 3600
/** As `hurriedClock` runs: a second of the venue takes 50 ms. */
const speed = 20

/**
 * Opens a desk in a database of its own. The venue draws its difficulties from `seed` once they are set. Some of its answers
 * come after the desk has given up, which takes three real seconds at most.
 */
export async function openDifficultDesk(seed: number): Promise<DifficultDesk> {
  const clock = hurriedClock(timeScale)
  const agenda = timerAgenda(clock, speed)
  const venue = createDifficultVenue({
    seed,
    agenda,
    timings: { slow: [1200, 80_000] },
    capabilities: { lostAfterMs: 20_001 },
  })
  const market = handMarket(clock.now)
  const desk = await openTestDesk({ clock, market, timeScale, sweepEveryMs: 200, venue: () => venue })
  const people: Someone[] = []
  return {
    venue,
    newcomer() {
      const person = someone(desk)
      people.push(person)
      return person
    },
    price(symbol, price) {
      venue.setPrice(symbol, price)
      market.set(symbol, price)
    },
    letPass: agenda.wait,
    expectReservationsToFit: () => expectReservationsToFit(desk.desk.parts.db, venue.truth),
    async expectToComeToRest() {
      venue.calm()
      await vi.waitFor(
        async () => {
          await venue.settle()
          for (const person of people) await person.say('cancel all')
          const left = await unrest(desk)
          if (left.length > 0) throw new Error(`not at rest: ${left.join(', ')}`)
          await expectFillsToAgree(desk.desk.parts.db, venue.truth)
        },
        { timeout: 40_000, interval: 100 },
      )
      await expectBooksToAgree(desk.desk.parts.db, venue.truth)
    },
    async close() {
      await desk.close()
      venue.close()
    },
  }
}

/** Everything that still runs or has no outcome. */
async function unrest({ desk }: TestDesk): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    select 'scaleout ' || id || ' ' || state as what from scaleouts where state in ('running', 'paused')
    union all select client_order_id || ' ' || state from orders where state = any(${[...liveStates]}::text[])
    union all select client_order_id || ' is not written yet' from unfinished_closes
    union all select type || ' ' || id from desk_events where urgency = 'CRITICAL' and settled_at is null`.execute(
    desk.parts.db,
  )
  return rows.map(({ what }) => what)
}
