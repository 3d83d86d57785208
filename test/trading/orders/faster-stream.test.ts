import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { venueTold } from '../../../src/trading/orders/take-up.ts'
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
  there.broker.beforeAnswer = () => expect.poll(isRecorded, { timeout: 10_000, interval: 10 }).toBe(state)
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
    await expect
      .poll(() => told(alice), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/^✓ BOUGHT 100 BYND @ \$1\.01/)])
  })
})
