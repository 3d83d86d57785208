import type { Customer } from '../customer.ts'
import type { VenueUnderTest } from '../venue-under-test.ts'

/** The venue of one sentence, and a customer who trades there. */
export interface Ground {
  under: VenueUnderTest
  customer: Customer
}
