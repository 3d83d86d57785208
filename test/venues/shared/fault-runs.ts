import { expect, onTestFinished, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { type OrderEvent, type OrderReport, type Venue, VenueError, type VenueFill } from '../../../src/venues/venue.ts'
import fc from '../../support/fast-check.ts'

/** A local broker with one account and a symbol at $1.00 and $1.01, and the adapter at it. */
export interface FaultyBroker {
  venue: Venue
  /** BYND unless it is given. */
  symbol?: string
  account: string
  setPrice(bid: string, ask: string): void
  letPass(milliseconds: number): Promise<void>
  settle(): Promise<void>
  cutStreams(): void
  /** Ends the tokens; `isFinal`: and gives no others. */
  expireTokens(isFinal: boolean): void
  /** The member buys so many shares at the market on the broker's page. Throws when the broker refuses it. */
  buyElsewhere(quantity: string): void
  /** The exchange takes back the execution with this number of those that count. Absent where only `reconcile` hears of it. */
  bust?(number: number): void
  /** All requests are too many, until time passes or the faults are over. Absent: no storm is tried. */
  storm?(): void
  /** Orders but those with a target are for eighths of a share. */
  hasParts?: boolean
  /** An order that is moved while it is filled may be filled beyond what was ordered, before it is taken back. */
  mayOverfill?: boolean
  /** Ends all faults, or begins those of the run again. */
  setFaults(are: 'over' | 'as in the run'): void
  /** Shares of the account, as the broker counts them. */
  held(): Big
  /** Orders that arrived under an id of the desk, and were not refused. */
  arrived(clientOrderId: string): number
  close(): Promise<void>
}

/** A broker whose faults are tried. */
export interface FaultyBrokers<Options> {
  /** The faults of a run: each either never, or with its usual probability. */
  usual: Record<string, number>
  options: fc.Arbitrary<Options>
  open(seed: number, faults: Record<string, number>, options: Options): Promise<FaultyBroker>
}

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
  | { do: 'sweep' | 'cut' | 'storm' }

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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('storm' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'sweep' as const, 'cut' as const) }) },
)

const runs = Number(process.env.RUNS ?? 12)

/**
 * The property of every adapter: whatever fails, no order is taken twice, no fill is lost or doubled, and the sums are the broker's.
 * `RUNS=3000 SEED=random` asks for more.
 */
export function faultRuns<Options>({ usual, options, open }: FaultyBrokers<Options>): void {
  test(
    'whatever fails: no order is taken twice, no fill is lost or doubled, and the sums are the broker’s',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            seed: fc.nat(),
            chosen: fc.subarray(Object.keys(usual)),
            steps: fc.array(step, { minLength: 5, maxLength: 25 }),
            how: options,
          }),
          async ({ seed, chosen, steps, how }) => {
            const given = Object.fromEntries(chosen.map((name) => [name, usual[name]!]))
            const broker = await open(seed, given, how)
            const { venue, account, symbol = 'BYND' } = broker
            const end = () => venue.follow?.([])
            onTestFinished(end)
            const sent: { id: string; isExit: boolean }[] = []
            const moved = new Set<string>()
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
                  // After too many requests nothing is asked for a moment.
                  await new Promise((resolve) => setTimeout(resolve, 5))
                }
              }
            }

            async function sweep(): Promise<boolean> {
              const open = await asked(() => venue.openOrders(account))
              // As the desk does: an order that works for more than is left of it is taken back.
              for (const { clientOrderId, isOversized } of open ?? [])
                if (isOversized) await venue.cancel({ account, clientOrderId })
              const read = await asked(() => venue.fills(account, cursor))
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
                await broker.settle()
                // After too many requests nothing is asked for a moment.
                await new Promise((resolve) => setTimeout(resolve, 2))
              }
            }

            const reference = (index: number) => ({ account, clientOrderId: sent[index % sent.length]!.id })

            for (const one of steps) {
              if (one.do === 'send') {
                const id = `desk-${sent.length + 1}`
                const isExit = one.side === 'sell'
                sent.push({ id, isExit })
                const price = new Big(one.cents).div(100)
                const wanted = {
                  ...{ account, clientOrderId: id, symbol, side: one.side, isExit },
                  quantity: new Big(one.quantity).div(broker.hasParts && one.kind !== 'both' ? 8 : 1),
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
                broker.setPrice(bid.toFixed(2), bid.plus('0.01').toFixed(2))
              } else if (one.do === 'pass') await broker.letPass(one.ms)
              else if (one.do === 'sweep') await sweep()
              else if (one.do === 'cut') broker.cutStreams()
              else if (one.do === 'storm') broker.storm?.()
              else if (one.do === 'expire') broker.expireTokens(one.isFinal)
              else if (one.do === 'elsewhere') {
                try {
                  broker.buyElsewhere(String(one.quantity))
                } catch {
                  // The broker refuses it, as it may.
                }
              } else if (one.do === 'bust') {
                if (!broker.bust) continue
                // A bust of which nobody had heard is no fill at all; so all is heard before.
                await broker.letPass(15_000)
                broker.setFaults('over')
                await sweepToTheEnd()
                broker.bust(one.execution)
                broker.setFaults('as in the run')
              } else if (sent.length > 0 && one.do === 'look') hear(await asked(() => venue.find(reference(one.order))))
              else if (sent.length > 0 && one.do === 'cancel') {
                const answer = await venue.cancel(reference(one.order))
                if (answer.outcome === 'ended') hear(answer.report)
              } else if (sent.length > 0 && one.do === 'move') {
                moved.add(reference(one.order).clientOrderId)
                const answer = await venue.replace(reference(one.order), new Big(one.cents).div(100))
                if (answer.outcome === 'replaced') hear(answer.report)
              }
            }

            // The faults end, and everything that is under way arrives.
            broker.setFaults('over')
            for (const _ of [1, 2, 3]) {
              await broker.letPass(30_000)
              await broker.settle()
            }
            await sweepToTheEnd()

            const signed = ({ side, quantity, reverses }: VenueFill) =>
              (side === 'buy') === (reverses === undefined) ? quantity : quantity.neg()
            const net = (fills: Iterable<VenueFill>) => sum([...fills].map(signed)).toFixed()
            const held = broker.held().toFixed()
            const about = JSON.stringify({ seed, chosen, how })
            expect(contradictions, about).toEqual([])
            expect(net(books.values()), `the books, ${about}`).toBe(held)
            expect(net(listed.values()), `the list, ${about}`).toBe(held)
            const positions = await certainly(() => venue.positions(account))
            expect(positions[0]?.signedQuantity.toFixed() ?? '0', about).toBe(held)
            for (const { id } of sent) {
              expect(broker.arrived(id), `${id} arrived, ${about}`).toBeLessThanOrEqual(1)
              const report = await certainly(() => venue.find({ account, clientOrderId: id }))
              const own = [...books.values()].filter(({ clientOrderId }) => clientOrderId === id)
              const filled = sum(
                own.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())),
              )
              expect(filled.toFixed(), `${id} in the books, ${about}`).toBe(
                (report?.filledQuantity ?? new Big(0)).toFixed(),
              )
              expect(report?.isOversized, `${id} works for too much, ${about}`).toBeUndefined()
              if (report && !(broker.mayOverfill && moved.has(id)))
                expect(filled.lte(report.quantity), `${id} is filled too much, ${about}`).toBe(true)
            }
            end()
            await broker.close()
          },
        ),
        { numRuns: runs },
      )
    },
    60_000 + runs * 3000,
  )
}
