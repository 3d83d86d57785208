import { handAgenda } from './difficult/agenda.ts'
import { connectDifficultVenue } from './difficult/connect.ts'
import { serveDifficultVenue } from './difficult/serve.ts'
import { createDifficultVenue, type DifficultVenueOptions } from './difficult/venue.ts'
import { venueContract } from './venue-contract.ts'
import type { Deviations, VenueUnderTest } from './venue-under-test.ts'

/** A difficult venue in hand time; each sentence meets other difficulties. */
async function open(options: Partial<DifficultVenueOptions>, deviations?: Deviations): Promise<VenueUnderTest> {
  const agenda = handAgenda()
  const venue = createDifficultVenue({ seed: ++seed, agenda, ...options })
  let ids = 0
  return {
    venue,
    accounts: ['one', 'other'],
    symbols: ['BYND', 'AAPL'],
    notTraded: 'NOPE',
    newClientOrderId: () => `order-${++ids}`,
    setPrice: venue.setPrice,
    settle: venue.settle,
    now: agenda.now,
    letPass: agenda.advance,
    isTimeByHand: true,
    deviations,
    async close() {
      venue.close()
    },
  }
}
let seed = 8

venueContract('the difficult venue while nothing is difficult', () => open({}))

venueContract('the difficult venue across processes', async () => {
  const under = await open({})
  const served = await serveDifficultVenue(under.venue)
  const close = async () => {
    await served.close()
    await under.close()
  }
  return { ...under, venue: await connectDifficultVenue(served.url), close }
})

venueContract('the difficult venue that is slow, fills in parts and says little', () =>
  open({
    difficulties: {
      parts: 1,
      waits: 0.5,
      slowCancels: 0.5,
      racingCancels: 0.3,
      refusedCancels: 0.3,
      slowReplaces: 0.5,
      newIds: 0.8,
      refusedOldIds: 1,
      unknownStatuses: 0.3,
      lostEvents: 0.3,
      doubledEvents: 0.3,
      lateEvents: 0.3,
      reorderedEvents: 0.3,
    },
  }),
)

venueContract('the difficult venue that hardly answers and shows orders late', () =>
  open({
    difficulties: { lostRequests: 0.2, lostAnswers: 0.2, slowRequests: 0.2, slowAnswers: 0.2, missing: 0.5 },
    // Shorter than the life of an order with a time in a sentence.
    timings: { slow: [100, 900], missing: [100, 900] },
  }),
)

venueContract('the difficult venue with deviations', () =>
  open(
    { difficulties: { parts: 0.5, lateFills: 1, overfills: 0.5, worseFills: 0.5, repeatedIds: 0.5, lateInLists: 0.5 } },
    { lateFills: true, overfills: true, worseFills: true, repeatedFills: true, lateInLists: true },
  ),
)

venueContract('the difficult venue that can do little', () =>
  open({ capabilities: { refusesDuplicates: false, canReplace: false, canShort: false } }),
)
