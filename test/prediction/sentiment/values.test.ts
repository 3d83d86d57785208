import { describe, expect, test } from 'vitest'
import { sentimentNames, sentimentSources } from '../../../src/prediction/sentiment/names.ts'
import { type ScoredItem, sentimentValues } from '../../../src/prediction/sentiment/values.ts'
import fc from '../../support/fast-check.ts'

const at = Date.parse('2026-11-20T21:00:00Z')
const hour = 3_600_000
const item = (hours: number, score: number, publisher = 'A', source: ScoredItem['source'] = 'news'): ScoredItem => ({
  ...{ source, score, publisher, known: 0.5 },
  publishedAt: at - hours * hour,
})
const named = (values: Float64Array) => Object.fromEntries(sentimentNames.map((name, nth) => [name, values[nth]!]))
const ofNews = (items: ScoredItem[]) => named(sentimentValues(items, at, new Set(['news'] as const)))

describe('the 72 values of sentiment', () => {
  test('are those of their definitions', () => {
    const values = ofNews([
      item(1, 0.5),
      item(23, -0.3, 'B'),
      item(50, 0.8, 'a'),
      item(100, 0),
      item(200, -1),
      item(719, 1),
    ])
    const wanted = {
      ...{ available: 1, count_1d: Math.log(3), count_7d: Math.log(5), mean_1d: 0.1, mean_3d: 1 / 3, mean_7d: 0.25 },
      ...{ mean_30d: 1 / 6, deviation_7d: Math.sqrt((0.0625 + 0.3025 + 0.3025 + 0.0625) / 4), positive_7d: 0.5 },
      ...{ negative_7d: 0.25, max_7d: 0.8, min_7d: -0.3, mean_1d_less_7d: -0.15, age: 1 / 168 },
      ...{ publishers_7d: Math.log(3), known_words_7d: 0.5 },
    }
    for (const [name, value] of Object.entries(wanted)) {
      expect(values[`news_${name}`], name).toBeCloseTo(value, 12)
      expect(values[`all_${name}`], name).toBeCloseTo(value, 12)
    }
    const weight = (hours: number) => 2 ** (-hours / 48)
    const weights = [1, 23, 50, 100, 200, 719].map(weight)
    const sum = 0.5 * weights[0]! - 0.3 * weights[1]! + 0.8 * weights[2]! - weights[4]! + weights[5]!
    expect(values.news_ewma_2d).toBeCloseTo(sum / weights.reduce((all, one) => all + one), 12)
    // Two items on the last day, one on four other days of thirty: no deviation is less than one item.
    expect(values.news_count_z).toBeCloseTo(2 - 6 / 30, 12)
    expect(Object.entries(values).filter(([name, value]) => /^(reddit|x)_/.test(name) && value !== 0)).toEqual([])
  })

  test('are 0 of a source that is not available, whatever items it had', () => {
    const values = sentimentValues([item(1, 0.9), item(2, 0.4, 'B', 'reddit')], at, new Set())
    expect([...values]).toEqual(Array(72).fill(0))
  })

  test('say of a source without items that it is there and silent', () => {
    const values = ofNews([])
    expect(values.news_available).toBe(1)
    expect(values.news_age).toBeCloseTo(30 / 7, 12)
    expect(Object.values(values).filter((value) => value !== 0).length).toBe(4)
  })

  test('depend on no item that was not published yet, nor on one older than 30 days, nor on their order', () => {
    const anyItem = fc.record({
      hours: fc.integer({ min: -100, max: 900 }),
      score: fc.double({ min: -1, max: 1, noNaN: true }),
      source: fc.constantFrom('news' as const, 'reddit' as const, 'x' as const),
      publisher: fc.constantFrom('A', 'B', 'C'),
    })
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 40 }), (some) => {
        const items = some.map(({ hours, score, source, publisher }) => item(hours, score, publisher, source))
        const sources = new Set(sentimentSources.filter((source) => source !== 'all'))
        const values = sentimentValues(items, at, sources)
        const known = items.filter(({ publishedAt }) => publishedAt <= at && publishedAt > at - 720 * hour)
        const expected = sentimentValues(known.toReversed(), at, sources)
        for (const [nth, value] of values.entries()) expect(value).toBeCloseTo(expected[nth]!, 9)
        expect(values.every((value) => Math.abs(value) <= 10)).toBe(true)
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    )
  })
})
