import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, recipe } from '../../../models/forecaster/build.ts'
import { evaluationText } from '../../../models/forecaster/evaluation-text.ts'
import { featuresFor } from '../../../models/forecaster/features.ts'
import { type BarsFound, barsOf } from '../../../models/forecaster/recording.ts'
import { samplesOf } from '../../../models/forecaster/samples.ts'
import { verdictsOf } from '../../../models/forecaster/ship-rule.ts'
import { testShipped } from '../../../models/forecaster/test-shipped.ts'
import { walkForward } from '../../../models/forecaster/walk.ts'
import { cardSchema } from '../../../src/prediction/forecaster/card.ts'
import { loadForecaster } from '../../../src/prediction/forecaster/model.ts'
import { walkingBars } from './walking-bars.ts'

const symbols = ['AAPL', 'BA', 'GOOG', 'GOOGL', 'KO']
let scratch = ''
let found: BarsFound

/** Writes bars as files of a folder, as people have them. */
async function record(folder: string, name: string, seed: number, from = 0, count = 880): Promise<void> {
  const { days, open, high, low, close, volume } = walkingBars(count, seed)
  const rows = days.slice(from).map((day, nth) => {
    const at = nth + from
    return [day, ...[open, high, low, close].map((column) => column[at]!.toFixed(4)), volume[at]].join(',')
  })
  await writeFile(path.join(folder, `${name}.csv`), `date,open,high,low,close,volume\n${rows.join('\n')}\n`)
}

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'deskhand-bars-'))
  const folder = path.join(scratch, 'bars')
  await mkdir(folder)
  for (const [seed, symbol] of [...symbols, 'SPY'].entries()) await record(folder, symbol, seed + 1)
  await record(folder, 'GOOG-long', 9)
  await record(folder, 'NEW', 10, 600)
  found = await barsOf(folder)
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('recorded bars', () => {
  test('leave out second recordings and symbols with few bars, and have SPY as their market', () => {
    expect([...found.bars.keys()].sort()).toEqual(symbols)
    expect(found.market?.days).toHaveLength(880)
    expect(found.hash).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('a training', () => {
  test('gives the same bytes twice, a card that holds, a file that opens, and an evaluation of it', async () => {
    const small = { ...recipe, hidden: [8, 4], epochs: 1 }
    const isOf = (symbol: string) => (symbol === 'GOOGL' ? 'GOOG' : symbol)
    const shares: number[] = []
    const once = await build(found, isOf, featuresFor(found), (share) => shares.push(share), small)
    const again = await build(found, isOf, featuresFor(found), () => {}, small)
    for (const name of ['model.onnx', 'card.json'] as const)
      expect(Buffer.from(again[name]).equals(once[name])).toBe(true)
    expect(shares.at(-1)).toBe(1)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))

    const card = cardSchema.parse(JSON.parse(Buffer.from(once['card.json']).toString()))
    expect([card.kind, card.layout, card.data.hash]).toEqual(['baseline', null, found.hash])
    expect(card.verdicts.every(({ isNetworkShown, isDirectionShown }) => !isNetworkShown && !isDirectionShown)).toBe(
      true,
    )
    const folder = path.join(scratch, 'model')
    await mkdir(folder)
    for (const [name, bytes] of Object.entries(once)) await writeFile(path.join(folder, name), bytes)
    const model = await loadForecaster(folder)
    const samples = samplesOf(found.bars, found.market)
    const shipped = await testShipped(model, samples)
    await model.close()
    const learned = shipped.find(({ part }) => part === 'learned')!.horizons[0]!
    expect(Math.abs(learned.held[1]! - 0.9)).toBeLessThan(0.02)
    const verdicts = verdictsOf(await walkForward(samples, () => false, undefined))
    const bars = { ...found, symbols: samples.symbols.length }
    const text = evaluationText({ bars, isOfTheCard: true, shipped, verdicts }, card)
    expect(text).toMatch(/^5 symbols from 2020-01-01 to .*: the bars of the card\n/)
    expect(text).toMatch(/ 21 days {2}range against a constant volatility [+-][\d.]+% \[/)
  })
})
