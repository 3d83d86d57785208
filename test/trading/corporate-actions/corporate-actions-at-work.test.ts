import { expect } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

const { test, desk } = deskTest({
  timeScale: 30,
  sweepEveryMs: 300,
  monitorEveryMs: 300,
  environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER', PAPER_FILLS: 'parts' },
})
const owner = someone(desk, 'uowner')

const told = (alice: Someone) => desk.posted.filter((one) => one.place.thread === alice.thread).map(({ text }) => text)

test('while workers fill a scaleout in parts: over a weekend nothing is set off, and on Monday it goes on to FLAT', async ({
  alice,
}) => {
  desk.market.set('BYND', '0.60', '0.61')
  for (const text of ['long BYND 3755 @ .63', 'stop .55', 'target .90', 'scaleout BYND fast']) await alice.say(text)
  await alice.say('buy 100 BYND if it breaks above .95')
  await expect.poll(() => told(alice).filter((text) => text.startsWith('✓ Chunk')).length).toBeGreaterThan(1)
  desk.market.stale('BYND', 'the market is closed')
  await expect.poll(() => told(alice)).toContainEqual(expect.stringContaining('SCALEOUT PAUSED'))
  expect(await owner.say('split BYND 1:10 cash 6')).toContain('🔀 SPLIT BYND 1:10')
  const said = await owner.say('1')
  expect(said).toContain('✓ SPLIT BYND 1:10')
  desk.market.set('BYND', '6.00', '6.01')
  await expect.poll(() => told(alice).at(-1), { timeout: 60_000 }).toMatch(/^🎉 SCALEOUT COMPLETE[\s\S]*Position: FLAT/)

  const { db } = desk.desk.parts
  const position = await db.selectFrom('positions').selectAll().executeTakeFirstOrThrow()
  const fills = await db.selectFrom('fills').selectAll().orderBy('id').execute()
  const [adjustment] = await db.selectFrom('position_adjustments').selectAll().execute()
  const soldOf = (some: typeof fills) =>
    sum(some.filter(({ side }) => side === 'sell').map(({ quantity }) => new Big(quantity)))
  const before = fills.filter(({ filled_at }) => filled_at < adjustment!.at)
  const after = fills.filter(({ filled_at }) => filled_at >= adjustment!.at)
  expect(new Big(3755).minus(soldOf(before)).toFixed()).toBe(adjustment!.signed_quantity_before)
  expect(soldOf(after).toFixed()).toBe(adjustment!.signed_quantity_after)
  expect(position.realized_pnl).toBe(sum([...fills, adjustment!].map((row) => new Big(row.realized_pnl))).toFixed())
  // Neither the stop nor the target was touched, and the order for later waits.
  const critical = await db.selectFrom('desk_events').select('type').where('urgency', '=', 'CRITICAL').execute()
  expect(critical).toEqual([])
  expect(await alice.say('schedule')).toContain('BUY 10 BYND at the market if it gets to $9.50 or above')
})
