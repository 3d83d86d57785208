import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { accountsOf } from '../../../src/trading/accounts/rows/accounts.ts'
import { unlinkAccount } from '../../../src/trading/accounts/unlink-account.ts'
import { lookAt } from '../../../src/trading/reconcile/look.ts'
import { fridayClock } from '../../support/friday.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked.ts'

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ clock: fridayClock(), sweepEveryMs: 500, monitorEveryMs: 1000 })
})
afterAll(() => there.desk.close())

const working = ({ account }: Linked) =>
  there.broker
    .working()
    .filter(({ sent }) => sent.account === account)
    .map(({ sent: { side, quantity, symbol } }) => `${side} ${quantity} ${symbol}`)
const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
const hears = (who: Linked, text: RegExp) => expect.poll(() => told(who)).toContainEqual(expect.stringMatching(text))
/** Says it, and expects the result: in the answer, or in the thread when the stream was faster than the answer. */
async function gets(who: Linked, words: string, text: RegExp): Promise<void> {
  const answer = await who.say(words)
  if (!text.test(answer)) await hears(who, text)
}
const look = ({ accountId }: Linked) => lookAt(there.desk.desk.parts, { accountId })
const openStop = ({ accountId }: Linked) =>
  there.desk.desk.parts.db
    .selectFrom('protective_orders')
    .select(['kind', 'price'])
    .where('account_id', '=', accountId)
    .where('state', '=', 'working')
    .orderBy('kind')
    .execute()

let hands = 0
/** An order that the member places at the broker, without the desk. */
async function byHand({ account }: Linked, side: 'buy' | 'sell', quantity: number, limit: string): Promise<void> {
  const clientOrderId = `by-hand-${++hands}`
  const order = {
    account,
    clientOrderId,
    symbol: 'BYND',
    side,
    quantity: new Big(quantity),
    limitPrice: new Big(limit),
  }
  expect(await there.broker.submit(order)).toMatchObject({ outcome: 'accepted' })
}

/** Unlinks the account, lets something happen at the broker, and links it again. */
async function relinked(who: Linked, meanwhile: () => unknown = () => {}): Promise<void> {
  const { parts } = there.desk.desk
  const account = (await accountsOf(parts.db, who.memberId)).find(({ id }) => id === who.accountId)!
  const conversationId = (
    await parts.db
      .selectFrom('orders')
      .select('conversation_id')
      .where('account_id', '=', who.accountId)
      .executeTakeFirstOrThrow()
  ).conversation_id
  expect(await unlinkAccount(parts, account, { memberId: who.memberId, conversationId })).toBeDefined()
  await meanwhile()
  await parts.db.updateTable('accounts').set({ unlinked_at: null }).where('id', '=', who.accountId).execute()
}

/** Waits until this order alone works at the broker for a member. */
const rests = (who: Linked, order: string) =>
  expect
    .poll(async () => {
      await there.follow()
      return working(who)
    })
    .toEqual([order])

/** A member with 100 BYND at $1.01, known to the books. */
async function holder(options: { protects?: boolean } = {}): Promise<Linked> {
  there.price('BYND', '1.01')
  const alice = await there.newcomer(options)
  await look(alice)
  await gets(alice, 'buy 100 bynd', /BOUGHT 100 BYND/)
  return alice
}

describe('an order that was left standing at an unlinked account', () => {
  test('is followed again once the account is linked again: its fills are no late ones, and it can be cancelled', async () => {
    const alice = await holder()
    expect(await alice.say('buy 300 bynd @ .95')).toMatch(/LIMIT BUY ORDER 300 BYND/)
    await relinked(alice, () => {
      // Nobody follows the account's news now.
      there.broker.isMute = true
      there.broker.fillsHalves = true
      there.broker.setPrice('BYND', '0.95')
      there.broker.fillsHalves = false
      there.broker.isMute = false
    })
    await look(alice)
    await hears(alice, /FOLLOWED AGAIN: order 1: LIMIT BUY 300 BYND @ \$0.95[\s\S]*150 of 300 filled so far/)
    await hears(alice, /BOUGHT 150 of 300 BYND/)
    expect(told(alice).join('\n')).not.toContain('tells of it late')
    expect(await alice.say('orders')).toMatch(/1 · BUY 300 BYND @ \$0.95/)
    expect(await alice.say('cancel 1')).toMatch(/CANCELLED order 1/)
    expect(working(alice)).toEqual([])
    await gets(alice, 'close bynd now', /SOLD 250 BYND/)
  })

  test('is taken back by a close before the first look at the account', async () => {
    const alice = await holder()
    await alice.say('buy 300 bynd @ .95')
    await relinked(alice)
    await gets(alice, 'close bynd now', /SOLD 100 BYND/)
    expect(working(alice)).toEqual([])
  })

  test('that protects a position rests on, and its levels stand again', async () => {
    const alice = await holder({ protects: true })
    await alice.say('bracket stop .90 target 1.50')
    await rests(alice, 'sell 100 BYND')
    const [resting] = there.broker.working().filter(({ sent }) => sent.account === alice.account)
    await relinked(alice)
    expect(await openStop(alice)).toEqual([])
    await look(alice)
    await hears(alice, /FOLLOWED AGAIN — BYND: stop \$0.90, target \$1.50/)
    expect(await openStop(alice)).toEqual([
      { kind: 'stop', price: '0.9' },
      { kind: 'target', price: '1.5' },
    ])
    await there.follow()
    expect(there.broker.working().find(({ sent }) => sent.account === alice.account)).toBe(resting)
    expect(await alice.say('positions')).toContain('$0.90')
    await gets(alice, 'close bynd now', /SOLD 100 BYND/)
    expect(working(alice)).toEqual([])
  })

  test('that protects a position is taken back by a close before the first look', async () => {
    const alice = await holder({ protects: true })
    await alice.say('stop .90')
    await rests(alice, 'sell 100 BYND')
    await relinked(alice)
    await gets(alice, 'close bynd now', /SOLD 100 BYND/)
    expect(working(alice)).toEqual([])
  })

  test('that has no position to take from any more is cancelled at the broker, and its thread is told', async () => {
    const alice = await holder()
    await alice.say('sell 100 bynd @ 1.10')
    expect(working(alice)).toEqual(['sell 100 BYND'])
    await relinked(alice, () =>
      // The member sells at the broker instead, so that the order would open the other way.
      there.desk.desk.parts.db
        .updateTable('positions')
        .set({ signed_quantity: '0', open_cost: '0', closed_at: there.desk.desk.parts.clock.now() })
        .where('account_id', '=', alice.accountId)
        .execute(),
    )
    await look(alice)
    await hears(alice, /CANCELLED at the broker: LIMIT SELL 100 BYND/)
    expect(working(alice)).toEqual([])
  })

  test('that protects a position is taken back by the breaker', async () => {
    const alice = await holder({ protects: true })
    await alice.say('stop .90')
    await rests(alice, 'sell 100 BYND')
    await relinked(alice)
    await alice.say('breaker')
    await expect.poll(() => there.broker.held(alice.account, 'BYND').toFixed()).toBe('0')
  })
})

