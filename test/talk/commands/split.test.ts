import { describe, expect } from 'vitest'
import { Refusal } from '../../../src/base/refusal.ts'
import { renameFrom } from '../../../src/talk/commands/desk/rename.ts'
import { splitFrom } from '../../../src/talk/commands/desk/split.ts'
import { ratioText } from '../../../src/trading/corporate-actions/rules/split.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const { test, desk, market } = deskTest({
  worker: false,
  environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER,slack:T1:USECOND' },
})
const owner = someone(desk, 'uowner')
const viewer = someone(desk, 'uviewer')
test.beforeAll(async () => {
  await viewer.say('help')
  await owner.say('role <@UVIEWER> viewer')
})
const begin = async () => {
  market.set('BYND', '0.60')
  market.set('AAPL', '190')
  await owner.say('never mind')
}
test.beforeEach(begin)
/** The next test splits nobody else's. */
test.afterEach(async ({ alice }) => {
  await begin()
  await alice.say('close BYND now')
})

const quantities = async () => {
  const rows = await desk.desk.parts.db
    .selectFrom('positions')
    .select('signed_quantity')
    .where('closed_at', 'is', null)
    .execute()
  return rows.map(({ signed_quantity }) => signed_quantity)
}

describe('the words', () => {
  test.each([
    ['BYND 1:10', 'bynd 1:10'],
    ['$bynd 10 for 1', 'bynd 10:1'],
    ['bynd 1-for-10', 'bynd 1:10'],
    ['BYND 3 : 2', 'bynd 3:2'],
    ['BYND 1:10 cash 5.60', 'bynd 1:10 5.60'],
    ['BYND 1 for 10 @ $5.60', 'bynd 1:10 5.60'],
    ['BRK.B 50:1', 'brk.b 50:1'],
  ])('%j is %j', (text, meant) => {
    const said = splitFrom(text)
    if (said instanceof Refusal) throw new Error(said.text)
    expect([said.symbol, ratioText(said.ratio), said.cash].filter(Boolean).join(' ')).toBe(meant)
  })

  test.each(['', 'BYND', '1:10', 'BYND 1:10 tomorrow', 'BYND 1.2.3:4'])('%j is not understood', (text) =>
    expect(splitFrom(text)).toMatchObject({ code: 'SPLIT_NOT_UNDERSTOOD' }),
  )

  test.each([
    ['split BYND 1:1', '1:1 changes nothing.'],
    ['split BYND 0:10', 'Both numbers of a split are whole, from 1 to 10,000.'],
    ['split BYND 1:100000', 'Both numbers of a split are whole, from 1 to 10,000.'],
    ['split BYND 1000000:1', 'Both numbers of a split are whole, from 1 to 10,000.'],
    ['split BYND 1.5:1', 'Both numbers of a split are whole, from 1 to 10,000.'],
  ])('%j says what is wrong with its numbers', async (text, why) => {
    expect(await owner.say(text)).toBe(
      `⚠️ ${why} Nothing was done.\n💡 \`split BYND 3:2\` makes three shares of two, \`split BYND 1:10\` one of ten`,
    )
  })

  test.each(['BYND to BYON', 'bynd as byon', '$BYND BYON', 'BYND -> BYON'])('%j is another symbol', (text) =>
    expect(renameFrom(text)).toEqual({ from: 'BYND', to: 'byon' }),
  )
})

