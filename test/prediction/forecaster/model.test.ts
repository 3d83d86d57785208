import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportForecaster } from '../../../models/forecaster/export.ts'
import { type Network, networkResults } from '../../../models/forecaster/network.ts'
import { weightCount } from '../../../models/forecaster/training-graph.ts'
import { chanceOf } from '../../../models/random.ts'
import { layoutHash } from '../../../src/prediction/features/layout.ts'
import { baselineInputs } from '../../../src/prediction/forecaster/baseline/inputs.ts'
import { forecasterFolder } from '../../../src/prediction/forecaster/folder.ts'
import { type Forecast, farInputs, forecastFrom, plainAllowed } from '../../../src/prediction/forecaster/forecast.ts'
import { horizonCount, knots } from '../../../src/prediction/forecaster/horizons.ts'
import { type ForecastModel, loadForecaster } from '../../../src/prediction/forecaster/model.ts'

let scratch = ''
let model: ForecastModel
const width = baselineInputs.length

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'deskhand-forecaster-'))
  model = await loadForecaster(forecasterFolder)
})
afterAll(async () => {
  await model.close()
  await rm(scratch, { recursive: true, force: true })
})

type CardFile = Record<string, unknown>

/** A folder with the shipped model, another file of a model, or a changed card. */
async function folderWith({
  bytes,
  change,
}: {
  bytes?: Uint8Array
  change?: (card: CardFile) => void
}): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'model-'))
  await mkdir(folder, { recursive: true })
  const card = JSON.parse(await readFile(join(forecasterFolder, 'card.json'), 'utf8')) as CardFile
  if (bytes) {
    await writeFile(join(folder, 'model.onnx'), bytes)
    card.hash = createHash('sha256').update(bytes).digest('hex')
  } else await copyFile(join(forecasterFolder, 'model.onnx'), join(folder, 'model.onnx'))
  change?.(card)
  await writeFile(join(folder, 'card.json'), JSON.stringify(card))
  return folder
}

const weights = knots.map(() => Float64Array.from({ length: width + 1 }, (_, at) => (at === 0 ? 1 : 0)))

describe('the shipped forecaster', () => {
  test('gives the golden vectors of its card', async () => {
    const { golden } = model.card
    const rows = Float32Array.from(golden.flatMap(({ inputs }) => inputs))
    const { mu, sigma } = await model.run(golden.length, rows)
    for (const [row, { sigma: wanted }] of golden.entries())
      for (const [knot, horizon] of knots.entries())
        expect(sigma[row * horizonCount + horizon - 1]! / wanted[knot]!).toBeCloseTo(1, 4)
    expect(mu.every((value) => value === 0)).toBe(true)
  })

  test('says of itself what its card says: no edge of a direction, and ranges that are shown to a month', () => {
    const { kind, layout, verdicts, data } = model.card
    expect([kind, layout]).toEqual(['baseline', null])
    expect(verdicts.every(({ isNetworkShown, isDirectionShown }) => !isNetworkShown && !isDirectionShown)).toBe(true)
    expect(verdicts.filter(({ isRangeShown }) => isRangeShown).map(({ horizon }) => horizon)).toEqual([1, 5, 10, 21])
    expect(data.heldOut.length).toBeGreaterThan(10)
    for (const { coverage } of verdicts) {
      expect(Math.abs(coverage.adaptive[1]! - 0.9)).toBeLessThan(0.02)
      expect(Math.abs(coverage.heldOut[1]! - 0.9)).toBeLessThan(0.02)
    }
  })
})

