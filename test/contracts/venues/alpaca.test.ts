import { type AlpacaOptions, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { venueAt } from '../../venues/alpaca/under-test.ts'
import { venueContract } from './venue-contract.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

/** The adapter at a local Alpaca whose time is moved by hand. */
async function open(options: AlpacaOptions = {}): Promise<VenueUnderTest> {
  const alpaca = await startAlpacaServer({ seed: ++seed, ...options })
  const accounts = [alpaca.addAccount(), alpaca.addAccount()] as const
  for (const symbol of ['BYND', 'AAPL']) alpaca.addAsset(symbol, { fractionable: false })
  const venue = venueAt(alpaca, [...accounts])
  let ids = 0
  return {
    venue,
    accounts: [accounts[0].id, accounts[1].id],
    symbols: ['BYND', 'AAPL'],
    notTraded: 'NOPE',
    newClientOrderId: () => `desk-${seed}-${++ids}`,
    setPrice: (symbol, bid, ask) => alpaca.setPrice(symbol, bid, ask),
    settle: alpaca.settle,
    now: alpaca.now,
    letPass: alpaca.letPass,
    isTimeByHand: true,
    // The desk cancels at the time, and reverses a position by two orders. Executions of one moment are listed in any order.
    deviations: { untimed: true, turnsNothing: true, lateInLists: true },
    async close() {
      venue.follow?.([])
      await alpaca.close()
    },
  }
}
let seed = 0

venueContract('Alpaca', () => open())

venueContract('Alpaca that hardly answers, fills in parts, is slow, and shows executions late', () =>
  open({
    faults: {
      ...{ lostPlacements: 0.1, lostAnswers: 0.1, falseFailures: 0.1, failures: 0.05 },
      ...{
        parts: 0.7,
        slowCancels: 0.5,
        slowReplaces: 0.4,
        unknownStatuses: 0.3,
        lateActivities: 0.3,
        bareNumbers: 0.5,
      },
      ...{ droppedFrames: 0.5, doubledFrames: 0.3, lateFrames: 0.3, reorderedFrames: 0.3, cutStreams: 0.02 },
      halfOpenStreams: 0.1,
    },
    hasUnlikeIds: true,
    carriesFills: true,
  }),
)