describe('an order that the desk did not send', () => {
  test('is named with what it blocks, in the thread, in reconcile, orders, and beside a stop and a scaleout', async () => {
    const alice = await holder()
    await byHand(alice, 'buy', 1, '0.50')
    await look(alice)
    const named = /BUY 1 BYND @ \$0.50 \(the broker’s b\d+\)/
    await hears(alice, /IN THE WAY — BYND: BUY 1 BYND @ \$0.50/)
    expect(await alice.say('reconcile')).toMatch(named)
    expect(await alice.say('orders')).toMatch(named)
    expect(await alice.say('cancel all')).toMatch(named)
    expect(await alice.say('stop .5')).toMatch(/IN THE WAY/)
    expect(await alice.say('sell 10 bynd')).toMatch(/did not take the order[\s\S]*IN THE WAY[\s\S]*nothing was traded/)
    expect(await alice.say('scaleout fast')).toMatch(/SCALEOUT INITIATED[\s\S]*IN THE WAY/)
    await alice.say('cancel scaleout')
    expect(await alice.say('cancel bynd')).toMatch(/Cancel at the broker\?/)
    expect(await alice.say('no')).toMatch(/Nothing was cancelled/)
    expect(working(alice)).toEqual(['buy 1 BYND'])
    await alice.say('cancel bynd')
    expect(await alice.say('yes')).toMatch(/CANCELLED at the broker: BUY 1 BYND/)
    expect(working(alice)).toEqual([])
    expect(await alice.say('orders')).not.toMatch(named)
  })

  test('is taken back by a close that the broker refuses for it, and the close is sent again, once', async () => {
    const alice = await holder()
    await byHand(alice, 'buy', 1, '0.50')
    await gets(alice, 'close bynd now', /SOLD 100 BYND/)
    expect(working(alice)).toEqual([])
    expect(there.broker.held(alice.account, 'BYND').toFixed()).toBe('0')
  })

  test('that holds the shares is taken back by a close, too', async () => {
    const alice = await holder()
    await byHand(alice, 'sell', 60, '5.00')
    await gets(alice, 'close bynd now', /SOLD 100 BYND/)
    expect(working(alice)).toEqual([])
  })

  test('is taken back by a stop that is hit', async () => {
    const alice = await holder()
    await alice.say('stop .90')
    await byHand(alice, 'buy', 1, '0.50')
    there.price('BYND', '0.89')
    await hears(alice, /STOP HIT — BYND/)
    await hears(alice, /CANCELLED at the broker: BUY 1 BYND/)
    expect(there.broker.held(alice.account, 'BYND').toFixed()).toBe('0')
    there.price('BYND', '1.01')
  })

  test('is left alone when the broker refuses a close for another reason', async () => {
    const alice = await holder()
    await byHand(alice, 'sell', 1, '5.00')
    there.broker.refusals.push('the account is restricted')
    expect(await alice.say('close bynd now')).toMatch(/did not take the order: the account is restricted/)
    expect(working(alice)).toEqual(['sell 1 BYND'])
  })
})

describe('a scaleout beside an own order of the other side', () => {
  test('is refused before it starts, and names the order', async () => {
    const alice = await holder()
    await alice.say('buy 10 bynd @ .95')
    expect(await alice.say('scaleout fast')).toMatch(/LIMIT BUY 10 BYND @ \$0.95 is working[\s\S]*`cancel 1` first/)
    expect(await alice.say('tasks')).not.toMatch(/scaleout/i)
  })

  test('refuses an order that would rest against it', async () => {
    const alice = await holder()
    expect(await alice.say('scaleout slow')).toMatch(/SCALEOUT INITIATED/)
    expect(await alice.say('buy 10 bynd @ .95')).toMatch(/A scaleout of BYND is running[\s\S]*Nothing was sent/)
  })
})
