import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// A share that takes another symbol at a local Alpaca. A second here is half a minute there.

let symbol = 'BYND'
let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(16, 30, (alpaca) => alpaca.setPrice(symbol, '1.03', '1.04', { size: '400' }))
})
afterAll(() => there.close())

test('a holding whose company takes another symbol has its price, and is closed by the new one', async () => {
  const { alpaca, desk, said } = there
  const { account, alice } = await there.linked('100')
  expect(await alice.say('long BYND 100 @ .63')).toContain('✓ LONG 100 BYND @ $0.63')
  symbol = 'BYON'
  alpaca.rename('BYND', 'BYON')
  const { db } = desk.desk.parts
  const held = async () =>
    (await db.selectFrom('positions').select('symbol').where('closed_at', 'is', null).execute()).map(
      (one) => one.symbol,
    )
  await until(held).toEqual(['BYON'])
  expect(await alice.say('quote BYON')).toContain('$1.03')
  const answer = await alice.say('close BYON now')
  await until(() => `${answer}\n${said()}`).toMatch(/SOLD 100 BYON/)
  await until(() => `${answer}\n${said()}`).toContain('FLAT')
  expect(alpaca.held(account, 'BYON').toFixed()).toBe('0')
})
