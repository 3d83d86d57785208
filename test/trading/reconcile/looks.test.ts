import { afterEach, beforeEach, expect, test } from 'vitest'
import { externalHoldings } from '../../../src/trading/reconcile/rows/books.ts'
import { unexplainedGaps } from '../../../src/trading/reconcile/rows/gaps.ts'
import { unanswered } from '../../support/venue-answers.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked-desk.ts'

let linked: LinkedDesk
beforeEach(async () => {
  linked = await openLinkedDesk()
  linked.price('BYND', '1.00')
})
afterEach(() => linked.close())

const db = () => linked.desk.desk.parts.db
const positionOf = ({ accountId }: Linked) =>
  db().selectFrom('positions').selectAll().where('account_id', '=', accountId).orderBy('id', 'desc').executeTakeFirst()
const looked = ({ accountId }: Linked, after = new Date(0)) =>
  linked.until(async () =>
    db()
      .selectFrom('account_looks')
      .select('looked_at')
      .where('account_id', '=', accountId)
      .where('looked_at', '>', after)
      .executeTakeFirst(),
  )
const external = async ({ accountId }: Linked) =>
  (await externalHoldings(db(), accountId)).map(({ symbol, signedQuantity }) => `${symbol} ${signedQuantity}`)
const gaps = async ({ accountId }: Linked) => [...(await unexplainedGaps(db(), accountId)).values()]

test('what was there when the account was linked is not the desk’s, and its past is left out', async () => {
  const alice = await linked.member((account) => linked.venue.byHand(account, 'buy', 'BYND', 3000).then(() => {}))
  await looked(alice)
  expect(await external(alice)).toEqual(['BYND 3000'])
  expect(await positionOf(alice)).toBeUndefined()
  expect(await db().selectFrom('external_executions').selectAll().execute()).toEqual([])
  expect(linked.venue.followed).toEqual([alice.account])
})

test('a position that is closed by hand at the broker ends its scaleout and its stop, and the thread is told', async () => {
  const alice = await linked.member()
  await looked(alice)
  await alice.say('buy BYND 300')
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '300')
  await alice.say('stop BYND .8')
  expect(await alice.say('scaleout BYND slow')).toContain('SCALEOUT')
  await linked.venue.byHand(alice.account, 'sell', 'BYND', 300)
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '0')
  await linked.until(() => linked.posted().includes('AT THE BROKER, NOT BY THE DESK: 300 BYND @ $1.00'))
  const levels = await db().selectFrom('protective_orders').select('state').execute()
  expect(levels).toEqual([{ state: 'cancelled' }])
  await linked.until(async () => (await external(alice)).length === 0)
  const scaleouts = await db().selectFrom('scaleouts').select('state').execute()
  expect(scaleouts).toEqual([{ state: 'cancelled' }])
})

test('a trade elsewhere closes what is not the desk’s before it closes the desk’s position', async () => {
  const alice = await linked.member((account) => linked.venue.byHand(account, 'buy', 'BYND', 50).then(() => {}))
  await looked(alice)
  await alice.say('buy BYND 100')
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '100')
  await linked.venue.byHand(alice.account, 'sell', 'BYND', 70)
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '80')
  expect(await external(alice)).toEqual([])
})

test('an execution between the question for orders and the one for positions is no difference', async () => {
  const alice = await linked.member()
  await looked(alice)
  await alice.say('buy BYND 300')
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '300')
  for (let time = 1; time <= 5; time++) {
    const before = (await positionOf(alice))!.signed_quantity
    linked.venue.before('positions', () => linked.venue.byHand(alice.account, 'sell', 'BYND', 10).then(() => {}))
    await linked.until(async () => (await positionOf(alice))!.signed_quantity !== before)
  }
  await looked(alice, linked.desk.desk.parts.clock.now())
  expect((await positionOf(alice))!.signed_quantity).toBe('250')
  expect(await db().selectFrom('book_gaps').selectAll().execute()).toEqual([])
})

test('a difference that nothing explains is told once, freezes entries and scaleouts, and stops sell only what is there', async () => {
  const alice = await linked.member()
  await looked(alice)
  await alice.say('buy BYND 300')
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '300')
  await alice.say('stop BYND .8')
  linked.venue.transfer(alice.account, 'BYND', -130)
  await linked.until(() => linked.posted().includes('BOOKS DIFFER — BYND'))
  expect(await gaps(alice)).toMatchObject([{ state: 'open' }])
  expect(await alice.say('buy BYND 10')).toContain('nothing explains it')
  expect(await alice.say('trim BYND 200')).toContain('the broker shows 130 fewer')
  linked.price('BYND', '0.70')
  await linked.until(async () => linked.venue.held(alice.account, 'BYND').eq(0))
  await linked.until(async () => (await positionOf(alice))!.signed_quantity === '130')
  await linked.until(() => linked.posted().includes('the broker shows 130 BYND fewer than the desk has'))
  expect(linked.posted().split('BOOKS DIFFER').length).toBe(2)
  linked.venue.transfer(alice.account, 'BYND', 130)
  await linked.until(() => linked.posted().includes('BOOKS AGREE'))
  await linked.until(async () => (await positionOf(alice))!.signed_quantity === '0')
  expect(linked.venue.held(alice.account, 'BYND').toFixed()).toBe('0')
})

test('the order of a chunk without an outcome is left to its running scaleout, which sends it again', async () => {
  const alice = await linked.member()
  await looked(alice)
  await alice.say('buy BYND 300')
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '300')
  const { venue } = linked
  const { submit } = venue
  const sent: string[] = []
  Object.assign(venue.capabilities, { refusesDuplicates: true })
  venue.submit = async (order) => {
    sent.push(order.clientOrderId)
    return sent.length <= 2 ? unanswered() : submit(order)
  }
  await alice.say('scaleout BYND fast')
  await linked.until(async () => (await positionOf(alice))?.signed_quantity === '0')
  expect(sent.slice(0, 3)).toEqual([sent[0], sent[0], sent[0]])
  const orders = await db()
    .selectFrom('orders')
    .select(['state', 'cancel_asked_at'])
    .where('purpose', '=', 'chunk')
    .execute()
  expect(orders.filter(({ state, cancel_asked_at: asked }) => state !== 'filled' || asked !== null)).toEqual([])
})
