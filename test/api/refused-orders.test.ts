import { expect, vi } from 'vitest'
import { keyOf, refused, unanswered } from '../support/venue-answers.ts'
import { apiTest, newKey, signIn } from './serve.ts'

/** The venue's mood, by the first letters of an order's key. Other orders are taken. */
let moods: Record<string, 'refused' | 'unknown'> = {}
const { test, desk, market } = apiTest({
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      const key = Object.keys(moods).length > 0 ? await keyOf(desk, order.clientOrderId) : ''
      const mood = Object.entries(moods).find(([begins]) => key.startsWith(begins))?.[1]
      if (!mood) return paper.submit(order)
      return (mood === 'refused' ? refused : unanswered)('the venue is in a mood')
    },
  }),
})

/** What was posted in a thread, in order. */
const postedIn = (posted: { place: { thread?: string }; text: string }[], thread: string) =>
  posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)

test('an order that the venue does not take is refused to programs, also when orders were taken back for it', async ({
  api,
  alice,
}) => {
  market.set('BYND', '1.00', '1.02')
  await alice.say('long BYND 1000 @ .50')
  const page = await signIn(api, alice)
  moods = { 'close-': 'refused', 'trim-': 'refused', 'enter-': 'refused' }
  const no = {
    status: 422,
    body: {
      code: 'VENUE_REFUSED',
      message:
        'The venue did not take the order: the venue is in a mood. Nothing was traded. Position: LONG 1,000 BYND @ $0.50.',
      hint: expect.stringContaining('close BYND'),
    },
  }
  const key = { 'idempotency-key': newKey() }
  expect(await page.post('/api/positions/BYND/close', {}, key)).toMatchObject(no)
  const again = await page.post('/api/positions/BYND/close', {}, key)
  expect(again).toMatchObject(no)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect((await page.post('/api/positions/BYND/close', { share: '0.5' })).body.code).toBe('VENUE_REFUSED')
  const bought = await page.post('/api/orders', { symbol: 'AAPL', side: 'buy', quantity: '5', stopLoss: '100' })
  expect([bought.status, bought.body.code, bought.body.message]).toEqual([
    422,
    'VENUE_REFUSED',
    'The venue did not take the order: the venue is in a mood. Nothing was traded.',
  ])
  await vi.waitFor(() => expect(postedIn(desk.posted, alice.thread).join()).toContain('did not take the order'))

  moods = { 'close-': 'refused' }
  expect(await alice.say('sell 100 BYND @ 1.50')).toContain('LIMIT SELL ORDER 100 BYND')
  const held = await page.post('/api/positions/BYND/close')
  expect([held.status, held.body.code]).toEqual([422, 'VENUE_REFUSED'])
  expect(held.body.message).toMatch(/^CANCELLED order \d+: .*The venue did not take the order/)
  expect(await alice.say('positions')).toContain('LONG 1,000 BYND')

  moods = { 'close-': 'unknown' }
  const unknown = await page.post('/api/positions/BYND/close')
  expect([unknown.status, unknown.body.said.join()]).toEqual([200, expect.stringContaining('has not confirmed it')])
})
