import { afterEach, beforeEach, describe } from 'vitest'
import { customerOf } from './customer.ts'
import { accounting } from './sentences/accounting.ts'
import { ending } from './sentences/ending.ts'
import type { Ground } from './sentences/ground.ts'
import { placing } from './sentences/placing.ts'
import { refusing } from './sentences/refusing.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

/**
 * What every venue has to do, in sentences: `open` gives a fresh one to each of them. Both symbols are at $1.00 bid and
 * $1.01 ask to begin with. README.md beside this file says how another venue is put under it.
 */
export function venueContract(name: string, open: () => Promise<VenueUnderTest>): void {
  describe(name, () => {
    let ground: Ground

    beforeEach(async () => {
      const under = await open()
      ground = { under, customer: customerOf(under) }
      for (const symbol of under.symbols) await under.setPrice(symbol, '1.00', '1.01')
    })

    afterEach(() => ground.under.close())

    placing(() => ground)
    ending(() => ground)
    accounting(() => ground)
    refusing(() => ground)
  })
}
