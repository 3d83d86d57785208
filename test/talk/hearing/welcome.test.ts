import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { terminalPlace } from '../../../bots/terminal/poster.ts'
import { waitsForNextStart } from '../../../src/talk/outbox/left.ts'
import { handClock } from '../../market/hand-clock.ts'
import { freshDeskTest } from '../../support/desk-test.ts'

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk } = freshDeskTest({ worker: false, clock })
const author = { id: 'terminal:local', name: 'pat' }

async function say(text: string): Promise<string> {
  clock.advance(1000)
  const heard = { kind: 'message' as const, id: randomUUID(), author, place: terminalPlace, text, addressed: true }
  return (await desk.desk.hear(heard)).map((reply) => reply.text).join('\n\n')
}

async function startAnew(): Promise<string> {
  clock.advance(1000)
  await desk.restart()
  return desk.desk.welcome(author, terminalPlace)
}

test('a question from before a start is shown again before a typed answer counts', async () => {
  await say('long BYND 100 @ 1')
  expect(await say('close')).toContain('CLOSE LONG 100 BYND')
  const first = await startAnew()
  expect(first).toContain('You are LONG 100 BYND @ $1.00')
  expect(first).toContain('❓ A question of `close` is still open. It is shown again before an answer counts.')
  const again = await say('1')
  expect(again).toMatch(/^⚠️ The desk was started anew since that question\. Nothing was done; here it is again\./)
  expect(again).toContain('CLOSE LONG 100 BYND')
  expect(await say('positions')).toContain('LONG 100 BYND')
  expect(await say('1')).toContain('✓ SOLD 100 BYND')
  expect(await startAnew()).not.toContain('❓')
})

test('a question for words is shown again, too, and can be closed without that', async () => {
  await say('long BYND 100 @ 1')
  await say('stop')
  await startAnew()
  expect(await say('.90')).toContain('Enter stop loss price:')
  expect(await say('positions')).not.toContain('stop')
  await startAnew()
  expect(await say('never mind')).toContain('`stop` asks no more')
})

test('somebody new is told the first steps, and everybody how to leave', async () => {
  const first = await desk.desk.welcome(author, terminalPlace)
  expect(first).toContain('records a position that you hold')
  expect(first).toContain('`quit` leaves')
  await say('help')
  expect(await startAnew()).toBe(first)
  await say('long BYND 100 @ 1')
  expect(await startAnew()).toContain('`quit` leaves')
})

test('all that waits for the next start is counted: levels, price alerts and orders', async () => {
  await say('long BYND 100 @ 1')
  await say('stop .50')
  await say('alert BYND above 5')
  await say('alert AAPL below 50')
  await say('buy 10 AAPL @ 100')
  expect(await waitsForNextStart(desk.desk.parts.db, 'terminal')).toBe(
    '⏸ 1 working order, 1 stop or target and 2 price alerts wait for the next start of the desk. Until then nobody looks at the market for them; what expires or falls due before is not done.',
  )
})
