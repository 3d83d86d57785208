import { expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import type { Bar } from '../../src/market/market.ts'
import { createActivity } from '../../src/venues/paper/slippage.ts'
import { handMarket } from '../support/desk.ts'

test('an order waits for no provider of bars; later orders use what came late', async () => {
  const { promise, resolve } = Promise.withResolvers<Bar[]>()
  const market = { ...handMarket(), bars: () => promise }
  const activity = createActivity(market, () => new Date('2026-11-20T15:00:00Z'), 5)
  expect(await activity('BYND')).toBeUndefined()
  const price = new Big(1)
  const bar = (minute: number): Bar => ({
    at: new Date(minute * 60_000),
    ...{ open: price, high: price, low: price, close: price, volume: new Big(700) },
  })
  resolve([bar(0), bar(1)])
  expect((await activity('BYND'))?.minuteVolume).toBe(700)
})
