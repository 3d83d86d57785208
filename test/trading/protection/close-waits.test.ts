import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { letPass } from '../../crash/ledger.ts'
import { fridayClock } from '../../support/friday.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

/** A broker that is slow to give back the order which protects a position there, while that position is to be closed. */

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ clock: fridayClock(), sweepEveryMs: 500, monitorEveryMs: 1000 })
})
afterAll(() => there.desk.close())
afterEach(() => {
  there.broker.isSlow = false
  there.broker.settle()
})

/** A member with 100 BYND and a stop at a broker that is slow to cancel from now on. */
async function protectedMember(): Promise<Linked> {
  there.price('BYND', '1.01')
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 100 bynd')
  await alice.say('stop .90')
  await expect.poll(() => alice.say('positions')).toContain('(at the venue)')
  there.broker.isSlow = true
  return alice
}

const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
const hears = (who: Linked, text: RegExp) => expect.poll(() => told(who)).toContainEqual(expect.stringMatching(text))
/** The orders to sell that ever came to the broker: a stop, or one at the market. */
const sells = ({ account }: Linked) =>
  there.broker
    .book()
    .flatMap(({ sent }) =>
      sent.account === account && sent.side === 'sell' ? [sent.stopPrice ? 'stop' : 'market'] : [],
    )
const unfinished = async ({ accountId }: Linked) =>
  (
    await there.desk.desk.parts.db
      .selectFrom('unfinished_closes')
      .select('client_order_id')
      .where('account_id', '=', accountId)
      .execute()
  ).length

/** The broker ends what it was asked to end. */
function givesBack(): void {
  there.broker.isSlow = false
  there.broker.settle()
}

test('a close waits until its broker gives the protection back, and is then sent by itself, once', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toMatch(
    /^⏳ WAITS: close BYND now\nThe venue has not given back the order that protects BYND there.*\n.*within 1 min/,
  )
  expect(sells(alice)).toEqual(['stop'])
  givesBack()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  await there.follow()
  expect(sells(alice)).toEqual(['stop', 'market'])
  expect(await unfinished(alice)).toBe(0)
})

test('said again, it is still one close, and the first is not called not done', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  expect(await unfinished(alice)).toBe(1)
  givesBack()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  await there.desk.desk.sweep()
  expect(sells(alice)).toEqual(['stop', 'market'])
  expect(told(alice).join('\n')).not.toContain('NOT DONE')
})

test('`close all` waits, too, and protection that is given back does not come again before the close', async () => {
  const alice = await protectedMember()
  await alice.say('buy 10 aapl')
  await alice.say('close all')
  const answer = await alice.say('yes')
  expect(`${answer}${told(alice).join('\n')}`).toContain('WAITS: close BYND now')
  givesBack()
  await there.follow()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  expect(sells(alice)).toEqual(['stop', 'market', 'market'])
})

test('a close that waits is not sent when a new level was set meanwhile, which is said', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  await alice.say('stop .80')
  givesBack()
  await hears(
    alice,
    /NOT DONE: close BYND\nIts orders had to be taken back first, and the position was changed meanwhile/,
  )
  await expect.poll(() => sells(alice)).toEqual(['stop', 'stop'])
})

test('a close that has waited for a minute is not sent later, which is said, and protection comes back', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  await letPass(there.desk.desk.parts.db, 70)
  await hears(alice, /NOT SENT: close BYND[\s\S]*Position: LONG 100 BYND/)
  givesBack()
  await expect
    .poll(async () => {
      await there.follow()
      return sells(alice)
    })
    .toEqual(['stop', 'stop'])
})
