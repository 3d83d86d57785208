import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { venueTold } from '../../../src/trading/orders/take-up.ts'
import { someone } from '../../talk/commands/someone.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked.ts'

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk()
})
afterAll(() => there.desk.close())

const own = ({ account }: Linked) => there.broker.book().filter(({ sent }) => sent.account === account)
const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)

/** Lets the news of the person's last order be recorded by the stream of this process before the broker answers. */
function streamFirst(who: Linked, state: string): void {
  const { db } = there.desk.desk.parts
  const isRecorded = async () => {
    const row = db.selectFrom('orders').select('state').where('account_id', '=', who.accountId).orderBy('id', 'desc')
    return (await row.executeTakeFirst())?.state
  }
  there.broker.beforeAnswer = () => expect.poll(isRecorded, { interval: 10 }).toBe(state)
}

/** Lets another process record them first, which tells the thread by the outbox. */
function otherProcessFirst(who: Linked): void {
  const { parts } = there.desk.desk
  there.broker.isMute = true
  there.broker.beforeAnswer = async () => {
    const { sent } = own(who).at(-1)!
    const report = await there.broker.find(sent)
    await venueTold({ ...parts, db: parts.db.withoutPlugins() }, { kind: 'order', report: report! })
    there.broker.isMute = false
  }
}

describe('when the stream is faster than the answer,', () => {
  test('the reply tells of the fill, once, as if the answer had come first', async () => {
    const alice = await there.newcomer()
    streamFirst(alice, 'filled')
    expect(await alice.say('buy 100 bynd')).toMatch(/^✓ BOUGHT 100 BYND @ \$1\.01/)
    streamFirst(alice, 'filled')
    expect(await alice.say('close now')).toMatch(/^✓ SOLD 100 BYND @ \$1\.01[\s\S]*Position: FLAT/)
    expect(told(alice)).toEqual([])
  })

  test('the reply tells of the end of an order that was taken back, once', async () => {
    const alice = await there.newcomer()
    expect(await alice.say('buy 100 bynd @ .95')).toMatch(/LIMIT BUY ORDER 100 BYND/)
    streamFirst(alice, 'cancelled')
    expect(await alice.say('cancel 1')).toMatch(/^✓ CANCELLED order 1: LIMIT BUY 100 BYND @ \$0\.95$/)
    expect(told(alice)).toEqual([])
  })

  test('and is heard by another process, the reply says where to read of it', async () => {
    const alice = await there.newcomer()
    otherProcessFirst(alice)
    expect(await alice.say('buy 100 bynd')).toBe('✓ BUY 100 BYND was filled. Another message says at which price.')
    await expect.poll(() => told(alice)).toEqual([expect.stringMatching(/^✓ BOUGHT 100 BYND @ \$1\.01/)])
  })
})

test('close all while the broker says nothing says so, keeps nobody else waiting, and sells once when it is back', async () => {
  const alice = await there.newcomer()
  await alice.say('buy 100 bynd')
  await alice.say('buy 10 aapl')
  const bob = someone(there.desk)
  await bob.say('long BYND 50 @ .63')
  await bob.say('long AAPL 5 @ 180')
  await alice.say('close all')
  await bob.say('close all')
  there.broker.isSilent = true
  const [hers, his] = await Promise.all([alice.say('yes'), bob.say('yes')])
  expect(his).toMatch(/SOLD 50 BYND[\s\S]*SOLD 5 AAPL|SOLD 5 AAPL[\s\S]*SOLD 50 BYND/)
  for (const what of ['100 BYND', '10 AAPL'])
    expect(hers).toContain(`The order for ${what} was sent, but the venue has not confirmed it.`)
  expect(own(alice)).toHaveLength(2)
  there.broker.isSilent = false
  for (const what of [/SOLD 100 BYND/, /SOLD 10 AAPL/])
    await expect.poll(() => told(alice)).toContainEqual(expect.stringMatching(what))
  expect(
    own(alice)
      .map(({ sent: { side, quantity, symbol } }) => `${side} ${quantity} ${symbol}`)
      .sort(),
  ).toEqual([...['buy 10 AAPL', 'buy 100 BYND', 'sell 10 AAPL', 'sell 100 BYND']])
  expect(await alice.say('positions')).toContain('No open positions')
})
