import { expect, onTestFinished, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { alpacaLimit } from '../../../src/venues/alpaca/client.ts'
import { createBudgets } from '../../../src/venues/shared/budgets.ts'
import { type OrderEvent, type OrderReport, VenueError, type VenueFill } from '../../../src/venues/venue.ts'
import { type Faults, noFaults } from '../../platforms/alpaca/faults.ts'
import { startAlpacaServer } from '../../platforms/alpaca/server.ts'
import fc from '../../support/fast-check.ts'
import { accessByToken, venueAt } from './under-test.ts'

/** One thing that happens in a run. */
type Step =
  | { do: 'send'; side: 'buy' | 'sell'; kind: 'market' | 'limit' | 'stop' | 'both'; quantity: number; cents: number }
  | { do: 'cancel' | 'look'; order: number }
  | { do: 'move'; order: number; cents: number }
  | { do: 'price'; cents: number }
  | { do: 'pass'; ms: number }
  | { do: 'elsewhere'; quantity: number }
  | { do: 'bust'; execution: number }
  | { do: 'expire'; isFinal: boolean }
  | { do: 'sweep' | 'cut' }

const cents = fc.integer({ min: 80, max: 120 })
const order = fc.nat(20)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      kind: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const, 'both' as const),
      quantity: fc.integer({ min: 1, max: 30 }),
      cents,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'look' as const), order }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), order, cents }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('price' as const), cents }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 10, max: 5000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('elsewhere' as const), quantity: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bust' as const), execution: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), isFinal: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'sweep' as const, 'cut' as const) }) },
)

/** The faults of a run: each either never, or with its usual probability. */
const usual: Partial<Faults> = {
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
}
const faults = fc.subarray(Object.keys(usual) as (keyof Faults)[])
const runs = Number(process.env.RUNS ?? 12)

