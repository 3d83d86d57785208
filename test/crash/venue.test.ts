import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Submitted, type Venue, VenueError, type VenueOrder } from '../../src/venues/venue.ts'
import { openTestDesk, type TestDesk } from '../support/desk.ts'
import { refused, unanswered } from '../support/venue-answers.ts'
import { comesToRest, expectOneOrderAChunk, expectSoldOnce, letPass } from './ledger.ts'

/** The venue's handling of an order, with the paper venue behind it. */
type Taking = (order: VenueOrder, paper: Venue) => Promise<Submitted>

const takes: Taking = (order, paper) => paper.submit(order)
const refuses: Taking = async () => refused('the book is closed')
const losesIt: Taking = async () => unanswered('no answer within 5 s')
const breaks: Taking = async () => {
  throw new TypeError('fetch failed')
}
const takesAndDoesNotSay: Taking = async (order, paper) => {
  await paper.submit(order)
  return unanswered('no answer within 5 s')
}

const scale = 600

interface Troubled extends TestDesk {
  /** Every order as it was sent, by its id at the venue; and whether the venue answers questions about orders. */
  venue: { sent: string[]; answers: boolean }
  /** The messages of jobs so far. */
  said(): string[]
}

/** A desk with 3,750 BYND whose venue handles its first orders as `script` says, and all others normally. */
async function troubledDesk(...script: Taking[]): Promise<Troubled> {
  const venue: Troubled['venue'] = { sent: [], answers: true }
  const told = async <Told>(ask: () => Promise<Told>): Promise<Told> => {
    if (!venue.answers) throw new VenueError('no answer within 5 s')
    return ask()
  }
  const between = (paper: Venue): Venue => ({
    ...paper,
    async submit(order) {
      venue.sent.push(order.clientOrderId)
      return (script.shift() ?? takes)(order, paper)
    },
    find: (order) => told(() => paper.find(order)),
    cancel: async (order) => (venue.answers ? paper.cancel(order) : unanswered('no answer within 5 s')),
    openOrders: (account) => told(() => paper.openOrders(account)),
    fills: (account, cursor) => told(() => paper.fills(account, cursor)),
  })
  const desk = await openTestDesk({ venue: between, timeScale: scale, sweepEveryMs: 200 })
  onTestFinished(() => desk.close())
  await desk.say('long BYND 3750 @ .63')
  return { ...desk, venue, said: () => desk.posted.map(({ text }) => text) }
}

const database = (desk: TestDesk) => desk.desk.parts.db
const errorsOf = (desk: TestDesk) =>
  database(desk)
    .selectFrom('desk_events')
    .select(['data', 'at', 'urgency'])
    .where('type', '=', 'scaleout_error')
    .orderBy('id')
    .execute() as Promise<{ data: { inARow: number; retryAt?: string; left: string }; at: Date; urgency: string }[]>
const paused = (desk: Troubled) => desk.said().filter((text) => text.startsWith('⚠️ SCALEOUT PAUSED'))

