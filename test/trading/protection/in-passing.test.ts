import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { lookAt } from '../../../src/trading/reconcile/look.ts'
import { handClock } from '../../market/hand-clock.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

/** Orders of the desk's own, which keep protection away from the venue for a moment, or for longer. */

const clock = handClock()
let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ worker: false, clock })
})
afterAll(() => there.desk.close())
beforeEach(() => there.price('BYND', '1.01'))

/** A member with 100 BYND and a stop that rests at the broker, which fills halves of what it gets from now on. */
async function protectedMember(): Promise<Linked> {
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 100 bynd')
  await alice.say('stop .90')
  await expect
    .poll(async () => {
      await there.follow()
      return alice.say('positions')
    })
    .toContain('(at the venue)')
  there.broker.fillsHalves = true
  onTestFinished(() => {
    there.broker.fillsHalves = false
  })
  return alice
}

/** Says it until it is done: on a busy machine the broker may be asked once more before it gives the protection back. */
const does = ({ say }: Linked, words: string) => expect.poll(() => say(words)).not.toContain('say it again in a moment')

/** The lines with which the desk has said that it protects by itself. */
async function alarms({ accountId }: Linked): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select r.body->>'text' as text from replies r
    where r.conversation_id in (select conversation_id from orders where account_id = ${accountId}) order by r.id`.execute(
    there.desk.desk.parts.db,
  )
  return rows.flatMap(({ text }) => /PROTECTED BY THE DESK.*\n.*/.exec(text) ?? [])
}

/** Lets the broker fill a half of what is left of an order, and the desk book it. */
async function fillHalf({ accountId }: Linked): Promise<void> {
  there.price('BYND', '1.01')
  await lookAt(there.desk.desk.parts, { accountId })
  await there.desk.desk.parts.protector.rest()
}

const working = ({ account }: Linked) =>
  there.broker.working('BYND').flatMap(({ sent }) => (sent.account === account ? [sent.clientOrderId] : []))

test.for([
  ['sell 40', 'LONG 80', 'another order holds a part of the position'],
  ['add 40', 'LONG 120', 'an order that buys is working'],
] as const)(
  'the desk says of its own %j that it protects by itself when that lasts, and once',
  async ([words, open, because]) => {
    const alice = await protectedMember()
    await does(alice, words)
    await there.follow()
    expect(working(alice)).toHaveLength(1)
    expect(await alarms(alice)).toEqual([])
    clock.advance(5000)
    await there.follow()
    await there.follow()
    expect(await alarms(alice)).toEqual([
      expect.stringMatching(new RegExp(`— ${open} BYND.*\\nIts levels do not rest at the venue: ${because}\\.`)),
    ])
  },
)

test('nothing is said of protection while a close at the market is being filled, however long that takes', async () => {
  const alice = await protectedMember()
  await does(alice, 'close now')
  for (const left of [25, 12]) {
    clock.advance(20_000)
    await there.follow()
    await fillHalf(alice)
    expect(await alice.say('positions')).toContain(`LONG ${left} BYND`)
  }
  clock.advance(20_000)
  await there.follow()
  expect(working(alice)).toHaveLength(1)
  expect(await alarms(alice)).toEqual([])
})

test('a close at the market of which nothing was filled for half a minute is told to keep protection away, once', async () => {
  const alice = await protectedMember()
  await does(alice, 'close now')
  clock.advance(30_000)
  await there.follow()
  await there.follow()
  expect(await alarms(alice)).toEqual([
    expect.stringMatching(/— LONG 50 BYND.*\nIts levels do not rest at the venue: another order holds a part/),
  ])
})

test('a sale at the market of only a part is told after five seconds, as what is left stays open', async () => {
  const alice = await protectedMember()
  await does(alice, 'sell 99')
  clock.advance(5000)
  await there.follow()
  expect(await alarms(alice)).toHaveLength(1)
})

test('what an order leaves of a share, as it fills, is no news of its own', async () => {
  const alice = await protectedMember()
  await does(alice, 'close now')
  clock.advance(30_000)
  await there.follow()
  // 50, 25, and then 12 are left of the close.
  for (const _ of [1, 2]) {
    await fillHalf(alice)
    clock.advance(30_000)
    await there.follow()
  }
  expect(await alarms(alice)).toHaveLength(1)
})