test('the card stands as its training wrote it: a formatter would make `--check` fail', async () => {
  const text = await readFile(join(forecasterFolder, 'card.json'), 'utf8')
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 1)}\n`)
})

describe('a forecaster is refused', () => {
  const refusal = async (given: Parameters<typeof folderWith>[0], reason: RegExp) =>
    expect(loadForecaster(await folderWith(given))).rejects.toThrow(reason)

  test('with another hash, half a card, none, or no model', async () => {
    await refusal(
      { change: (card) => Object.assign(card, { hash: 'other' }) },
      /has the hash \w{64}, and its card says other/,
    )
    await refusal({ change: (card) => delete card.verdicts }, /not a card/)
    await expect(loadForecaster(join(scratch, 'nowhere'))).rejects.toThrow(/no card.json/)
    await refusal({ bytes: Buffer.from('nonsense') }, /cannot be opened/)
  })

  test('with other inputs than its card or than this desk', async () => {
    const change = (card: CardFile) => Object.assign(card, { inputs: baselineInputs.toReversed() })
    await refusal({ change }, /other inputs than its card/)
    const { '0': first, ...rest } = { ...baselineInputs }
    const others = ['something else', ...Object.values(rest)]
    const bytes = Buffer.from(exportForecaster(weights)).toString('latin1').replace(first!, 'x'.repeat(first!.length))
    others[0] = 'x'.repeat(first!.length)
    await refusal(
      { bytes: Buffer.from(bytes, 'latin1'), change: (card) => Object.assign(card, { inputs: others }) },
      /inputs that this desk does not have/,
    )
  })

  test('with features of another layout', async () => {
    const shipped = networkFor('another')
    const bytes = exportForecaster(weights, shipped)
    await refusal(
      { bytes, change: (card) => Object.assign(card, { kind: 'network', layout: 'another' }) },
      /layout another, and this desk has/,
    )
    await refusal(
      { bytes, change: (card) => Object.assign(card, { kind: 'network', layout: layoutHash }) },
      /another layout of features than its card/,
    )
  })
})

function networkFor(layout: string) {
  const chance = chanceOf(8)
  const sizes = { inputs: 336, hidden: [6, 4], knots: knots.length }
  const network: Network = {
    sizes,
    weights: Float32Array.from({ length: weightCount(sizes) }, () => 0.2 * (chance.next() - 0.5)),
  }
  const verdicts = knots.map((horizon) => ({ isNetworkShown: horizon <= 21, isDirectionShown: horizon === 5 }))
  return { network, verdicts, layout }
}

test('a network in the file gives what it gave in its training, and only where it was shown', async () => {
  const shipped = networkFor(layoutHash)
  const folder = await folderWith({
    bytes: exportForecaster(weights, shipped),
    change: (card) => Object.assign(card, { kind: 'network', layout: layoutHash }),
  })
  const opened = await loadForecaster(folder)
  const chance = chanceOf(9)
  const features = Float32Array.from({ length: 336 }, () => chance.next() - 0.5)
  const inputs = Float32Array.from({ length: width }, () => -8)
  const { mu, sigma } = await opened.run(1, inputs, features)
  await opened.close()
  const own = networkResults(shipped.network)(features)
  for (const [knot, horizon] of knots.entries()) {
    const standard = Math.exp(-4) * Math.sqrt(horizon)
    const { isNetworkShown, isDirectionShown } = shipped.verdicts[knot]!
    expect(sigma[horizon - 1]! / (standard * (isNetworkShown ? Math.exp(own[knot]!) : 1))).toBeCloseTo(1, 4)
    expect(mu[horizon - 1]!).toBeCloseTo(isDirectionShown ? standard * own[knots.length + knot]! : 0, 6)
  }
})

describe('a forecast', () => {
  const flat = (value: number) => new Float64Array(horizonCount).fill(value)
  const roots = Float64Array.from({ length: horizonCount }, (_, at) => 0.01 * Math.sqrt(at + 1))
  const sigmas = Array.from({ length: 252 }, (_, at) => at)

  test('without a direction has ranges around the close, no optimal horizon, and a risk', () => {
    const found = forecastFrom(model.card, { mu: flat(0), sigma: roots }, plainAllowed, sigmas)
    expect([found.direction, found.optimal, found.risk]).toEqual(['NEUTRAL', undefined, 1])
    const [half, wide] = found.ranges
    for (let at = 0; at < horizonCount; at++) {
      expect(wide!.lower[at]!).toBeLessThan(half!.lower[at]!)
      expect(half!.lower[at]!).toBeLessThan(0)
      expect(Math.log1p(half!.lower[at]!)).toBeCloseTo(-Math.log1p(half!.upper[at]!), 10)
      expect(found.uncertainty[at]!).toBeCloseTo((half!.upper[at]! - half!.lower[at]!) / 2, 12)
    }
  })

  test('takes no peak of a direction that was not shown, and of a shown one only what is left after its error', () => {
    const mu = Float64Array.from({ length: horizonCount }, (_, at) => (at === 6 ? 0.5 : 0.02))
    expect(forecastFrom(model.card, { mu, sigma: roots }, plainAllowed, sigmas).direction).toBe('NEUTRAL')
    const shown = (low: number): Forecast['card'] => ({
      ...model.card,
      verdicts: model.card.verdicts.map((own) => ({
        ...own,
        isDirectionShown: true,
        rankCorrelation: { mean: 0.05, low, high: 0.07, blocks: 9 },
      })),
    })
    const sure = forecastFrom(shown(0.04), { mu: mu.map((value) => -value), sigma: roots }, plainAllowed, sigmas)
    expect([sure.direction, sure.optimal?.horizon]).toEqual(['SHORT', 7])
    expect(forecastFrom(shown(-0.02), { mu, sigma: roots }, plainAllowed, sigmas).optimal).toBeUndefined()
  })

  test('says which inputs are unlike anything that was learned from, and has no risk with few days', () => {
    const usual = model.card.usual.map(({ mean }) => mean)
    expect(farInputs(model.card, usual)).toEqual([])
    expect(farInputs(model.card, usual.with(0, 0))).toEqual([baselineInputs[0]])
    expect(forecastFrom(model.card, { mu: flat(0), sigma: roots }, plainAllowed, [1, 2]).risk).toBeUndefined()
  })
})
