import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from '../commands/someone.ts'

const { test, desk } = deskTest({ worker: false })
test.beforeEach(({ alice }) => alice.say('long BYND 300 @ 1'))

const orders = async () => (await desk.desk.parts.db.selectFrom('orders').select('id').execute()).length

describe('a word that stands where a symbol does, and is none, in a thread that is about BYND', () => {
  test.for([
    'quote NOPE',
    'quote nope',
    'quote moon please',
    'price of nope',
    'chart NOPE',
    'chart nope 5m',
    'show me the chart of nope',
    'vwap nope',
    'vwap NOPE',
    'rsi on NOPE',
    'macd moon',
    'levels for nope',
    'rvol NOPE',
    'atr nope',
    'vp YOLO',
    'watch NOPE',
    'watch nope',
    'pl NOPE',
    'pl nope',
    'why NOPE',
    'advise NOPE',
    'should i sell NOPE',
    'is NOPE overbought',
    'quote BYND NOPE',
    'quote bynd and nope',
  ])('%j is refused as unknown, and not answered with the figures of BYND', async (text, { alice }) => {
    const said = await alice.say(text)
    expect(said).toMatch(/I don't know the symbol (NOPE|MOON|YOLO)/)
    expect(said).not.toContain('Bid:')
  })

  test.for([
    'close NOPE',
    'close nope now',
    'close moon',
    'sell 100 NOPE',
    'sell 100 nope',
    'sell half of NOPE',
    'sell half of wxyz',
    'dump half of nope',
    'buy 100 NOPE',
    'buy NOPE 100 @ 5',
    'trim NOPE by half',
    'add 100 NOPE',
    'stop NOPE .5',
    'target on NOPE at 2',
    'trail NOPE 2%',
    'breakeven on NOPE',
    'scaleout NOPE fast',
    'get me out of NOPE',
    'peel off a third of NOPE',
    'SELL 100 NOPE',
  ])('%j does nothing, and asks nothing about BYND', async (text, { alice }) => {
    const before = await orders()
    const said = await alice.say(text)
    expect(said).toContain('Nothing was done')
    expect(said).not.toContain('Did you mean: ')
    expect(await orders()).toBe(before)
  })

  test('what is no symbol to anybody is about BYND as before', async ({ alice }) => {
    for (const text of ['quote please', 'quote it', 'quote again', 'quote now'])
      expect(await alice.say(text), text).toContain('BYND')
    expect(await alice.say('rsi for today')).not.toContain("don't know the symbol")
  })
})

describe('what was said to nobody', () => {
  const spoken = (alice: Someone, text: string) => alice.hear(text, { addressed: false })

  test('is no order when it ends with the name of somebody else', async ({ alice }) => {
    for (const text of ['close bynd now @tony', 'sell half bynd <@U777>', 'why did you sell so early @tony'])
      expect(await spoken(alice, text), text).toEqual([])
    expect((await spoken(alice, 'close bynd now'))[0]!.text).toContain('SOLD 300 BYND')
  })

  test('is not told that a thing is no symbol', async ({ alice }) => {
    for (const text of ['cut 10 percent of staff', 'reduce salt by half', 'grab 2', 'order 66', 'full stop.'])
      expect(await spoken(alice, text), text).toEqual([])
  })
})

test('what is not done by a number of its own is asked about with what it was taken for', async ({ alice }) => {
  expect(await alice.say('sell 100 of my 300 bynd')).toContain('🤔 Did you mean: sell 100 BYND?')
  expect(await alice.say('1')).toContain('SOLD 100 BYND')
  expect(await alice.say('close 1.5')).toContain('🤔 Did you mean: close BYND @ $1.5?')
})