describe('a scaleout whose venue', () => {
  test('refuses an order pauses, says so, and sells the chunk with a new order', async () => {
    const desk = await troubledDesk(takes, refuses)
    await desk.say('scaleout fast')
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
    await expectOneOrderAChunk(database(desk))
    expect(paused(desk)).toEqual([
      expect.stringMatching(/Chunk 2\/\d+ did not go through: the book is closed\nIt stays planned\. Next try in 5 s/),
    ])
    expect(new Set(desk.venue.sent).size).toBe(desk.venue.sent.length)
    expect(await errorsOf(desk)).toMatchObject([{ data: { inARow: 1, chunk: 2 }, urgency: 'HIGH' }])
    expect(desk.said().at(-1)).toContain('Position: FLAT')
  })

  test('refuses twice in a row is given twice the time', async () => {
    const desk = await troubledDesk(refuses, refuses)
    await desk.say('scaleout fast')
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
    const waits = (await errorsOf(desk)).map(({ at, data }) => new Date(data.retryAt!).getTime() - at.getTime())
    expect(waits.map((wait) => Math.round((wait * scale) / 5000))).toEqual([1, 2])
  })

  test('refuses now and then never stops it: only failures in a row count', async () => {
    const desk = await troubledDesk(refuses, refuses, takes, refuses, refuses, takes, refuses, refuses)
    await desk.say('scaleout fast')
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
    expect((await errorsOf(desk)).map(({ data }) => data.inARow)).toEqual([1, 2, 1, 2, 1, 2])
  })

  test('refuses three times in a row is stopped, tells the rest, and can be begun again', async () => {
    const desk = await troubledDesk(takes, takes, refuses, refuses, refuses)
    await desk.say('scaleout fast 3600')
    await vi.waitFor(() => expect(desk.said().at(-1)).toContain('SCALEOUT STOPPED'), { timeout: 60_000 })
    await comesToRest(database(desk))
    const { sold_quantity, chunk_count, state } = await database(desk)
      .selectFrom('scaleouts')
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(state).toBe('stopped')
    expect(Number(sold_quantity)).toBe(2 * Math.floor(3600 / chunk_count))
    const left = 3750 - Number(sold_quantity)
    expect(desk.said().at(-1)).toContain(`Position: LONG ${left.toLocaleString('en-US')} BYND @ $0.63`)
    expect(desk.said().at(-1)).not.toContain('not confirmed')
    expect(await errorsOf(desk)).toMatchObject([
      { data: { inARow: 1 } },
      { data: { inARow: 2 } },
      { data: { inARow: 3 } },
    ])
    expect((await errorsOf(desk)).at(-1)?.data.retryAt).toBeUndefined()
    await desk.say('scaleout fast')
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
  })

  test('accepts an order without an answer is asked about it, and does not get it again', async () => {
    const desk = await troubledDesk(takes, takesAndDoesNotSay)
    await desk.say('scaleout fast')
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
    await expectOneOrderAChunk(database(desk))
    expect(new Set(desk.venue.sent).size).toBe(desk.venue.sent.length)
    expect(paused(desk).length).toBeLessThanOrEqual(1) // none where the sweep hears of the fill first
  })

  test.each([
    ['loses an order', losesIt],
    ['breaks in a way nobody knows', breaks],
  ])('%s is asked for it, and then sent the same order', async (_, taking) => {
    const desk = await troubledDesk(takes, taking)
    await desk.say('scaleout fast')
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
    await expectOneOrderAChunk(database(desk))
    expect(desk.venue.sent[2]).toBe(desk.venue.sent[1])
    expect(new Set(desk.venue.sent).size).toBe(desk.venue.sent.length - 1)
  })

  test('no longer answers is stopped; the desk asks about the order until the venue reports its fill', async () => {
    const desk = await troubledDesk(takes, takesAndDoesNotSay)
    desk.venue.answers = false
    await desk.say('scaleout fast')
    await vi.waitFor(() => expect(desk.said().at(-1)).toContain('SCALEOUT STOPPED'), { timeout: 60_000 })
    expect(desk.said().at(-1)).toMatch(/An order of \d+ is not confirmed/)
    const told = desk.said().length
    // A close now gets the quantity that the order does not take, and nothing more.
    expect(await desk.say('close now')).toMatch(/^✓ SOLD .*\n.*\nPosition: LONG \d+ BYND/)
    await letPass(database(desk), 60)
    desk.venue.answers = true
    await comesToRest(database(desk))
    expect(desk.said().slice(told)).toEqual([expect.stringMatching(/^✓ Chunk 2\/\d+: Sold /)])
    expect(new Set(desk.venue.sent).size).toBe(desk.venue.sent.length)
    await expectSoldOnce(database(desk), 3750)
  })

  test('does not answer, and never had the order as it says later, does not get it again, and the quantity is free', async () => {
    const desk = await troubledDesk(takes, losesIt)
    await desk.say('sell 1000 @ 1.20')
    desk.venue.answers = false
    await desk.say('scaleout fast 2000')
    await vi.waitFor(() => expect(desk.said().at(-1)).toContain('SCALEOUT STOPPED'), { timeout: 60_000 })
    const [, quantity] = /An order of (\d+) is not confirmed/.exec(desk.said().at(-1)!)!
    const [told, sent] = [desk.said().length, desk.venue.sent.length]
    await letPass(database(desk), 60)
    desk.venue.answers = true
    await comesToRest(database(desk))
    expect(desk.venue.sent).toHaveLength(sent)
    expect(desk.said().slice(told)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^⚠️ The venue did not take the order: it never got there\nNothing was traded\\. Position: LONG [\\d,]+ BYND @ .*\n💡 .*\`sell ${quantity} BYND\``,
        ),
      ),
    ])
    await desk.say('close now')
    await expectSoldOnce(database(desk), 3750)
  })
})

describe('a `close` whose venue', () => {
  test('refuses it says so and leaves everything as it was', async () => {
    const desk = await troubledDesk(refuses)
    expect(await desk.say('close now')).toContain('The venue did not take the order: the book is closed')
    await comesToRest(database(desk))
    expect(await desk.say('close now')).toMatch(/^✓ SOLD 3,750/)
    await expectSoldOnce(database(desk), 3750)
  })

  test.each([
    ['took it without saying so', takesAndDoesNotSay, 1],
    ['lost it', losesIt, 2],
  ])('%s says that it is not confirmed, and later, once, that it is', async (_, taking, times) => {
    const desk = await troubledDesk(taking)
    desk.venue.answers = false
    expect(await desk.say('close now')).toContain('was sent, but the venue has not confirmed it')
    expect(await desk.say('close now')).toContain('already on its way out')
    desk.venue.answers = true
    await vi.waitFor(() => expect(desk.said()).toEqual([expect.stringMatching(/^✓ SOLD 3,750/)]), { timeout: 60_000 })
    await comesToRest(database(desk))
    await expectSoldOnce(database(desk), 3750)
    expect(desk.venue.sent).toHaveLength(times)
    expect(new Set(desk.venue.sent).size).toBe(1)
  })

  test('is silent for long is asked repeatedly, and the thread hears of it only once', async () => {
    const desk = await troubledDesk(takesAndDoesNotSay)
    desk.venue.answers = false
    await desk.say('close now')
    await vi.waitFor(
      async () => {
        const asked = await database(desk)
          .selectFrom('desk_events')
          .select('id')
          .where('type', '=', 'order_error')
          .execute()
        expect(asked).toHaveLength(1)
      },
      { timeout: 60_000 },
    )
    await letPass(database(desk), 60)
    await desk.desk.sweep()
    desk.venue.answers = true
    await comesToRest(database(desk))
    expect(desk.said()).toEqual([expect.stringMatching(/^✓ SOLD 3,750/)])
    await expectSoldOnce(database(desk), 3750)
  })
})
