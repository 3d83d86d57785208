import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fridayClock } from '../../support/friday.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ clock: fridayClock(), sweepEveryMs: 500, monitorEveryMs: 1000 })
})
afterAll(() => there.desk.close())

/** A member with 100 BYND at $1.01 and a stop, protected at the broker. */
async function protectedMember(words = 'stop .90'): Promise<Linked> {
  there.price('BYND', '1.01')
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 100 bynd')
  await alice.say(words)
  await there.follow()
  return alice
}

const own = ({ account }: Linked) => there.broker.book().filter(({ sent }) => sent.account === account)
const working = (who: Linked) =>
  own(who)
    .filter(({ state }) => state === 'working')
    .map(({ sent: { side, quantity, stopPrice, targetPrice, limitPrice }, filled }) =>
      [
        side,
        quantity.minus(filled),
        stopPrice && `stop ${stopPrice}`,
        targetPrice && `target ${targetPrice}`,
        limitPrice && `@ ${limitPrice}`,
      ]
        .filter(Boolean)
        .join(' '),
    )
/** Lets the protection follow until these orders work: the sweep of the desk may be at it at the same moment. */
const rests = (who: Linked, orders: string[]) =>
  expect
    .poll(async () => {
      await there.follow()
      return working(who)
    })
    .toEqual(orders)
const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
const hears = (who: Linked, text: RegExp) => expect.poll(() => told(who)).toContainEqual(expect.stringMatching(text))

/** Says it, and expects the result: in the answer, or in the thread when the stream was faster than the answer. */
async function gets(who: Linked, words: string, text: RegExp): Promise<void> {
  const answer = await who.say(words)
  if (!text.test(answer)) await hears(who, text)
}

