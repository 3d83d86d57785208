import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HandClock, handClock } from '../../market/hand-clock.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { friday, heldBy, scheduledBy } from './planned.ts'
import { someone } from './someone.ts'

let desk: TestDesk
let clock: HandClock
beforeAll(async () => {
  clock = handClock(friday)
  desk = await openTestDesk({ worker: false, clock })
})
afterAll(() => desk.close())

const orders = fc.constantFrom(
  { said: 'sell 400 at 11am', most: 400 },
  { said: 'sell half at 11am', most: 500 },
  { said: 'trim 30% at 11am', most: 300 },
  { said: 'close half at 11am', most: 500 },
  { said: 'sell 700 if it breaks 1.20', most: 700 },
)
const meanwhile = fc.array(
  fc.constantFrom(
    'trim 100',
    'trim half',
    'trim 450',
    'add 300',
    'close now',
    'long 200 @ 1',
    'sell 50 @ 1.50',
    'short 100 @ 1',
  ),
  { maxLength: 4 },
)

test('whatever happens meanwhile, an exit for later sells no more than was said, and no more than is open', async () => {
  await fc.assert(
    fc.asyncProperty(orders, meanwhile, async ({ said, most }, steps) => {
      clock.set(new Date(friday))
      desk.market.set('BYND', '1.01')
      const who = someone(desk)
      await who.say('long BYND 1000 @ 1')
      expect(await who.say(said)).toContain('⏰')
      for (const step of steps) await who.say(step)
      const [before = 0] = await heldBy(desk, who)
      clock.set(new Date('2026-11-20T16:00:00Z'))
      desk.market.set('BYND', '1.20')
      const [order] = await scheduledBy(desk, who)
      if (order!.due_at === null) {
        await desk.desk.parts.db
          .updateTable('scheduled_orders')
          .set({ touched_at: clock.now(), touched_price: '1.2' })
          .where('id', '=', order!.id)
          .execute()
      }
      await Promise.all([desk.desk.runScheduled(order!.id), desk.desk.runScheduled(order!.id)])
      const [after = 0] = await heldBy(desk, who)
      const sold = before - after
      if (before > 0) {
        expect(sold).toBeGreaterThanOrEqual(0)
        expect(sold).toBeLessThanOrEqual(Math.min(most, before))
      } else expect(after).toBe(before)
      expect(['done', 'refused']).toContain((await scheduledBy(desk, who))[0]!.state)
    }),
    { numRuns: 25 },
  )
}, 60_000)
