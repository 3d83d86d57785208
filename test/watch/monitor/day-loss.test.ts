import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountDays } from '../../../src/trading/accounts/rows/day-equity.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

/** Tests of the circuit breaker: its trips and its messages. New accounts have $100,000. */

let desk: TestDesk
let alice: Someone
let now: Date
const clock = { now: () => new Date(now), scale: 1 }
const moment = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d E[SD]T`

async function begin(options: { monitorEveryMs?: number } = {}): Promise<void> {
  now = new Date('2026-11-19T15:00:00Z')
  desk = await openTestDesk({ clock, environment: { DESKHAND_OWNERS: 'slack:T1:ALICE' }, ...options })
  alice = someone(desk, 'alice')
  desk.market.set('BYND', '1.00')
}
beforeEach(() => begin({ monitorEveryMs: 100 }))
afterEach(() => desk.close())

const db = () => desk.desk.parts.db
const patience = { timeout: 40_000 }
const told = () => desk.posted.filter(({ place }) => place.thread === alice.thread).map(({ text }) => text)
const trips = () =>
  db().selectFrom('desk_events').selectAll().where('type', '=', 'risk.circuit_breaker_tripped').orderBy('id').execute()
const isHalted = () => expect.poll(() => alice.say('positions'), patience).toContain('HALTED')
const settled = () =>
  expect.poll(async () => (await trips()).every(({ settled_at }) => settled_at !== null), patience).toBe(true)

/** Alice buys, and a stop closes all of it at half the price: $5,000 and 5% for 10,000 units. */
async function stoppedOut(units: number, from = '1.00', to = '0.50'): Promise<void> {
  desk.market.set('BYND', from)
  await expect.poll(() => alice.say(`buy ${units} BYND`), patience).toMatch(/^✓ BOUGHT/)
  await alice.say(`stop ${(Number(from) * 0.9).toFixed(2)}`)
  await expect
    .poll(() => db().selectFrom('position_watch').select('mark').execute(), patience)
    .toContainEqual({ mark: String(Number(from)) })
  desk.market.set('BYND', to)
  await expect.poll(() => alice.say('positions'), patience).toContain('No open positions')
}

test('the first trade of a new account counts, also when its stop has closed all before anybody looked', async () => {
  await desk.close()
  // No sweep runs in the meantime. The fill itself reveals the loss.
  await begin({ monitorEveryMs: 60_000 })
  expect(await alice.say('buy 10100 BYND')).toMatch(/^✓ BOUGHT/)
  await alice.say('stop .60')
  await expect
    .poll(async () => (await db().selectFrom('protective_orders').select('id').execute()).length, patience)
    .toBe(1)
  await expect
    .poll(async () => {
      desk.market.set('BYND', '0.50')
      return alice.say('positions')
    }, patience)
    .toContain('No open positions')
  await isHalted()
  const because =
    /The account lost \$5,050\.00, 5\.05% of \$100,000\.00, since the day began \(2026-11-19 00:00 EST\); the limit is 5\.00%, \$5,000\.00/
  expect(await alice.say('positions')).toMatch(because)
  expect(await alice.say('pl')).toMatch(because)
  expect(await alice.say('long BYND 1')).toMatch(because)
  await expect.poll(told, patience).toContainEqual(expect.stringMatching(/^🚨 CIRCUIT BREAKER TRIPPED/))
  const word = told().find((text) => text.startsWith('🚨 CIRCUIT BREAKER TRIPPED'))
  expect(word).toMatch(because)
  expect(word).toContain(
    'The account alice is HALTED: what is open is being closed, and nothing is opened until an owner says `resume`',
  )
  await expect
    .poll(told, patience)
    .toContainEqual(
      expect.stringMatching(
        /^✓ ALL CLOSED\nNothing is open any more; the account is HALTED until an owner says `resume`/,
      ),
    )
  expect(await trips()).toHaveLength(1)
})

test('after a resume losses count from what is left, and trip it again at the same limit of the day', async () => {
  await stoppedOut(10_000)
  await isHalted()
  await settled()
  expect(await alice.say('resume')).toMatch(/^✓ RESUMED/)
  // $4,900 more are less than 5% of the day's start.
  await stoppedOut(9_800)
  await expect.poll(async () => (await accountDays(db(), [1], now, false))[0]!.equity.toFixed()).toBe('90100')
  expect(await alice.say('positions')).not.toContain('HALTED')
  await stoppedOut(200)
  await isHalted()
  expect(await trips()).toHaveLength(2)
  expect(await alice.say('positions')).toMatch(
    new RegExp(
      String.raw`The account lost \$5,000\.00, 5\.00% of \$100,000\.00, since it was resumed at ${moment}; the limit is 5\.00%, \$5,000\.00`,
    ),
  )
  await settled()
  expect(await alice.say('resume')).toMatch(/^✓ RESUMED/)
  await stoppedOut(10_000)
  await isHalted()
  expect((await trips()).map(({ dedupe_key }) => dedupe_key)).toEqual([
    'breaker-1-2026-11-19',
    'breaker-1-2026-11-19-1',
    'breaker-1-2026-11-19-2',
  ])
})

test('a halt that somebody asked for, and its end, change nothing of what was lost', async () => {
  await stoppedOut(6_000)
  await alice.say('breaker')
  await settled()
  expect(await alice.say('resume')).toMatch(/^✓ RESUMED/)
  await stoppedOut(4_000)
  await isHalted()
  expect(await alice.say('positions')).toContain(
    'The account lost $5,000.00, 5.00% of $100,000.00, since the day began',
  )
})

describe('what an account was worth when the day began', () => {
  const startNow = async () => (await accountDays(db(), [1], now, false))[0]!.start.toFixed()

  test('is known without a look, and does not move with what is traded', async () => {
    desk.market.set('BYND', '1.00')
    await alice.say('buy 1000 BYND')
    expect(await startNow()).toBe('100000')
    desk.market.set('BYND', '0.95')
    await alice.say('close now')
    expect(await startNow()).toBe('100000')
    await alice.say('buy 1000 BYND')
    expect(await startNow()).toBe('100000')
  })

  test('counts what was open over midnight at its mark, and what was gained before', async () => {
    await alice.say('buy 1000 BYND')
    await alice.say('buy 10 AAPL')
    await alice.say('close AAPL now')
    now = new Date('2026-11-20T15:00:00Z')
    desk.market.set('BYND', '1.05')
    await expect.poll(startNow, patience).toBe('100050')
  })

  test('moves with what a recorded position brought along, whatever was traded before it', async () => {
    await alice.say('buy 1000 BYND')
    desk.market.set('BYND', '0.95')
    await alice.say('close now')
    now = new Date(now.getTime() + 1000)
    await alice.say('long AAPL 10 @ 200')
    expect(await startNow()).toBe('99900')
    expect(await alice.say('undo')).toContain('UNDONE')
    expect(await startNow()).toBe('100000')
  })
})
