import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Running, startWorker } from '../../../jobs/worker.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp, isAtRest } from '../orders/books.ts'
import { hurriedClock, moody } from '../orders/moody.ts'

/** A fast scaleout takes some 40 ms. */
const timeScale = 3600

/** What comes at the same time: people who type, and a price. Everything is brought forth by what the price does. */
const acts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('price 0.90', 'price 0.94', 'price 1.12', 'price 1.20') },
  { weight: 2, arbitrary: fc.constantFrom('scaleout BYND fast', 'scaleout BYND fast half') },
  { weight: 2, arbitrary: fc.constantFrom('close BYND now', 'trim BYND 10', 'trim BYND 30%') },
  { weight: 1, arbitrary: fc.constantFrom('cancel scaleout BYND', 'stop BYND 5%', 'stop off', 'target off') },
  { weight: 1, arbitrary: fc.constantFrom('breaker', 'long BYND 20 @ 1') },
)
const groups = fc.array(fc.array(acts, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })

const fates = fc.constantFrom('taken', 'taken', 'refused', 'lost', 'answer lost')

let ahead: string[] = []
let desk: TestDesk
let second: Running
beforeAll(async () => {
  const environment = { DESKHAND_OWNERS: 'slack:T1:OWNER' }
  desk = await openTestDesk({
    clock: hurriedClock(timeScale),
    environment,
    sweepEveryMs: 200,
    venue: (paper) => moody(paper, () => ahead.shift()),
  })
  second = startWorker(desk.desk, { sweepEveryMs: 200 })
})
afterAll(async () => {
  await second?.close()
  await desk?.close()
})

async function act(person: Someone, what: string): Promise<void> {
  const price = /^price (.*)$/.exec(what)?.[1]
  if (price) return desk.market.set('BYND', price)
  for (const reply of await person.hear(what)) {
    if (reply.question) await person.press(reply, what.startsWith('long') ? 'add' : 'fast')
  }
}

/** Nothing runs, no event is unsettled, and every order has an outcome. */
async function comesToRest(): Promise<void> {
  const { db } = desk.desk.parts
  const unsettled = db
    .selectFrom('desk_events')
    .select('id')
    .where('urgency', '=', 'CRITICAL')
    .where('settled_at', 'is', null)
  await vi.waitFor(
    async () => {
      expect(await isAtRest(desk)).toBe(true)
      expect(await unsettled.execute()).toEqual([])
    },
    { timeout: 25_000, interval: 20 },
  )
}

/** One cancels the other, a touch closes once, and protection is for exactly what is open. */
async function expectProtectionToAddUp(): Promise<void> {
  const { db } = desk.desk.parts
  const protective = await db.selectFrom('protective_orders').selectAll().execute()
  const orders = await db
    .selectFrom('orders')
    .selectAll()
    .where('purpose', 'in', ['stop', 'target', 'breaker'])
    .execute()
  for (const position of await db.selectFrom('positions').selectAll().execute()) {
    const own = protective.filter((one) => one.position_id === position.id)
    const working = own.filter((one) => one.state === 'working')
    expect(own.filter((one) => one.state === 'triggered').length, 'touched twice').toBeLessThanOrEqual(1)
    for (const one of working) expect(one.quantity).toBe(position.signed_quantity)
    const triggered = own.find((one) => one.state === 'triggered')
    if (!triggered) continue
    const closing = orders.filter((order) => order.position_id === position.id && order.purpose === triggered.kind)
    const names = closing.map((order) => order.client_order_id)
    // The order of the touch, and a further one only for quantity that another order gave back.
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(new RegExp(`^${triggered.kind}-${triggered.id}(-\\d+)?$`))
    const givenUp = orders.some((order) => order.position_id === position.id && order.given_up_at)
    if (!givenUp) expect(position.signed_quantity, 'touched, and still open').toBe('0')
  }
}

test('whatever comes together: never below zero, exactly one close, one cancels the other, and the books add up', async () => {
  const owner = someone(desk, 'OWNER')
  await owner.say('positions')
  await fc.assert(
    fc.asyncProperty(groups, fc.array(fates, { maxLength: 6 }), async (all, drawn) => {
      ahead = []
      desk.market.set('BYND', '1')
      const person = someone(desk)
      await person.say('long BYND 100 @ 1')
      await person.say('stop .95')
      await person.say('target 1.10')
      ahead = [...drawn]
      for (const group of all) await Promise.all(group.map((what) => act(person, what)))
      await comesToRest()
      // A price not looked at yet may still trigger something, so a fault counts only if it stays.
      await vi.waitFor(
        async () => {
          await expectBooksToAddUp(desk)
          await expectProtectionToAddUp()
        },
        { timeout: 10_000, interval: 50 },
      )
      await comesToRest()
      await owner.say(`resume slack:T1:${person.name.toUpperCase()}`)
      // Prices of the next run must not reach this one.
      for (const kind of ['stop off', 'target off', 'close BYND now']) await person.say(kind)
      await comesToRest()
    }),
    { numRuns: 25, endOnFailure: true },
  )
  const { db } = desk.desk.parts
  const closes = db.selectFrom('orders').select('purpose').distinct().where('state', '=', 'filled')
  const purposes = (await closes.where('purpose', 'in', ['stop', 'target', 'breaker']).execute()).length
  expect(purposes, 'kinds of closes that came about').toBeGreaterThan(1)
}, 170_000)
