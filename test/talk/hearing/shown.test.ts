import { expect } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { answerTo } from '../../../src/talk/questions/typed-answer.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { type Someone, someone } from '../commands/someone.ts'

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk, market } = deskTest({ worker: false, clock })

const commands = [
  ...['close', 'close half', 'close 500', 'close all', 'close BYND @ .10', 'close BYND half @ 1.05', 'flat'],
  ...['sell 5000', 'sell half', 'sell all', 'sell 300', 'sell BYND', 'sell 5000 @ 1.05', 'sell 2000 @ .10'],
  ...['buy 700 BYND', 'buy 40000 BYND', 'buy BYND', 'buy 900 BYND @ 2', 'add 30000', 'add half', 'trim', 'trim 3000'],
  ...['move 1 .50', 'move 1', 'cancel', 'undo'],
]
const answers = [
  ...['1', '2', '3', 'yes', 'no', 'market', 'limit', 'only', 'turn', '1.05', '.10', '@ 2', '500', '30%', 'half', 'all'],
  ...['never mind', 'soon', '', '99999999'],
]
const elsewhere = [
  'sell 300 BYND',
  'buy 200 BYND',
  'close BYND now',
  'sell 20 BYND @ 1.30',
  'cancel all',
  'stop BYND .50',
]

type Act = { do: 'say' | 'elsewhere' | 'price' | 'wait'; text: string }
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), text: fc.constantFrom(...answers) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), text: fc.constantFrom(...commands) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('elsewhere' as const), text: fc.constantFrom(...elsewhere) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('price' as const), text: fc.constantFrom('0.8', '1.01', '1.015', '1.4') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), text: fc.constantFrom('1', '280', '400') }) },
)

/** The quantities in a text: numbers that are no prices, percentages or numbered choices. */
function quantitiesIn(text: string): Big[] {
  return [...text.matchAll(/(?<![$\d.,@]|@ )\d[\d,]*(?:\.\d+)?(?![\d.]*(?:%|\uFE0F))/g)].map(
    ([found]) => new Big(found.replaceAll(',', '')),
  )
}

/** The most that an answer may trade: the quantity in the line of its choice, else in the question. */
function shownBy(question: Reply, said: string): Big[] {
  const { kind, choices } = question.question!
  const index = kind === 'choice' ? choices.findIndex(({ value }) => value === answerTo(question.question!, said)) : -1
  const line = index < 0 ? '' : (question.text.split('\n').find((one) => one.trim().startsWith(`${index + 1}️`)) ?? '')
  const inLine = quantitiesIn(line.replace(/^\s*\S+/, ''))
  return inLine.length > 0 ? inLine : quantitiesIn(question.text)
}

const positionOf = async (who: Someone) => {
  const row = await desk.desk.parts.db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('m.name', '=', who.name)
    .where('p.closed_at', 'is', null)
    .select('p.signed_quantity')
    .executeTakeFirst()
  return new Big(row?.signed_quantity ?? '0')
}

const ordersOf = (id: string) =>
  desk.desk.parts.db
    .selectFrom('orders')
    .where('client_order_id', 'like', `%${id}%`)
    .where('purpose', '<>', 'record')
    .select(['side', 'quantity', 'expected_price', 'limit_price'])
    .execute()

let ids = 0
const seen = { orders: 0, questions: 0 }

/** Sends a message, and compares its orders with the quantities that were shown before. */
async function say(who: Someone, text: string, question: Reply | undefined): Promise<Reply | undefined> {
  const before = await positionOf(who)
  const id = `shown-${++ids}-end`
  const replies = await who.hear(text, { id })
  const orders = await ordersOf(id)
  const total = sum(orders.map(({ quantity }) => new Big(quantity)))
  const isCommand = commands.includes(text)
  const allowed = [
    ...(isCommand ? quantitiesIn(text) : [...(question ? shownBy(question, text) : []), ...quantitiesIn(text)]),
    ...(isCommand && quantitiesIn(text).length === 0 ? [before.abs()] : []),
  ]
  const most = allowed.reduce((one, other) => (one.gt(other) ? one : other), new Big(0))
  expect(total.lte(most), `${text}: ${total} of ${most} after ${question?.text}`).toBe(true)
  seen.orders += orders.length
  const price = /about \$([\d,.]+) each/.exec(question?.text ?? '')?.[1]?.replaceAll(',', '')
  for (const { side, expected_price, limit_price } of isCommand || !price ? [] : orders) {
    if (limit_price !== null) continue
    const worse = side === 'buy' ? new Big(expected_price).div(price!) : new Big(price!).div(expected_price)
    expect(worse.lte('1.0102'), `${side} at ${expected_price}, shown ${price}`).toBe(true)
  }
  const after = await positionOf(who)
  if (before.times(after).lt(0)) expect(question?.text).toMatch(/ be (SHORT|LONG) /)
  if (before.eq(0) && after.lt(0)) expect(question?.text).toContain('short sale')
  const next = replies.at(-1)
  if (next?.question) seen.questions += 1
  return next?.question ? next : question
}

test('no sequence of answers leads to an order larger, dearer or more daring than what the flow showed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('long BYND 3750 @ .63', 'short BYND 3750 @ .63', 'positions'),
      fc.array(acts, { minLength: 4, maxLength: 14 }),
      async (begin, sequence) => {
        market.set('BYND', '1.01', '1.02')
        const alice = someone(desk)
        await alice.say(begin)
        const other = alice.in(`${alice.thread}-other`)
        let question: Reply | undefined
        for (const act of sequence) {
          clock.advance(act.do === 'wait' ? Number(act.text) * 1000 : 500)
          if (act.do === 'price') market.set('BYND', act.text)
          if (act.do === 'elsewhere') await other.say(act.text)
          if (act.do === 'say') question = await say(alice, act.text, question?.question ? question : undefined)
        }
      },
    ),
    { numRuns: 80 },
  )
  // The run contains trades and questions.
  expect(seen.orders).toBeGreaterThan(20)
  expect(seen.questions).toBeGreaterThan(60)
})
