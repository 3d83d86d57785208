import { expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { expectToHold, groupsOf } from '../../trading/orders/interleaving.ts'
import { friday, heldBy, scheduledBy } from './planned.ts'
import { type Someone, someone } from './someone.ts'

const clock = handClock(friday)
const { test, desk, market } = deskTest({ worker: false, clock })

/** Somebody who has said what is to be sold later: at most so much. */
interface Seller {
  who: Someone
  most: number
  /** The quantities that were open before the order came due. */
  before: number[]
}

const orders = fc.constantFrom(
  { said: 'sell 400 at 11am', most: 400 },
  { said: 'sell half at 11am', most: 500 },
  { said: 'trim 30% at 11am', most: 300 },
  { said: 'close half at 11am', most: 500 },
  { said: 'sell 700 if it breaks 1.20', most: 700 },
)
const meanwhile = fc.constantFrom(
  'trim 100',
  'trim half',
  'trim 450',
  'add 300',
  'close now',
  'long 200 @ 1',
  'sell 50 @ 1.50',
  'short 100 @ 1',
)

async function begin({ said, most }: { said: string; most: number }): Promise<Seller> {
  clock.set(new Date(friday))
  market.set('BYND', '1.01')
  const who = someone(desk)
  await who.say('long BYND 1000 @ 1')
  expect(await who.say(said)).toContain('⏰')
  return { who, most, before: [] }
}

/** The order comes due, and is carried out by two at once. */
async function comesDue(seller: Seller): Promise<void> {
  seller.before = await heldBy(desk, seller.who)
  clock.set(new Date('2026-11-20T16:00:00Z'))
  market.set('BYND', '1.20')
  const [order] = await scheduledBy(desk, seller.who)
  if (order!.due_at === null) {
    await desk.desk.parts.db
      .updateTable('scheduled_orders')
      .set({ touched_at: clock.now(), touched_price: '1.2' })
      .where('id', '=', order!.id)
      .execute()
  }
  await Promise.all([desk.desk.runScheduled(order!.id), desk.desk.runScheduled(order!.id)])
}

async function check({ who, most, before: [before = 0] }: Seller): Promise<void> {
  const [after = 0] = await heldBy(desk, who)
  const sold = before - after
  if (before > 0) {
    expect(sold).toBeGreaterThanOrEqual(0)
    expect(sold).toBeLessThanOrEqual(Math.min(most, before))
  } else expect(after).toBe(before)
  // It ends with its position.
  expect(['done', 'refused', 'cancelled']).toContain((await scheduledBy(desk, who))[0]!.state)
}

test('whatever happens meanwhile, an exit for later sells no more than was said, and no more than is open', async () => {
  await expectToHold(
    {
      groups: groupsOf(meanwhile, { acts: [1, 1], groups: [0, 4] }),
      drawn: orders,
      begin,
      act: ({ who }, text) => who.say(text),
      settle: comesDue,
      check,
    },
    { numRuns: 15, endOnFailure: false },
  )
})
