import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { keyOf, refused, unanswered } from '../../support/venue-answers.ts'
import type { Someone } from './someone.ts'

/** The venue's failures, by the first letters of an order's key. Other orders are taken. */
let moods: Record<string, 'refused' | 'unknown'> = {}

const { test, desk } = deskTest({
  worker: false,
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      const key = await keyOf(desk, order.clientOrderId)
      const mood = Object.entries(moods).find(([begins]) => key.startsWith(begins))?.[1]
      if (!mood) return paper.submit(order)
      return (mood === 'refused' ? refused : unanswered)('the venue is in a mood')
    },
  }),
})
test.beforeEach(async ({ alice }) => {
  moods = {}
  await alice.say('long BYND 100 @ 1')
  await alice.say('sell 150')
})

const orders = (alice: Someone) =>
  desk.desk.parts.db
    .selectFrom('orders as o')
    .innerJoin('members as m', 'm.id', 'o.member_id')
    .where('m.name', '=', alice.name)
    .where('o.purpose', '<>', 'record')
    .select(['o.purpose', 'o.quantity', 'o.state'])
    .orderBy('o.id')
    .execute()

test('a position is not turned round before the venue has confirmed that it is closed', async ({ alice }) => {
  moods = { 'trim-': 'unknown' }
  const said = await alice.say('2')
  expect(said).toContain('was sent, but the venue has not confirmed it')
  expect(said).toContain('⚠️ The 50 BYND beyond the position were not ordered, since it is not closed yet.')
  expect(await orders(alice)).toEqual([{ purpose: 'trim', quantity: '100', state: 'unknown' }])
})

test('a position is not turned round when the venue does not close it', async ({ alice }) => {
  moods = { 'trim-': 'refused' }
  const said = await alice.say('2')
  expect(said).toContain('The 50 BYND beyond the position were not ordered')
  expect(said).toContain('Nothing was traded. Position: LONG 100 BYND @ $1.00\n💡 Do you still want it? Say it again')
  expect(await alice.say('positions')).toContain('LONG 100 BYND')
})

test('a refused order for a part of a position says what is open, and not what it was for', async ({ alice }) => {
  await alice.say('never mind')
  moods = { 'trim-': 'refused' }
  expect(await alice.say('sell 30 @ 1.50')).toBe(
    '⚠️ The venue did not take the order: the venue is in a mood\nNothing was traded. Position: LONG 100 BYND @ $1.00\n💡 Do you still want it? Say it again, with what the venue takes: `sell 30 BYND @ 1.5`',
  )
})

test('a position that was closed is told of also when the venue does not open the other one', async ({ alice }) => {
  moods = { 'enter-': 'refused' }
  const said = await alice.say('2')
  expect(said).toContain('✓ SOLD 100 BYND')
  expect(said).toContain('⚠️ The venue did not take the order: the venue is in a mood\nNothing was traded.')
  expect(await alice.say('positions')).toContain('No open positions')
})

test('what is added to a position that is closed at that moment opens none', async ({ alice }) => {
  const { market } = desk.desk.parts
  const { quote } = market
  let looks = 0
  market.quote = async (symbol) => {
    looks += 1
    if (looks === 2) expect(await alice.in('elsewhere').say('close BYND now')).toContain('✓ SOLD 100 BYND')
    return quote(symbol)
  }
  try {
    expect(await alice.say('add 50 BYND')).toContain('is another one than a moment ago. Nothing was done.')
  } finally {
    market.quote = quote
  }
  expect(await alice.say('positions')).toContain('No open positions')
})
