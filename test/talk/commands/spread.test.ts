import { expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'

const clock = handClock('2026-11-20T15:00:00Z')

const { test, market } = deskTest({ worker: false, clock })

test('spread shows cents and basis points, and says so while there are too few quotes for a mean', async ({
  alice,
}) => {
  market.set('BYND', '1.01', '1.03')
  expect(await alice.say('spread BYND')).toBe(
    '📊 SPREAD — BYND\nSpread: 2¢ | 196.1 bp of $1.02\nMean: not known yet; its quotes are counted from now on, 20 are needed',
  )
  for (let tick = 0; tick < 3; tick++) {
    clock.advance(1000)
    market.set('BYND', '1.01', '1.02')
  }
  expect(await alice.say('spread')).toBe(
    '📊 SPREAD — BYND\nSpread: 1¢ | 98.5 bp of $1.015\nMean: not known yet: 3 quotes over 2 s so far, 20 are needed',
  )
})

test('spread against the mean of the last twenty minutes says how many quotes that is of', async ({ alice }) => {
  await alice.say('spread BYND')
  clock.advance(30 * 60_000)
  for (let tick = 0; tick < 30; tick++) {
    clock.advance(10_000)
    market.set('BYND', '1.00', tick % 2 === 0 ? '1.01' : '1.02')
  }
  market.set('BYND', '1.00', '1.04')
  expect(await alice.say("what's the spread on bynd?")).toBe(
    '📊 SPREAD — BYND\nSpread: 4¢ | 392.2 bp of $1.02\nMean: 1.58¢ | 156.6 bp, of 31 quotes over 4 min 50 s\n💭 Unusually wide: an order at the market costs more than it usually does',
  )
})

test('spread of more than one symbol shows each', async ({ alice }) => {
  const text = await alice.say('spread BYND AAPL')
  expect(text).toContain('📊 SPREAD — BYND\n')
  expect(text).toContain('\n\n📊 SPREAD — AAPL\nSpread: 0¢ | 0 bp of $190.00\n')
})

test('spread of a stale quote says why it is stale', async ({ alice }) => {
  market.stale('AAPL', 'the quote is 60 s old (limit 15 s)')
  expect(await alice.say('spread AAPL')).toContain('⚠️ Stale: the quote is 60 s old (limit 15 s). It is not traded on.')
})

test('spread of what nobody knows is refused, and without a symbol it asks', async ({ alice }) => {
  expect(await alice.say('spread')).toBe('❓ Which symbol?')
  expect(await alice.say('spread APL')).toContain('Did you mean AAPL?')
})
