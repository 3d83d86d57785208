import { alpacaLimit } from '../../../src/venues/alpaca/client.ts'
import { createBudgets } from '../../../src/venues/shared/budgets.ts'
import { type Faults, noFaults } from '../../platforms/alpaca/faults.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import fc from '../../support/fast-check.ts'
import { faultRuns } from '../shared/fault-runs.ts'
import { accessByToken, venueAt } from './under-test.ts'

const usual = {
  ...{
    lostPlacements: 0.15,
    lostAnswers: 0.15,
    falseFailures: 0.15,
    slowPlacements: 0.1,
    failures: 0.1,
    silences: 0.02,
    busy: 0.2,
  },
  ...{ parts: 0.6, lateRejects: 0.1, slowCancels: 0.4, racingCancels: 0.4, slowReplaces: 0.4, unknownStatuses: 0.3 },
  ...{
    lateActivities: 0.4,
    missing: 0.3,
    droppedFrames: 0.8,
    doubledFrames: 0.3,
    lateFrames: 0.3,
    reorderedFrames: 0.3,
  },
  ...{ halfOpenStreams: 0.2, cutStreams: 0.05, bareNumbers: 0.5 },
} satisfies Partial<Faults>

faultRuns({
  usual,
  options: fc.record({
    hasUnlikeIds: fc.boolean(),
    // A replacing order is for the rest, counts on, or is for the whole again.
    successor: fc.constantFrom('rest', 'counts on', 'whole again'),
    hasParts: fc.boolean(),
    // The broker's clock is ahead or behind; members have keys or tokens.
    skewMs: fc.constantFrom(0, 240_000, -240_000, 1_500_000, -1_500_000),
    hasTokens: fc.boolean(),
  }),
  async open(seed, faults, { skewMs, hasTokens, hasParts, successor, hasUnlikeIds }) {
    const [carriesFills, replacesWhole] = [successor === 'counts on', successor === 'whole again']
    const alpaca = await startAlpacaServer({ seed, faults, hasUnlikeIds, carriesFills, replacesWhole })
    alpaca.skew(skewMs)
    const account = alpaca.addAccount({ cash: '100000' })
    alpaca.addAsset('BYND', { fractionable: hasParts })
    alpaca.setPrice('BYND', '1.00', '1.01')
    const venue = venueAt(alpaca, [account], {
      times: { orderPatienceMs: 120, lookPatienceMs: 120, silentForMs: 300, pingEveryMs: 40 },
      now: () => new Date(alpaca.now().getTime() - skewMs),
      // A pause of a second after too many requests lasts a millisecond here.
      budgets: createBudgets(alpacaLimit, () => performance.now() * 1000),
      ...(hasTokens && { access: accessByToken(alpaca, account) }),
    })
    return {
      ...{ venue, account: account.id, settle: alpaca.settle, close: alpaca.close },
      ...{ hasParts, mayOverfill: replacesWhole },
      storm() {
        alpaca.faults.busy = 1
      },
      async letPass(ms) {
        alpaca.faults.busy = faults.busy ?? 0
        await alpaca.letPass(ms)
      },
      setPrice: (bid, ask) => alpaca.setPrice('BYND', bid, ask),
      cutStreams: () => alpaca.cutStreams(),
      expireTokens(isFinal) {
        alpaca.oauth.expireTokens()
        alpaca.oauth.refusesRefresh = isFinal
      },
      buyElsewhere(qty) {
        const body = { symbol: 'BYND', side: 'buy', qty, type: 'market', time_in_force: 'day' }
        alpaca.placeElsewhere(account, body)
      },
      bust(number) {
        const found = alpaca.executions(account)
        if (found.length > 0) alpaca.bust(found[number % found.length]!.id)
      },
      setFaults(are) {
        Object.assign(alpaca.faults, are === 'over' ? noFaults : faults)
        if (are === 'over') alpaca.oauth.refusesRefresh = false
      },
      held: () => alpaca.held(account, 'BYND'),
      arrived: (id) => alpaca.ordersNamed(id).length,
    }
  },
})
