import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// A stop and a target that rest at a local Alpaca. A second here is ten seconds there: what is taken back for a sale must not rest again before it.

let bid = '1.03'
let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(15, 10, (alpaca) =>
    alpaca.setPrice('BYND', bid, (Number(bid) + 0.01).toFixed(2), { size: '400' }),
  )
})
afterAll(() => there.close())

test('a stop and a target rest at Alpaca as one order, follow what is sold, and close the rest there', async () => {
  const { alpaca, desk, said } = there
  const { account, alice } = await there.linked('100')
  expect(await alice.say('long BYND 100 @ .63')).toContain('✓ LONG 100 BYND @ $0.63')
  expect(await alice.say('protect at venue on')).toContain('PROTECTION AT THE VENUE IS ON')
  expect(await alice.say('stop .90')).toContain('STOP SET')
  expect(await alice.say('target 1.50')).toContain('TARGET SET')

  const { db } = desk.desk.parts
  const resting = async () => {
    const rows = await db
      .selectFrom('orders')
      .selectAll()
      .where('purpose', '=', 'protect')
      .where('state', 'in', ['working', 'partly_filled'])
      .where('cancel_asked_at', 'is', null)
      .execute()
    return rows.map((row) => `${Number(row.quantity)} ${row.protects_stop} ${row.protects_target}`)
  }
  await until(resting).toEqual(['100 0.9 1.5'])
  await until(said).toContain('RESTS AT THE VENUE')
  const answer = await alice.say('sell 40')
  await until(() => `${answer}\n${said()}`).toMatch(/SOLD 40 BYND/)
  await until(resting).toEqual(['60 0.9 1.5'])

  bid = '0.85'
  await until(said).toContain('STOP HIT at the venue — BYND')
  await until(said).toContain('Position: FLAT')
  expect(alpaca.held(account, 'BYND').toFixed()).toBe('0')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  const closes = await db.selectFrom('orders').select('id').where('purpose', 'in', ['stop', 'target']).execute()
  expect(closes).toEqual([])
})