test(
  'whatever fails: no order is taken twice, no fill is lost or doubled, and the sums are the broker’s',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          chosen: faults,
          steps: fc.array(step, { minLength: 5, maxLength: 25 }),
          hasUnlikeIds: fc.boolean(),
          carriesFills: fc.boolean(),
          // The broker's clock is ahead or behind; members have keys or tokens.
          skewMs: fc.constantFrom(0, 240_000, -240_000),
          hasTokens: fc.boolean(),
        }),
        async ({ seed, chosen, steps, skewMs, hasTokens, ...options }) => {
          const how = { skewMs, hasTokens, ...options }
          const given = Object.fromEntries(chosen.map((name) => [name, usual[name]]))
          const alpaca = await startAlpacaServer({ seed, faults: given, ...options })
          alpaca.skew(skewMs)
          const account = alpaca.addAccount({ cash: '100000' })
          alpaca.addAsset('BYND', { fractionable: false })
          alpaca.setPrice('BYND', '1.00', '1.01')
          const times = { orderPatienceMs: 120, lookPatienceMs: 120, silentForMs: 300, pingEveryMs: 40 }
          const venue = venueAt(alpaca, [account], {
            times,
            now: () => new Date(alpaca.now().getTime() - skewMs),
            // A pause of a second after too many requests lasts a millisecond here.
            budgets: createBudgets(alpacaLimit, () => performance.now() * 1000),
            ...(hasTokens && { access: accessByToken(alpaca, account) }),
          })
          const end = () => venue.follow?.([])
          onTestFinished(end)
          const sent: { id: string; isExit: boolean }[] = []
          /** The books of a customer: each fill once, by its id, from wherever it came. */
          const books = new Map<string, VenueFill>()
          const listed = new Map<string, VenueFill>()
          const contradictions: string[] = []
          let cursor: string | undefined

          function book(fills: VenueFill[]): void {
            for (const fill of fills) {
              const before = books.get(fill.venueFillId)
              if (before && JSON.stringify(before) !== JSON.stringify(fill)) contradictions.push(fill.venueFillId)
              books.set(fill.venueFillId, fill)
            }
          }
          const hear = (report: OrderReport | undefined) => report && book(report.fills)
          venue.subscribe({
            heard: (event: OrderEvent) => (event.kind === 'fill' ? book([event.fill]) : hear(event.report)),
            failed: () => {},
          })

          async function asked<Found>(question: () => Promise<Found>): Promise<Found | undefined> {
            try {
              return await question()
            } catch (cause) {
              if (cause instanceof VenueError) return undefined
              throw cause
            }
          }

          /** The answer to a question, once there is one: a loaded machine answers late. */
          async function certainly<Found>(question: () => Promise<Found>): Promise<Found> {
            for (let tries = 0; ; tries++) {
              try {
                return await question()
              } catch (cause) {
                if (!(cause instanceof VenueError) || tries > 50) throw cause
              }
            }
          }

          async function sweep(): Promise<boolean> {
            const open = await asked(() => venue.openOrders(account.id))
            const read = await asked(() => venue.fills(account.id, cursor))
            if (read) {
              for (const fill of read.fills) {
                if (listed.has(fill.venueFillId)) contradictions.push(`${fill.venueFillId} is listed twice`)
                listed.set(fill.venueFillId, fill)
              }
              book(read.fills)
              cursor = read.cursor
            }
            return open !== undefined && read !== undefined && read.fills.length === 0
          }

          async function sweepToTheEnd(): Promise<void> {
            for (let sweeps = 0; !(await sweep()); sweeps++) {
              expect(sweeps, 'the list comes to an end').toBeLessThan(100)
              await alpaca.settle()
              // After too many requests nothing is asked for a moment.
              await new Promise((resolve) => setTimeout(resolve, 2))
            }
          }

          const reference = (index: number) => ({ account: account.id, clientOrderId: sent[index % sent.length]!.id })

          for (const one of steps) {
            if (one.do === 'send') {
              const id = `desk-${sent.length + 1}`
              const isExit = one.side === 'sell'
              sent.push({ id, isExit })
              const price = new Big(one.cents).div(100)
              const wanted = {
                ...{ account: account.id, clientOrderId: id, symbol: 'BYND', side: one.side, isExit },
                quantity: new Big(one.quantity),
                ...(one.kind === 'limit' && { limitPrice: price }),
                ...(one.kind === 'stop' && { stopPrice: price }),
                ...(one.kind === 'both' && { stopPrice: price.minus('0.30'), targetPrice: price.plus('0.30') }),
              }
              const answer = await venue.submit(wanted)
              if (answer.outcome === 'accepted') hear(answer.report)
              // An exit without an answer is sent again, under its id.
              if (answer.outcome === 'unknown' && isExit) {
                const found = await asked(() => venue.find(wanted))
                if (!found) await venue.submit(wanted)
              }
            } else if (one.do === 'price') {
              const bid = new Big(one.cents).div(100)
              alpaca.setPrice('BYND', bid.toFixed(2), bid.plus('0.01').toFixed(2))
            } else if (one.do === 'pass') await alpaca.letPass(one.ms)
            else if (one.do === 'sweep') await sweep()
            else if (one.do === 'cut') alpaca.cutStreams()
            else if (one.do === 'expire') {
              alpaca.oauth.expireTokens()
              alpaca.oauth.refusesRefresh = one.isFinal
            } else if (one.do === 'elsewhere') {
              const body = {
                symbol: 'BYND',
                side: 'buy',
                qty: String(one.quantity),
                type: 'market',
                time_in_force: 'day',
              }
              try {
                alpaca.placeElsewhere(account, body)
              } catch {
                // The broker refuses it, as it may.
              }
            } else if (one.do === 'bust') {
              // A bust of which nobody had heard is no fill at all; so all is heard before.
              await alpaca.letPass(15_000)
              Object.assign(alpaca.faults, noFaults)
              alpaca.oauth.refusesRefresh = false
              await sweepToTheEnd()
              const found = alpaca.executions(account)
              if (found.length > 0) alpaca.bust(found[one.execution % found.length]!.id)
              Object.assign(alpaca.faults, given)
            } else if (sent.length > 0 && one.do === 'look') hear(await asked(() => venue.find(reference(one.order))))
            else if (sent.length > 0 && one.do === 'cancel') {
              const answer = await venue.cancel(reference(one.order))
              if (answer.outcome === 'ended') hear(answer.report)
            } else if (sent.length > 0 && one.do === 'move') {
              const answer = await venue.replace(reference(one.order), new Big(one.cents).div(100))
              if (answer.outcome === 'replaced') hear(answer.report)
            }
          }

          // The faults end, and everything that is under way arrives.
          Object.assign(alpaca.faults, noFaults)
          alpaca.oauth.refusesRefresh = false
          for (const _ of [1, 2, 3]) {
            await alpaca.letPass(30_000)
            await alpaca.settle()
          }
          await sweepToTheEnd()

          const signed = ({ side, quantity, reverses }: VenueFill) =>
            (side === 'buy') === (reverses === undefined) ? quantity : quantity.neg()
          const net = (fills: Iterable<VenueFill>) => sum([...fills].map(signed)).toFixed()
          const held = alpaca.held(account, 'BYND').toFixed()
          const about = JSON.stringify({ seed, chosen, ...how })
          expect(contradictions, about).toEqual([])
          expect(net(books.values()), `the books, ${about}`).toBe(held)
          expect(net(listed.values()), `the list, ${about}`).toBe(held)
          const positions = await certainly(() => venue.positions(account.id))
          expect(positions[0]?.signedQuantity.toFixed() ?? '0', about).toBe(held)
          for (const { id } of sent) {
            expect(alpaca.ordersNamed(id).length, `${id} arrived, ${about}`).toBeLessThanOrEqual(1)
            const report = await certainly(() => venue.find({ account: account.id, clientOrderId: id }))
            const own = [...books.values()].filter(({ clientOrderId }) => clientOrderId === id)
            const filled = sum(
              own.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())),
            )
            expect(filled.toFixed(), `${id} in the books, ${about}`).toBe(
              (report?.filledQuantity ?? new Big(0)).toFixed(),
            )
            if (report) expect(filled.lte(report.quantity), `${id} is filled too much, ${about}`).toBe(true)
          }
          end()
          await alpaca.close()
        },
      ),
      { numRuns: runs },
    )
  },
  60_000 + runs * 3000,
)
