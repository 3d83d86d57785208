import { expect, vi } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk, market } = deskTest()

test('the thresholds of an account are shown with their defaults', async () => {
  expect(await desk.say('thresholds')).toBe(
    [
      '⚙️ THRESHOLDS',
      'stop · told when the price is within 2.00% of the stop',
      'target · told when the price is within 5.00% of the target',
      'milestones · told when P&L crosses 5.00%, 10.00%, 20.00%, 50.00%, 100.00%',
      'decay · told when a position is open for longer than 72 h, then once a day',
      'correlation · noted when your positions correlate by more than 0.8 on average',
      'volatility · noted when volatility is over 2 times its own mean',
      'loss · the circuit breaker trips when you lose 5.00% in a day',
      '💡 Change one with `thresholds stop 3%`',
    ].join('\n'),
  )
})

test('one is changed for the own account only, and taken back', async () => {
  expect(await desk.say('thresholds loss 4%')).toBe('✓ loss: the circuit breaker trips when you lose 4.00% in a day')
  expect(await desk.say('thresholds milestones 25%, 10%')).toBe('✓ milestones: told when P&L crosses 10.00%, 25.00%')
  expect(await desk.say('thresholds decay 48h')).toContain('longer than 48 h')
  expect(await desk.say('thresholds', 'bob')).toContain('lose 5.00%')
  expect(await desk.say('thresholds')).toContain('lose 4.00%')
  expect(await desk.say('thresholds loss default')).toContain('lose 5.00%')
  expect(await desk.say('thresholds')).toContain('crosses 10.00%, 25.00%')
})

test.each([
  ['thresholds stop 0', 'takes 0.01% to 50%'],
  ['thresholds stop 60%', 'takes 0.01% to 50%'],
  ['thresholds stop -2%', 'takes 0.01% to 50%'],
  ['thresholds stop', 'takes 0.01% to 50%'],
  ['thresholds stop 2% 3%', 'takes 0.01% to 50%'],
  ['thresholds correlation 1.5', 'takes 0.01 to 1'],
  ['thresholds moon 3', 'There is no such threshold'],
])('`%s` changes nothing and says why', async (text, why) => {
  const before = await desk.say('thresholds')
  expect(await desk.say(text)).toContain(why)
  expect(await desk.say('thresholds')).toBe(before)
})

test('a change counts at once for what is open', async () => {
  await desk.say('long AAPL 100 @ 190', 'carol')
  await desk.say('stop 180', 'carol')
  market.set('AAPL', '187')
  await desk.say('thresholds stop 4%', 'carol')
  await vi.waitFor(async () => {
    const rows = await desk.desk.parts.db.selectFrom('desk_events').select('type').execute()
    expect(rows.filter((row) => row.type === 'position.stop_approaching')).toHaveLength(1)
  })
})
