import { expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import type { OrderEvent, Venue } from '../../../../src/venues/venue.ts'
import fc from '../../../support/fast-check.ts'
import { handAgenda } from './agenda.ts'
import { connectDifficultVenue } from './connect.ts'
import { calm, type Difficulties } from './difficulties.ts'
import { serveDifficultVenue } from './serve.ts'
import { buying, limited, the } from './someone.ts'
import { createDifficultVenue, type DifficultVenue } from './venue.ts'

const ids = fc.constantFrom('a', 'b', 'c', 'd')
const cents = fc.integer({ min: 90, max: 110 }).map((price) => (price / 100).toFixed(2))
const act = fc.oneof(
  fc.record({ what: fc.constantFrom('submit', 'cancel', 'find', 'fills', 'open'), id: ids, price: cents }),
  fc.record({ what: fc.constantFrom('limit', 'replace', 'price'), id: ids, price: cents }),
)
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never
const acts = fc.array(act, { minLength: 1, maxLength: 25 })
const seeds = fc.integer()

/** Each difficulty is on in half of the runs, and then affects every other call or order. */
const difficulties: fc.Arbitrary<Difficulties> = fc.record(
  Object.fromEntries(Object.keys(calm).map((name) => [name, fc.constantFrom(0, 0.5)])) as never,
)
const lostAfterMs = 60_000

/** The answer as text; `undefined` when there is none. */
async function take(venue: Venue, difficult: DifficultVenue, { what, id, price }: Act): Promise<unknown> {
  switch (what) {
    case 'submit':
      return venue.submit(buying(id))
    case 'limit':
      return venue.submit(limited(id, price))
    case 'cancel':
      return venue.cancel(the(id))
    case 'replace':
      return venue.replace(the(id), new Big(price))
    case 'find':
      return venue.find(the(id))
    case 'fills':
      return venue.fills('one')
    case 'open':
      return venue.openOrders('one')
    case 'price':
      return difficult.setPrice('BYND', price)
  }
}

interface Run {
  answers: unknown[]
  events: OrderEvent[]
  truth: unknown
}

/** Takes all acts, one after the other, with a second for each. */
async function run(
  seed: number,
  drawn: Difficulties,
  all: Act[],
  reach: (difficult: DifficultVenue) => Promise<{ venue: Venue; close?(): Promise<void> }>,
): Promise<Run> {
  const agenda = handAgenda()
  const difficult = createDifficultVenue({ seed, difficulties: drawn, agenda, capabilities: { lostAfterMs } })
  difficult.setPrice('BYND', '1.00', '1.01')
  const events: OrderEvent[] = []
  difficult.subscribe({ heard: (event) => events.push(event), failed: () => {} })
  const { venue, close } = await reach(difficult)
  const answers: Promise<unknown>[] = []
  for (const one of all) {
    const isPrompt = drawn.slowAnswers + drawn.slowRequests === 0
    const answer = take(venue, difficult, one).catch((cause) => cause.message)
    answers.push(answer)
    if (isPrompt) await answer
    await agenda.advance(1000)
  }
  await difficult.settle()
  const { truth } = difficult
  const answered = await Promise.all(answers)
  await close?.()
  return { answers: answered, events, truth: { orders: truth.orders(), fills: truth.fills() } }
}

const inProcess = async (venue: Venue) => ({ venue })
const served = async (difficult: DifficultVenue) => {
  const { url, close } = await serveDifficultVenue(difficult)
  return { venue: await connectDifficultVenue(url), close }
}

test('the same seed and the same calls give the same run', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, difficulties, acts, async (seed, drawn, all) => {
      expect(await run(seed, drawn, all, inProcess)).toEqual(await run(seed, drawn, all, inProcess))
    }),
    { numRuns: 40 },
  )
})

test('a venue that is served to other processes behaves the same', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, difficulties, acts, async (seed, drawn, all) => {
      const prompt = { ...drawn, slowAnswers: 0, slowRequests: 0 }
      expect(await run(seed, prompt, all, served)).toEqual(await run(seed, prompt, all, inProcess))
    }),
    { numRuns: 30 },
  )
})

test('with any difficulties the book adds up: each order equals the sum of its fills, and each account their net', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, difficulties, acts, async (seed, drawn, all) => {
      const agenda = handAgenda()
      const venue = createDifficultVenue({ seed, difficulties: drawn, agenda, capabilities: { lostAfterMs } })
      venue.setPrice('BYND', '1.00', '1.01')
      for (const one of all) {
        void take(venue, venue, one).catch(() => {})
        await agenda.advance(1000)
      }
      venue.calm()
      await venue.settle()
      const held = await venue.positions('one')
      expect(held[0]?.signedQuantity.toFixed() ?? '0').toBe(venue.truth.net('one', 'BYND').toFixed())
      for (const order of venue.truth.orders()) {
        expect(venue.truth.timesTaken(order.clientOrderId)).toBe(1)
        const report = (await venue.find(order))!
        expect(report.state).toBe(order.state)
        const filled = report.filledQuantity
        if (report.state === 'filled') expect(filled.gte(order.quantity)).toBe(true)
        if (report.state === 'working') expect(filled.lt(order.quantity)).toBe(true)
        expect(new Map(report.fills.map((fill) => [fill.venueFillId, fill]))).toEqual(
          new Map(order.fills.map(({ cause: _, ...fill }) => [fill.venueFillId, fill])),
        )
      }
    }),
    { numRuns: 150 },
  )
})

test('other calls do not change the fate of the calls for an earlier order', async () => {
  const runAmong = async (others: number) => {
    const venue = createDifficultVenue({ seed: 3, difficulties: { parts: 1, lostAnswers: 0.5, refusedCancels: 0.5 } })
    venue.setPrice('BYND', '1.00', '1.01')
    const answers = [await venue.submit(buying('a')), await venue.submit(limited('b', '0.50'))]
    for (let other = 0; other < others; other++) await venue.cancel({ account: 'other', clientOrderId: `${other}` })
    for (let time = 0; time < 3; time++) answers.push((await venue.cancel(the('b'))) as never)
    await venue.settle()
    return { answers, orders: venue.truth.orders() }
  }
  expect(await runAmong(5)).toEqual(await runAmong(0))
})
