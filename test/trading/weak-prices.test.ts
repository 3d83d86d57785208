import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Linked, type LinkedDesk, openLinkedDesk } from './orders/linked.ts'

// Beside stops, orders for later and the floors of scaleouts act on prices. On a linked account a weak price alone is not enough.

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk()
})
afterAll(() => there.desk.close())
beforeEach(() => {
  there.desk.market.weaken('BYND')
  there.price('BYND', '1.01')
})

const iex = 'it is from IEX alone, a small part of the market'
const told = (linked: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === linked.person.thread).map(({ text }) => text)
const scheduled = async ({ accountId }: Linked) =>
  (
    await there.desk.desk.parts.db
      .selectFrom('scheduled_orders')
      .select('state')
      .where('account_id', '=', accountId)
      .execute()
  ).map(({ state }) => state)
const eventually = (look: () => unknown) => expect.poll(look, { interval: 30 })

test('an order that waits for a price is told once of a weak one, and is sent when a second source confirms it', async () => {
  const [linked, paper] = [await there.newcomer(), await there.newcomer()]
  await there.desk.desk.parts.db
    .updateTable('accounts')
    .set({ venue: 'paper', venue_account: null, masked_number: null })
    .where('id', '=', paper.accountId)
    .execute()
  there.desk.market.weaken('BYND', iex)
  expect(await linked.say('buy 10 bynd if it breaks 1.20')).toContain(
    `⚠️ The price alone is not enough for it on a linked account: ${iex}. It is done only once another source agrees.`,
  )
  expect(await paper.say('buy 10 bynd if it breaks 1.20')).not.toContain('another source')
  there.price('BYND', '1.21')
  await eventually(() => scheduled(paper)).toEqual(['done'])
  await eventually(() => told(linked)).toHaveLength(1)
  expect(told(linked)[0]).toBe(
    `📡 THERE ON A WEAK PRICE, NOT DONE: BUY 10 BYND at the market (number 1 of \`schedule\`)\nBYND is at $1.21, but this price alone is not enough for a linked account, because ${iex}. It is done when a second source confirms the price.\n💡 \`quote BYND\` shows the price and what is wrong with it; \`schedule cancel 1\` takes it back, and without its condition it is ordered at once`,
  )
  there.price('BYND', '1.22')
  there.desk.market.weaken('BYND', iex, true)
  // The member looks again: from now on both sources say the same, and prices that come are as good as others.
  await linked.say('quote BYND')
  there.price('BYND', '1.23')
  await eventually(() => scheduled(linked)).toEqual(['done'])
  await eventually(() => there.broker.held(linked.account, 'BYND').toString()).toBe('10')
  expect(told(linked).filter((text) => text.startsWith('📡'))).toHaveLength(1)
  const events = await there.desk.desk.parts.db
    .selectFrom('desk_events')
    .select(['type', 'urgency'])
    .where('account_id', '=', linked.accountId)
    .where('type', 'like', 'scheduled%')
    .orderBy('id')
    .execute()
  expect(events.map(({ type, urgency }) => `${type} ${urgency}`)).toEqual([
    'scheduled_weak_touch HIGH',
    'scheduled_ended LOW',
  ])
})

test('the floor of a scaleout is not judged by a weak price: its chunks wait, say why, and go on with a good one', async () => {
  const linked = await there.newcomer()
  await linked.say('buy 300 bynd')
  await eventually(() => there.broker.held(linked.account, 'BYND').toString()).toBe('300')
  there.desk.market.weaken('BYND', iex)
  expect(await linked.say('scaleout bynd fast floor .90')).toContain('SCALEOUT INITIATED')
  await eventually(() => told(linked).join('\n')).toContain(
    `waits for a price: the price alone is not enough to judge the floor on a linked account, because ${iex}`,
  )
  expect(there.broker.held(linked.account, 'BYND').toString()).toBe('300')
  there.desk.market.weaken('BYND')
  await eventually(() => there.broker.held(linked.account, 'BYND').lt(300)).toBe(true)
  expect(await linked.say('cancel scaleout')).toContain('SCALEOUT CANCELLED')
})
