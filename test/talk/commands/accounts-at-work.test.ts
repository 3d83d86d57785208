import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from './someone.ts'

// The worker runs. Alice uses `paper` in one thread and `swing` in another.
let there: Someone

const { test, desk, market } = deskTest({ timeScale: 60, sweepEveryMs: 300, monitorEveryMs: 300 })
test.beforeEach(async ({ alice }) => {
  market.set('BYND', '1')
  market.set('BTC-USD', '63000')
  there = alice.in(`${alice.thread}-there`)
  await alice.say('account new swing')
  await there.say('use swing')
})

const patience = { interval: 20 }
const told = ({ thread }: Someone) => desk.posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)

test('two accounts in two threads hold the same symbol with a stop each, and a price touches one of them', async ({
  alice,
}) => {
  await alice.say('long BYND 100 @ 1')
  await alice.say('stop .80')
  await there.say('long BYND 40 @ 1')
  await there.say('stop .95')
  market.set('BYND', '0.94')
  await expect.poll(() => told(there).some((text) => text.includes('STOP HIT')), patience).toBe(true)
  expect(told(there).find((text) => text.includes('STOP HIT'))).toMatch(
    /Sold 40 @ \$0\.94(.|\n)*\n· person\d+ · account swing$/,
  )
  expect(await there.say('positions')).toContain('No open positions')
  expect(await alice.say('positions')).toMatch(/LONG 100 BYND.*stop \$0\.80/)
  expect(told(alice).some((text) => text.includes('STOP HIT'))).toBe(false)
  market.set('BYND', '0.79')
  await expect.poll(() => told(alice).some((text) => text.includes('STOP HIT')), patience).toBe(true)
  expect(told(alice).find((text) => text.includes('STOP HIT'))).toMatch(
    /Sold 100 @ \$0\.79(.|\n)*\n· person\d+ · account paper$/,
  )
  expect(told(there).filter((text) => text.includes('STOP HIT'))).toHaveLength(1)
})

test('an order for later is carried out in the account that it was asked for in, whichever is used by then', async ({
  alice,
}) => {
  await alice.say('long BTC-USD 0.1 @ 60000')
  await there.say('long BTC-USD 0.5 @ 60000')
  expect(await alice.say('close BTC-USD in 1 minute')).toMatch(/^⏰ CLOSE BTC-USD(.|\n)*· account paper$/)
  expect(await alice.say('use swing')).toContain('⏱️ A task goes on in paper')
  expect(await alice.say('tasks')).toContain('Nothing runs in the background')
  await expect.poll(() => told(alice).some((text) => text.includes('SOLD')), patience).toBe(true)
  const [now, sold] = told(alice)
  expect(now).toMatch(/^⏰ NOW: CLOSE BTC-USD(.|\n)*\n· person\d+ · account paper$/)
  expect(sold).toMatch(/SOLD 0\.1 BTC-USD(.|\n)*\n· person\d+ · account paper$/)
  expect(await alice.say('positions')).toContain('LONG 0.5 BTC-USD')
  await alice.say('use paper')
  expect(await alice.say('positions')).toContain('No open positions')
  expect(await alice.say('history')).toContain('CLOSE BTC-USD')
})

test('a scaleout goes on in its account after another is used in its thread', async ({ alice }) => {
  await alice.say('long BYND 90 @ 1')
  await there.say('long BYND 50 @ 1')
  await alice.say('scaleout BYND fast')
  expect(await alice.say('use swing')).toContain('⏱️ A task goes on in paper')
  expect(await alice.say('cancel scaleout')).toContain('No scaleout')
  await expect.poll(() => told(alice).some((text) => text.includes('SCALEOUT COMPLETE')), patience).toBe(true)
  for (const text of told(alice)) expect(text).toContain(`\n· ${alice.name} · account paper`)
  expect(await alice.say('positions')).toContain('LONG 50 BYND')
  await alice.say('use paper')
  expect(await alice.say('positions')).toContain('No open positions')
})

test('alerts, followed symbols and the breaker are about the account of their conversation, and say which', async ({
  alice,
}) => {
  const watcher = alice.in(`${alice.thread}-watching`)
  expect(await watcher.say('watch BYND')).toMatch(/· account paper$/)
  await watcher.say('use swing')
  await watcher.say('watch BYND')
  await alice.say('alerts here low')
  await alice.say('long BYND 100 @ 1')
  await there.say('long BYND 40 @ 1')
  await expect.poll(() => told(watcher).length, patience).toBe(2)
  expect(told(watcher)[0]).toBe('👁 BYND opened LONG 100 @ $1.00\n· account paper')
  expect(told(watcher)[1]).toBe('👁 BYND opened LONG 40 @ $1.00\n· account swing')
  await there.say('stop .98')
  await expect.poll(() => told(there).some((text) => text.includes('STOP APPROACHING')), patience).toBe(true)
  expect(told(there).find((text) => text.includes('STOP APPROACHING'))).toMatch(/· account swing$/)
  expect(await there.say('breaker')).toMatch(
    /^🚨 CIRCUIT BREAKER TRIPPED\nClosing 1 position \(BYND\)(.|\n)*· account swing$/,
  )
  expect(await there.say('buy 1 BYND')).toContain('HALTED')
  expect(await alice.say('buy 1 BYND')).toContain('BOUGHT 1 BYND')
  await expect.poll(() => there.say('positions'), patience).toContain('No open positions')
  expect(await alice.say('positions')).toContain('LONG 101 BYND')
})