describe('a split', () => {
  test('is for owners', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    for (const who of [alice, viewer])
      for (const text of ['split BYND 1:10', 'rename BYND to AAPL'])
        expect(await who.say(text)).toBe(
          '⚠️ Only an owner may do that. Nothing was done.\n💡 An owner can change that with `role`',
        )
    expect(await quantities()).toEqual(['3750'])
  })

  test('asks first, with a position as an example, so that 1:10 and 10:1 are not mixed up', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await owner.say('split BYND 1-for-10')).toBe(
      `🔀 SPLIT BYND 1:10 — every 10 shares become 1?
${alice.name}: LONG 3,750 BYND @ $0.63 → LONG 375 BYND @ $6.30
In one account: 1 position
Price now: $0.60; of new shares it must be by the time that they trade
  1️⃣  YES - 10 become 1, for everybody
  2️⃣  NO - Leave it

💡 Reply with 1 or 2`,
    )
    expect(await owner.say('2')).toBe('OK, nothing was split.')
    const other = await owner.say('split BYND 10:1')
    expect(other).toContain('LONG 3,750 BYND @ $0.63 → LONG 37,500 BYND @ $0.063')
    expect(other).toContain('YES - 1 becomes 10')
    await owner.say('no')
    expect(await quantities()).toEqual(['3750'])
  })

  test('asks for the price of fractions, where there are any', async ({ alice }) => {
    await alice.say('long BYND 3755 @ .63')
    expect(await owner.say('split BYND 1:10')).toBe(
      '❓ SPLIT BYND 1:10: every 10 shares become 1, and what is no whole share is paid out in cash.\nAt how many dollars for a new BYND share (now $0.60)?',
    )
    expect(await owner.say('nothing')).toContain('At how many dollars')
    const asked = await owner.say('6')
    expect(asked).toContain('LONG 3,755 BYND @ $0.63 → LONG 375 BYND @ $6.30\n')
    expect(asked).toContain('What is no whole share is paid out at $6.00 for a new share.')
    expect(await owner.say('1')).toContain('✓ SPLIT BYND 1:10')
    expect(await quantities()).toEqual(['375'])
    // 0.5 of a share cost $3.15, and brings $3.00.
    expect(await alice.say('pl')).toContain('Realized P&L: $-0.15')
  })

  test('is done for what the question showed, and for nothing else', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await owner.say('split BYND 1:10')
    await alice.say('sell 750 BYND now')
    const again = await owner.say('1')
    expect(again).toContain('⚠️ What is held has changed meanwhile.\n🔀 SPLIT BYND 1:10')
    expect(again).toContain('LONG 3,000 BYND @ $0.63 → LONG 300 BYND @ $6.30')
    const second = someone(desk, 'usecond')
    expect(await second.say('split BYND 1:10')).toContain('→ LONG 300')
    expect(await owner.say('1')).toContain('✓ SPLIT BYND 1:10')
    // The other owner has not seen that.
    const twice = await second.say('1')
    expect(twice).toContain('⚠️ What is held has changed meanwhile.')
    expect(twice).toContain('LONG 300 BYND @ $6.30 → LONG 30 BYND @ $63.00')
    expect(twice).toMatch(/⚠️ BYND was split 1:10 already, \d+ s ago/)
    await second.say('2')
    expect(await quantities()).toEqual(['300'])
  })

  test('is refused as long as the market has old prices on which it would set something off, and done while it is closed', async ({
    alice,
  }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('stop .55')
    await alice.say('sell 500 @ 1.10')
    await alice.say('buy 100 BYND if it drops below .50')
    expect(await owner.say('split BYND 1:10')).toBe(
      `⚠️ At the price of now that would set something off at once: the market does not show prices of new BYND shares yet.
${alice.name}: the stop at $5.50
${alice.name}: the order for later 2 at $5.00
Nothing was done.
💡 Say it while the symbol does not trade, before the first price of the new shares`,
    )
    expect(await owner.say('split BYND 10:1')).toContain(`${alice.name}: the limit order 1 at $0.11\n`)
    market.stale('BYND', 'closed')
    const asked = await owner.say('split BYND 1:10')
    expect(asked).toContain(
      'In one account: 1 position, 1 order at the venue, 1 order for later\nPrice now: $0.60 (not fresh);',
    )
    expect(await owner.say('1')).toContain('✓ SPLIT BYND 1:10')
    await alice.say('schedule cancel all')
    await alice.say('cancel all')
    market.set('BYND', '6.00')
  })

  test('is refused where the circuit breaker would close everything on an old price', async ({ alice }) => {
    await alice.say('long BYND 100000 @ .60')
    expect(await owner.say('split BYND 1:10')).toContain(`${alice.name}: the circuit breaker of the account\n`)
    expect(await quantities()).toEqual(['100000'])
  })

  test('of what nobody has, or of an unknown symbol, is refused', async () => {
    expect(await owner.say('split BTC-USD 1:10')).toBe('⚠️ Nobody has anything in BTC-USD. Nothing was done.')
    expect(await owner.say('split NOWHERE 1:10')).toContain("I don't know the symbol NOWHERE")
    expect(await owner.say('rename BTC-USD to AAPL')).toBe('⚠️ Nobody has anything in BTC-USD. Nothing was done.')
  })

  test('has its help, and its command on the platforms', async ({ alice }) => {
    expect(await owner.say('help split')).toContain('Usage: `split SYMBOL NEW:OLD [cash PRICE]`')
    await alice.say('long BYND 3750 @ .63')
    expect(await owner.command('split', { symbol: 'BYND', ratio: '1:10' })).toContain('→ LONG 375 BYND')
    await owner.say('2')
    market.set('AAPL', '0.60')
    expect(await owner.command('rename', { symbol: 'BYND', new: 'AAPL' })).toContain('🔀 BYND IS AAPL NOW?')
    await owner.say('2')
  })
})
