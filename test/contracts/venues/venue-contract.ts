import { afterEach, beforeEach, describe, expect } from 'vitest'
import { customerOf } from './customer.ts'
import { accounting } from './sentences/accounting.ts'
import { ending } from './sentences/ending.ts'
import type { Ground } from './sentences/ground.ts'
import { placing } from './sentences/placing.ts'
import { refusing } from './sentences/refusing.ts'
import type { VenueUnderTest } from './venue-under-test.ts'
import { type Witness, witnessed } from './witness.ts'

/**
 * What every venue has to do, in sentences. `open` gives a fresh one to each of them; both symbols are at $1.00 bid and $1.01
 * ask to begin with. Whatever the venue says is held against what was sent. README.md beside this file says how another
 * venue is put under it.
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
  })
}
