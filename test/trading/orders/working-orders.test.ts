import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { trader } from './resting.ts'

const { test, desk, market } = deskTest()
test.beforeEach(() => market.set('BYND', '1.00', '1.01'))

describe('an exit with a limit', () => {
  test('rests at the venue, fills when the market gets there, and says so once in its thread', async () => {
    const one = await trader(desk, 'long BYND 3750 @ .63')
    expect(await one.exit(undefined, { limit: '1.05' })).toMatch(
      /^✓ LIMIT SELL ORDER 3,750 BYND @ \$1\.05 \(working\)\n💡 Order 1: `move 1 PRICE`/,
    )
    expect((await one.position())?.workingQuantity.toFixed()).toBe('3750')
    expect(await one.working()).toEqual([1])
    market.set('BYND', '1.05', '1.06')
    await one.hears(/^✓ SOLD 3,750 BYND @ \$1\.05 \(limit order 1\)\nP&L: \$\+1,575\.00\nPosition: FLAT\n· person\d+$/)
    await desk.desk.sweep()
    expect(await one.working()).toEqual([])
    expect(await one.position()).toBeUndefined()
    expect(one.told()).toHaveLength(1)
  })

  test('that the market has reached is filled at once, at the touch', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    expect(await one.exit('40', { limit: '0.90' })).toContain('✓ SOLD 40 BYND @ $1.00 (limit order 1)')
  })

  test('keeps its quantity from other exits, which are told its number', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('80', { limit: '1.05' })
    expect(await one.exit('30')).toContain('Free: 20 of 100 BYND (80 held by order 1). Nothing was done.')
    expect(await one.exit('30', { limit: '1.06' })).toContain('`cancel 1` frees it')
    expect(await one.exit('20')).toContain('✓ SOLD 20 BYND @ $1.00')
    expect(await one.person.say('scaleout BYND fast 30')).toContain('Free: 0 of 80 BYND (80 held by order 1)')
    expect(await one.person.say('scaleout BYND fast')).toContain('Free: 0 of 80 BYND (80 held by order 1)')
    expect(await one.cancel(1)).toBe('✓ CANCELLED order 1: LIMIT SELL 80 BYND @ $1.05')
    expect((await one.position())?.workingQuantity.toFixed()).toBe('0')
  })

  test('gives everything back to `close`, which takes it all', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('80', { limit: '1.05' })
    await one.exit('10', { limit: '1.06' })
    const said = await one.exit()
    expect(said).toContain('✓ CANCELLED order 1: LIMIT SELL 80 BYND @ $1.05 (the position is being closed)')
    expect(said).toContain('✓ CANCELLED order 2')
    expect(said).toMatch(/✓ SOLD 100 BYND @ \$1\.00\nP&L: \$\+37\.00\nPosition: FLAT$/)
  })

  test('keeps its quantity when more is recorded; a position that it holds is not corrected', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('80', { limit: '1.05' })
    const added = await one.person.hear('long BYND 50 @ 1')
    expect((await one.person.press(added[0]!, 'add')).map(({ text }) => text).join()).toContain('✓ LONG 150 BYND')
    expect((await one.position())?.workingQuantity.toFixed()).toBe('80')
    const corrected = await one.person.hear('long BYND 50 @ 1')
    expect((await one.person.press(corrected[0]!, 'update')).map(({ text }) => text).join()).toContain(
      'Free: 70 of 150 BYND (80 held by order 1)',
    )
    await one.cancel()
  })

  test('whose message is heard again does not take itself back', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit(undefined, { limit: '1.05', id: 'heard-twice' })
    expect(await one.exit(undefined, { limit: '1.05', id: 'heard-twice' })).toBe('')
    expect(await one.working()).toEqual([1])
    await one.cancel()
  })

  test('moves, and is filled at once where the market is already', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('80', { limit: '1.05' })
    expect(await one.move(1, '1.10')).toContain('✓ LIMIT SELL ORDER 80 BYND @ $1.10 (working, was $1.05)')
    expect(await one.move(1, '0.99')).toContain('✓ SOLD 80 BYND @ $1.00 (limit order 1)')
    expect(await one.move(1, '1.20')).toContain('You have no working orders')
  })

  test('expires when its time is over', async () => {
    const one = await trader(desk, 'long BYND 100 @ .63')
    await one.exit('80', { limit: '1.05', expiresAt: new Date(Date.now() + 300) })
    await one.hears(/^⌛ EXPIRED order 1: LIMIT SELL 80 BYND @ \$1\.05/)
    expect((await one.position())?.workingQuantity.toFixed()).toBe('0')
  })
})

describe('an order that opens', () => {
  test('at the market is filled at once and makes a position; another adds to it', async () => {
    const one = await trader(desk)
    expect(await one.enter('buy', '500')).toBe('✓ BOUGHT 500 BYND @ $1.01\nPosition: LONG 500 BYND @ $1.01')
    expect(await one.enter('buy', '500')).toContain('Position: LONG 1,000 BYND')
    expect(await one.enter('sell', '500')).toContain('an order to sell would take from it')
  })

  test('with a limit rests, and opens when the market gets there', async () => {
    const one = await trader(desk)
    expect(await one.enter('buy', '500', { limit: '0.95' })).toContain('✓ LIMIT BUY ORDER 500 BYND @ $0.95 (working)')
    market.set('BYND', '0.94', '0.95')
    await one.hears(/^✓ BOUGHT 500 BYND @ \$0\.95 \(limit order 1\)\nPosition: LONG 500 BYND @ \$0\.95\n· person\d+$/)
    expect((await one.position())?.signedQuantity.toFixed()).toBe('500')
  })

  test('sells short as well', async () => {
    const one = await trader(desk)
    expect(await one.enter('sell', '10')).toBe('✓ SOLD SHORT 10 BYND @ $1.00\nPosition: SHORT 10 BYND @ $1.00')
  })
})
