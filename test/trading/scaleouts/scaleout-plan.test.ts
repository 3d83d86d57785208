import { describe, expect, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { evenChunks, planScaleout } from '../../../src/trading/scaleouts/rules/scaleout-plan.ts'
import fc from '../../support/fast-check.ts'

/** The table of what was asked for, in seconds; written down again here so that nobody changes it by accident. */
const asked = {
  fast: { chunks: [6, 10], delay: [10, 30], whole: [60, 180] },
  medium: { chunks: [8, 12], delay: [60, 120], whole: [600, 900] },
  slow: { chunks: [10, 15], delay: [240, 480], whole: [3300, 4200] },
} as const

const speeds = fc.constantFrom('fast' as const, 'medium' as const, 'slow' as const)
const lots = fc.constantFrom('1', '100', '0.0001', '0.001', '0.25').map((lot) => new Big(lot))
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })
/** Seldom a handful of lots, mostly many, sometimes all there is. */
const counts = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_000_000_000 }))
const wanted = fc.record({ lots: counts, lot: lots, speed: speeds, seed: seeds })

const planned = ({
  lots: count,
  lot,
  speed,
  seed,
}: {
  lots: number
  lot: Big
  speed: keyof typeof asked
  seed: number
}) => planScaleout(lot.times(count), lot, speed, seed)

const many = { numRuns: 2000 }

describe('a scaleout is planned so that', () => {
  test('its chunks add up to the whole, to the last lot', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const total = sum(planned(want).map(({ quantity }) => quantity))
        expect(total.toFixed()).toBe(want.lot.times(want.lots).toFixed())
      }),
      many,
    )
  })

  test('its chunks add up to the whole also where that is no multiple of the lot, and are alike but for two lots and the usual rest', () => {
    const total = fc.integer({ min: 1, max: 2 ** 31 }).map((units) => new Big(units).div(1e6))
    fc.assert(
      fc.property(total, lots, speeds, seeds, (all, lot, speed, seed) => {
        const quantities = planScaleout(all, lot, speed, seed).map(({ quantity }) => quantity)
        expect(sum(quantities).toFixed()).toBe(all.toFixed())
        const most = all.div(quantities.length).times('1.1').plus(lot.times(2))
        for (const quantity of quantities) expect(quantity.gt(0) && quantity.lte(most)).toBe(true)
      }),
      many,
    )
  })

  test('every chunk is a multiple of the lot and more than nothing', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        for (const { quantity } of planned(want)) {
          expect(quantity.gt(0)).toBe(true)
          expect(quantity.mod(want.lot).eq(0)).toBe(true)
        }
      }),
      many,
    )
  })

  test('its chunks are alike, but for a rest that is small beside a chunk, or a lot each', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const chunks = planned(want)
        const inLots = chunks.map(({ quantity }) => BigInt(quantity.div(want.lot).toFixed()))
        const each = BigInt(want.lots) / BigInt(chunks.length)
        const rest = BigInt(want.lots) % BigInt(chunks.length)
        const last = chunks.length - 1
        expect(inLots).toEqual(
          rest * 10n > each
            ? chunks.map((_, index) => (index < Number(rest) ? each + 1n : each))
            : chunks.map((_, index) => (index === last ? each + rest : each)),
        )
      }),
      many,
    )
    const delays = Array.from({ length: 14 }, () => 1)
    const inWhole = (total: number) =>
      evenChunks(new Big(total), new Big(1), delays).map(({ quantity }) => quantity.toNumber())
    expect(inWhole(27)).toEqual([...Array(13).fill(2), 1])
    expect(inWhole(3750)).toEqual([...Array(13).fill(267), 279])
  })

  test('it has as many chunks as its speed allows, or one for each lot where there are fewer', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const [least, most] = asked[want.speed].chunks
        const { length } = planned(want)
        expect(length).toBeLessThanOrEqual(most)
        expect(length).toBeGreaterThanOrEqual(Math.min(least, want.lots))
        expect(planned(want).map(({ number }) => number)).toEqual(Array.from({ length }, (_, index) => index + 1))
      }),
      many,
    )
  })

  test('every wait lies in the range of its speed', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const [least, most] = asked[want.speed].delay
        for (const { delayMs } of planned(want)) {
          expect(Number.isInteger(delayMs)).toBe(true)
          expect(delayMs).toBeGreaterThanOrEqual(least * 1000)
          expect(delayMs).toBeLessThanOrEqual(most * 1000)
        }
      }),
      many,
    )
  })

  test('no plan is regular: its waits differ by at least a quarter of their range', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const waits = planned(want).map(({ delayMs }) => delayMs)
        if (waits.length === 1) return
        const [least, most] = asked[want.speed].delay
        expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThanOrEqual(((most - least) / 4) * 1000)
      }),
      many,
    )
  })

  test('its waits do not crowd: no quarter of their spread holds more than half of them', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const waits = planned(want).map(({ delayMs }) => delayMs)
        if (waits.length >= 4) expect(mostIn(waits, 0.25)).toBeLessThanOrEqual(waits.length / 2)
      }),
      many,
    )
    const crowded = [240, 241, 241, 240, 241, 240, 245, 241, 241, 241, 241, 240, 330, 240, 240]
    expect(mostIn(crowded, 0.25)).toBe(14)
  })

  test('the whole lies in its window, wherever there are chunks enough to fill it', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const chunks = planned(want)
        const { whole, delay } = asked[want.speed]
        const takes = chunks.reduce((all, { delayMs }) => all + delayMs, 0)
        expect(takes).toBeLessThanOrEqual(whole[1] * 1000)
        // The longest waits, spread over a quarter of the range.
        const spread = (delay[1] - delay[0]) / 4
        const longest = chunks.length === 1 ? delay[0] : chunks.length * delay[1] - (spread * (chunks.length + 1)) / 2
        expect(takes).toBeGreaterThanOrEqual(Math.min(whole[0], longest) * 1000)
      }),
      many,
    )
  })

  test('the same seed draws the same plan', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        expect(planned(want)).toEqual(planned(want))
      }),
    )
  })

  test.each(['fast', 'medium', 'slow'] as const)('all counts and different waits come up when it is %s', (speed) => {
    const plans = Array.from({ length: 500 }, (_, seed) => planScaleout(new Big(3750), new Big(1), speed, seed))
    const [least, most] = asked[speed].chunks
    const lengths = [...new Set(plans.map(({ length }) => length))].sort((a, b) => a - b)
    expect(lengths).toEqual(Array.from({ length: most - least + 1 }, (_, index) => least + index))
    expect(new Set(plans.map((plan) => plan.map(({ delayMs }) => delayMs).join())).size).toBe(500)
    const [shortest, longest] = asked[speed].delay
    const middle = ((shortest + longest) / 2) * 1000
    const first = plans.map((plan) => plan[0]!.delayMs)
    const last = plans.map((plan) => plan.at(-1)!.delayMs)
    // No position is favoured: the first and the last wait have the same distribution.
    const share = (waits: number[]) => waits.filter((wait) => wait > middle).length / waits.length
    expect(Math.abs(share(first) - share(last))).toBeLessThan(0.12)
  })
})

/** The most waits that lie within a share of the spread of all. */
function mostIn(waits: number[], share: number): number {
  const width = (Math.max(...waits) - Math.min(...waits)) * share
  return Math.max(...waits.map((from) => waits.filter((wait) => wait >= from && wait <= from + width).length))
}
