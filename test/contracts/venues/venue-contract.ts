import { afterEach, beforeEach, describe, expect } from 'vitest'
import { customerOf } from './customer.ts'
import { accounting } from './sentences/accounting.ts'
import { ending } from './sentences/ending.ts'
import type { Ground } from './sentences/ground.ts'
import { placing } from './sentences/placing.ts'
import { refusing } from './sentences/refusing.ts'
import { stopping } from './sentences/stopping.ts'
import type { VenueUnderTest } from './venue-under-test.ts'
import { type Witness, witnessed } from './witness.ts'

/**
 * The contract of every venue, in sentences. `open` gives a fresh venue to each sentence; both symbols are at $1.00 bid and
 * $1.01 ask at the start. Everything that the venue reports is compared with the orders that were sent. README.md beside this
 * file explains how to add a venue.
 */
export function venueContract(name: string, open: () => Promise<VenueUnderTest>): void {
  describe(name, () => {
    let ground: Ground
    let witness: Witness

    beforeEach(async () => {
      const opened = await open()
      witness = witnessed(opened.venue, opened.accounts)
      const under = { ...opened, venue: witness.venue }
      ground = { under, customer: customerOf(under) }
      for (const symbol of under.symbols) await under.setPrice(symbol, '1.00', '1.01')
    })

    afterEach(async () => {
      await ground.under.close()
      expect(witness.contradictions).toEqual([])
    })

    placing(() => ground)
    ending(() => ground)
    accounting(() => ground)
    refusing(() => ground)
    stopping(() => ground)
  })
}
