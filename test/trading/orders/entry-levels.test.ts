import { beforeEach, expect, test } from 'vitest'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { type Unkind, unkindDesk } from './unkind.ts'

let desk: Unkind
let alice: Someone

beforeEach(async () => {
  desk = await unkindDesk()
  alice = someone(desk)
})

const levels = async () =>
  (
    await desk.desk.parts.db
      .selectFrom('protective_orders')
      .select(['kind', 'price', 'quantity'])
      .where('state', '=', 'working')
      .orderBy('kind')
      .execute()
  ).map(({ kind, price, quantity }) => `${kind} ${price} of ${quantity}`)

test('the levels of an order that fills in parts are for what is filled, and a level that was moved meanwhile stays', async () => {
  desk.venue.script(
    {
      parts: [
        { weight: 1, afterMs: 0 },
        { weight: 3, afterMs: 3000 },
      ],
    },
    ({ limitPrice }) => limitPrice === undefined,
  )
  await alice.say('buy 400 BYND stop .80 target 1.50')
  await expect.poll(levels).toEqual(['stop 0.8 of 100', 'target 1.5 of 100'])
  await alice.say('stop BYND .85')
  await expect.poll(levels).toEqual(['stop 0.85 of 400', 'target 1.5 of 400'])
  await desk.expectTruth()
})
