import { describe, expect, test } from 'vitest'
import {
  ceilings,
  type LimitName,
  limitNames,
  limitRefusal,
  limitText,
  liveLimits,
} from '../../../src/agents/rules/limits.ts'
import { rampOf, type Week } from '../../../src/agents/rules/ramp.ts'
import { Big } from '../../../src/base/amounts.ts'
import fc from '../../support/fast-check.ts'
import { decimal } from '../../trading/positions/arbitraries.ts'

const weeks = [1, 2, 3, 4] as const

describe('limits', () => {
  test('loosen by the week: 10, 15, 15, 20% of $2,000, $5,000, $7,000, $10,000', () => {
    const shown = weeks.map((week) => {
      const { size, exposure, deployed } = liveLimits(week)
      return [size, exposure, deployed].map((one) => one.toNumber())
    })
    expect(shown).toEqual([
      [0.1, 0.3, 2000],
      [0.15, 0.5, 5000],
      [0.15, 0.5, 7000],
      [0.2, 0.5, 10_000],
    ])
  })

  test('of the first week are those of the first day, whatever owners say, but tighter', () => {
    const loose = {
      size: new Big('0.2'),
      trades: new Big(20),
      pause: new Big(60),
      shorts: true,
      symbols: ['AAPL', 'TSLA'],
    }
    expect(liveLimits(1, loose)).toEqual({ ...liveLimits(1), symbols: ['AAPL'] })
    const tight = liveLimits(1, { size: new Big('0.05'), pause: new Big(600), deployed: new Big(500) })
    expect([tight.size, tight.pause, tight.deployed].map(String)).toEqual(['0.05', '600', '500'])
    const second = liveLimits(2, loose)
    expect([second.size, second.trades, second.pause].map(String)).toEqual(['0.15', '20', '60'])
    expect([second.shorts, second.symbols]).toEqual([true, ['AAPL', 'TSLA']])
  })

  test('a limit beyond its ceiling is refused, and the refusal names the ceiling', () => {
    expect(limitRefusal('size', new Big('0.2'))).toBeUndefined()
    expect(limitRefusal('size', new Big('0.21'))).toMatchObject({
      code: 'LIMIT_OUT_OF_BOUNDS',
      sentence: 'The limit size is at most 20%, for everybody. Nothing was done.',
    })
    expect(limitRefusal('pause', new Big(60))).toBeUndefined()
    expect(limitRefusal('pause', new Big(59))?.sentence).toContain('pause is at least 60 s')
    expect(limitRefusal('deployed', new Big('10000.01'))?.sentence).toContain('at most $10,000.00')
    expect(limitRefusal('trades', new Big(-1))?.sentence).toContain('at least 0')
  })

  test('no edit, in no week, goes beyond a ceiling or beyond the week; what is refused is never what counts', () => {
    const name = fc.constantFrom(...limitNames)
    fc.assert(
      fc.property(
        fc.constantFrom(...weeks),
        name,
        decimal(3, -1000, 100_000_000),
        (week: Week, limit: LimitName, value) => {
          const edited = liveLimits(week, { [limit]: value })[limit]
          const isBelow = ['pause', 'afterOpen', 'beforeClose'].includes(limit)
          const bounds = [ceilings[limit], ...(week === 1 ? [liveLimits(1)[limit]] : [])]
          for (const bound of bounds) expect(isBelow ? edited.gte(bound) : edited.lte(bound)).toBe(true)
          if (limitRefusal(limit, value) === undefined && week === 4) expect(edited.eq(value)).toBe(true)
          expect(limitText(limit, value)).toMatch(/\d/)
        },
      ),
    )
  })
})

describe('the ramp', () => {
  const days = (count: number, isBreached = false) => Array.from({ length: count }, () => ({ isBreached }))

  test('goes up after five live days without a breach', () => {
    const at = (count: number) => rampOf(days(count)).week
    expect([0, 4, 5, 9, 10, 14, 15, 100].map(at)).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
  })

  test('a breach begins the week anew', () => {
    expect(rampOf([...days(9), ...days(1, true), ...days(4)])).toEqual({ week: 2, clean: 4 })
    expect(rampOf([...days(9), ...days(1, true), ...days(5)])).toEqual({ week: 3, clean: 0 })
  })

  test('neither time with breaches nor anything else goes up', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ isBreached: fc.boolean() }), { maxLength: 60 }), (all) => {
        const clean = all.filter(({ isBreached }) => !isBreached).length
        const { week } = rampOf(all)
        expect(week).toBeLessThanOrEqual(1 + Math.floor(clean / 5))
        expect(rampOf(all.slice(0, -1)).week).toBeLessThanOrEqual(week)
      }),
    )
  })
})
