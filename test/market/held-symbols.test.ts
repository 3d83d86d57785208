import { expect, test } from 'vitest'
import { alsoHeld, instrumentNamed } from '../../src/market/held-symbols.ts'
import { handMarket } from '../support/desk.ts'

test('the symbol of an open position is known even where no source lists it, and no other is', async () => {
  const market = alsoHeld(handMarket(), async (symbol) => symbol === 'TSLX')
  expect(market.instrument('TSLX')).toBeUndefined()
  expect(await instrumentNamed(market, 'TSLX')).toMatchObject({ symbol: 'TSLX', name: 'TSLX' })
  expect(market.instrument('tslx')?.symbol).toBe('TSLX')
  expect(await instrumentNamed(market, 'TSLY')).toBeUndefined()
  expect(await market.quote('TSLX')).toBeUndefined()
})

test('a source that does not answer leaves a held symbol known', async () => {
  const silent = {
    ...handMarket(),
    lookUp: async () => {
      throw new Error('it is away')
    },
  }
  const market = alsoHeld(silent, async () => true)
  expect((await instrumentNamed(market, 'TSLX'))?.symbol).toBe('TSLX')
})