describe('protection at the venue', () => {
  test('rests there as one order, for exactly what is open, and follows the levels', async () => {
    const alice = await protectedMember()
    await rests(alice, ['sell 100 stop 0.9'])
    await hears(alice, /RESTS AT THE VENUE — LONG 100 BYND/)
    await alice.say('target 1.50')
    await rests(alice, ['sell 100 stop 0.9 target 1.5'])
    await alice.say('stop off')
    await rests(alice, ['sell 100 @ 1.5'])
    await alice.say('target off')
    await rests(alice, [])
  })

  test('closes the position there when the price touches it, and the desk sends nothing beside it', async () => {
    const alice = await protectedMember('stop .90')
    there.price('BYND', '0.89')
    await hears(alice, /STOP HIT at the venue — BYND\nSold 100 @ \$0.89 · stop \$0.90/)
    await hears(alice, /Position: FLAT/)
    expect(own(alice).map(({ sent }) => `${sent.side} ${sent.quantity}`)).toEqual(['buy 100', 'sell 100'])
  })

  test('is taken back for a part that is sold, and rests again for what is left', async () => {
    const alice = await protectedMember()
    await gets(alice, 'sell 40', /SOLD 40 BYND/)
    await rests(alice, ['sell 60 stop 0.9'])
  })

  test('is taken back for a close, and nothing rests after it', async () => {
    const alice = await protectedMember()
    await gets(alice, 'close now', /SOLD 100 BYND/)
    await rests(alice, [])
  })

  test('is taken back for an order that adds, and rests for the whole afterwards', async () => {
    const alice = await protectedMember()
    await gets(alice, 'add 50', /BOUGHT 50 BYND/)
    await rests(alice, ['sell 150 stop 0.9'])
  })

  test('waits while another order rests, which is told, and comes back with its end', async () => {
    const alice = await protectedMember()
    await alice.say('sell 30 @ 1.20')
    await rests(alice, ['sell 30 @ 1.2'])
    await hears(
      alice,
      /PROTECTED BY THE DESK — LONG 100 BYND.*\nIts levels do not rest at the venue: another order holds a part/,
    )
    await alice.say('cancel all')
    await rests(alice, ['sell 100 stop 0.9'])
  })

  test('that the venue ends by itself is told at once, and the desk triggers its own level', async () => {
    const alice = await protectedMember()
    const [order] = there.broker.working('BYND').filter(({ sent }) => sent.account === alice.account)
    there.broker.end(order!, 'cancelled', 'cancelled by the exchange')
    await hears(alice, /NO LONGER PROTECTED AT THE VENUE — LONG 100 BYND.*\nStop: \$0.90: cancelled by the exchange/)
    await rests(alice, [])
    there.price('BYND', '0.88')
    await hears(alice, /STOP HIT — BYND\nSold 100 @ \$0.88/)
  })

  test('that the venue refuses is told, and comes again with the next level', async () => {
    there.price('BYND', '1.01')
    const alice = await there.newcomer({ protects: true })
    await alice.say('buy 100 bynd')
    there.broker.refusals.push('oco orders are not allowed for this asset')
    await alice.say('stop .90')
    await there.follow()
    await hears(alice, /NO LONGER PROTECTED AT THE VENUE[\s\S]*oco orders are not allowed/)
    expect(working(alice)).toEqual([])
    await alice.say('stop .91')
    await rests(alice, ['sell 100 stop 0.91'])
  })

  test('that the venue refuses is tried again under a new id when the quantity has changed, and told once', async () => {
    there.price('BYND', '1.01')
    const alice = await there.newcomer({ protects: true })
    await alice.say('buy 100 bynd')
    there.broker.refusals.push('insufficient qty available')
    await alice.say('stop .90')
    await there.follow()
    await hears(alice, /NO LONGER PROTECTED AT THE VENUE[\s\S]*insufficient qty available/)
    there.broker.pricedRefusals.push('insufficient qty available')
    await gets(alice, 'sell 40', /SOLD 40 BYND/)
    const { db } = there.desk.desk.parts
    const states = async () => {
      await there.follow()
      const orders = db.selectFrom('orders').select(['state', 'client_order_id']).where('purpose', '=', 'protect')
      const rows = await orders.where('account_id', '=', alice.accountId).orderBy('id').execute()
      expect(new Set(rows.map((row) => row.client_order_id)).size).toBe(rows.length)
      return rows.map((row) => row.state)
    }
    await expect.poll(states).toEqual(['refused', 'refused'])
    // The same quantity is not tried at once.
    expect(await states()).toEqual(['refused', 'refused'])
    await gets(alice, 'sell 10', /SOLD 10 BYND/)
    await expect.poll(states).toEqual(['refused', 'refused', 'working'])
    expect(working(alice)).toEqual(['sell 50 stop 0.9'])
    expect(told(alice).filter((text) => text.includes('NO LONGER PROTECTED'))).toHaveLength(1)
    await hears(alice, /RESTS AT THE VENUE — LONG 50 BYND/)
  })

  test('is taken back while a scaleout sells a part, and rests for what is left until the next part', async () => {
    const alice = await protectedMember()
    // Nothing rests in the five seconds before a chunk, so there must be more between two of them.
    expect(await alice.say('scaleout over 2 hours in 10 chunks')).toContain('SCALEOUT')
    const { db } = there.desk.desk.parts
    const open = async () =>
      (
        await db
          .selectFrom('positions')
          .select('signed_quantity')
          .where('account_id', '=', alice.accountId)
          .executeTakeFirstOrThrow()
      ).signed_quantity
    await expect.poll(open).not.toBe('100')
    const restsForTheRest = async () => {
      await there.follow()
      const resting = working(alice)
      return resting.length === 1 && resting[0] === `sell ${await open()} stop 0.9`
    }
    await expect.poll(restsForTheRest).toBe(true)
    await alice.say('cancel scaleout')
  })

  test.each(['before', 'after'] as const)('whose answer is lost (%s) rests once', async (loss) => {
    there.price('BYND', '1.01')
    const alice = await there.newcomer({ protects: true })
    await alice.say('buy 100 bynd')
    there.broker.losses.submit.push(loss)
    await alice.say('stop .90')
    await there.follow()
    await rests(alice, ['sell 100 stop 0.9'])
  })

  test('whose answer is lost is settled before another exit: nothing is sold twice', async () => {
    there.price('BYND', '1.01')
    const alice = await there.newcomer({ protects: true })
    await alice.say('buy 100 bynd')
    there.broker.losses.submit.push('before')
    await alice.say('stop .90')
    await there.desk.desk.parts.protector.rest()
    await gets(alice, 'close now', /SOLD 100 BYND/)
    expect(there.broker.oversold).toEqual([])
    expect(there.broker.held(alice.account, 'BYND').toFixed()).toBe('0')
  })

  test('is taken back when the venue is slow to cancel, and the close follows', async () => {
    const alice = await protectedMember()
    there.broker.isSlow = true
    const said = alice.say('sell 40')
    await expect.poll(() => there.broker.book().length > 0 && own(alice).length).toBe(2)
    there.broker.isSlow = false
    there.broker.settle()
    const answer = await said
    // The stream may be faster than the answer.
    if (answer) expect(answer).toMatch(/SOLD 40 BYND|has not given back/)
    else await hears(alice, /SOLD 40 BYND/)
    there.broker.settle()
  })

  test('fills in parts, and always protects what is left', async () => {
    const alice = await protectedMember()
    there.broker.fillsHalves = true
    there.price('BYND', '0.89')
    await expect.poll(() => there.broker.held(alice.account, 'BYND').toFixed()).toBe('50')
    await there.follow()
    there.broker.fillsHalves = false
    there.price('BYND', '0.89')
    await hears(alice, /Position: FLAT/)
    expect(there.broker.oversold).toEqual([])
  })
})
