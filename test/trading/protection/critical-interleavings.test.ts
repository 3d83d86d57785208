import { expect, vi } from 'vitest'
import fc from '../../support/fast-check.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp } from '../orders/books.ts'
import { comesToRest, expectToHold, fates, groupsOf, sayAndPress } from '../orders/interleaving.ts'
import { moodyTest } from '../orders/two-workers.ts'

/** Concurrent acts: people type, and the price moves. The price movement triggers everything else. */
const acts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('price 0.90', 'price 0.94', 'price 1.12', 'price 1.20') },
  { weight: 2, arbitrary: fc.constantFrom('scaleout BYND fast', 'scaleout BYND fast half') },
  { weight: 2, arbitrary: fc.constantFrom('close BYND now', 'trim BYND 10', 'trim BYND 30%') },
  { weight: 1, arbitrary: fc.constantFrom('cancel scaleout BYND', 'stop BYND 5%', 'stop off', 'target off') },
  { weight: 1, arbitrary: fc.constantFrom('breaker', 'long BYND 20 @ 1') },
)

const { test, desk, market, draw } = moodyTest({
  environment: { DESKHAND_OWNERS: 'slack:T1:OWNER' },
  sweepEveryMs: 200,
})

async function act(person: Someone, what: string): Promise<void> {
  const price = /^price (.*)$/.exec(what)?.[1]
  if (price) market.set('BYND', price)
  else await sayAndPress(person, what, 'fast')
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
  await expectToHold(
    {
      groups: groupsOf(acts, { acts: [1, 5], groups: [1, 4] }),
      drawn: fates(6, 2),
      async begin(drawn) {
        draw([])
        market.set('BYND', '1')
        const person = someone(desk)
        for (const text of ['long BYND 100 @ 1', 'stop .95', 'target 1.10']) await person.say(text)
        draw(drawn)
        return person
      },
      act,
      settle: () => comesToRest(desk),
      async check() {
        // A price not looked at yet may still trigger something, so a fault counts only if it stays.
        const check = async () => {
          await expectBooksToAddUp(desk)
          await expectProtectionToAddUp()
        }
        await vi.waitFor(check, { interval: 50 })
        await comesToRest(desk)
      },
      // Prices of the next run must not reach this one.
      async leave(person) {
        await owner.say(`resume slack:T1:${person.name.toUpperCase()}`)
        for (const text of ['stop off', 'target off', 'close BYND now']) await person.say(text)
        await comesToRest(desk)
      },
    },
    { numRuns: 14 },
  )
  const { db } = desk.desk.parts
  const closes = db.selectFrom('orders').select('purpose').distinct().where('state', '=', 'filled')
  const purposes = (await closes.where('purpose', 'in', ['stop', 'target', 'breaker']).execute()).length
  expect(purposes, 'kinds of closes that came about').toBeGreaterThan(1)
})
