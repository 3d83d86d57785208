import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BarsFound } from '../../../models/forecaster/recording.ts'
import { type BuiltPolicy, buildPolicy } from '../../../models/policy/build.ts'
import { checkpointsIn } from '../../../models/policy/checkpoint.ts'
import { curvesOf } from '../../../models/policy/curves.ts'
import { type Plan, shippedPlan } from '../../../models/policy/plan.ts'
import { verdictText } from '../../../models/policy/verdict-text.ts'
import { type PolicyCard, policyCardSchema } from '../../../src/prediction/policy/card.ts'
import { stateCount } from '../../../src/prediction/policy/layout.ts'
import { readPolicy } from '../../../src/prediction/policy/model.ts'
import { walkingBars } from '../forecaster/walking-bars.ts'

/** BA and KO are held out: by their hashes they are among the one in ten. */
const symbols = ['AAPL', 'BA', 'GOOG', 'GOOGL', 'KO', 'MMM', 'WMT']
const bars = new Map(symbols.map((symbol, seed) => [symbol, walkingBars(900, seed + 1)]))
const { days } = walkingBars(900, 1)
const found: BarsFound = {
  ...{
    bars,
    market: walkingBars(900, 99),
    hash: 'f'.repeat(64),
    from: days[0]!,
    to: days.at(-1)!,
    count: 900 * bars.size,
  },
}
const plan: Plan = {
  ...shippedPlan,
  recipe: { ...shippedPlan.recipe, hidden: [8], lanes: 2, steps: 32, updates: 6 },
  ...{ seeds: [1, 2, 3], rays: { seeds: [1], updates: 2 }, random: 4, testedOneIn: 1 },
}
const companyOf = (symbol: string) => (symbol === 'GOOGL' ? 'GOOG' : symbol)

let scratch = ''
let once: BuiltPolicy
let card: PolicyCard
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'deskhand-built-'))
  once = await buildPolicy(found, companyOf, () => {}, { plan })
  card = policyCardSchema.parse(JSON.parse(Buffer.from(once['card.json']).toString()))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** Writes the files of a policy into a folder of its own. */
async function folderOf(name: string, files: BuiltPolicy): Promise<string> {
  const folder = path.join(scratch, name)
  await mkdir(folder)
  for (const [file, bytes] of Object.entries(files)) await writeFile(path.join(folder, file), bytes)
  return folder
}

describe('a built policy', () => {
  test('is the same byte for byte when it is built again, ended in its middle, and then goes on', async () => {
    const checkpoints = checkpointsIn(path.join(scratch, 'kept'))
    const shares: number[] = []
    const told = (share: number) => {
      shares.push(share)
      if (share > 0.5 && shares.length < 1000) throw new Error('ended')
    }
    await expect(buildPolicy(found, companyOf, told, { plan, checkpoints })).rejects.toThrow('ended')
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    const again = await buildPolicy(found, companyOf, () => {}, { plan, checkpoints })
    for (const name of ['model.onnx', 'card.json'] as const)
      expect(Buffer.from(again[name]).equals(once[name])).toBe(true)
  })

  test('has a card with every training, its tests after what was learned, and no edge of bars at random', () => {
    expect(card.data.heldOut).toEqual(['BA', 'KO'])
    expect(card.trials.map(({ name }) => name)).toEqual([
      ...['rays-without-1', 'rays-with-1'],
      ...[1, 2].flatMap((fold) => [1, 2, 3].map((seed) => `fold-${fold}-seed-${seed}`)),
    ])
    for (const { learnedBefore, testFrom, testTo } of card.trials) {
      expect(testFrom >= learnedBefore).toBe(true)
      expect(testTo > testFrom).toBe(true)
    }
    expect(card.verdict.isShown).toBe(false)
    expect(card.verdict.random.policies).toBe(4)
    expect(verdictText(card)).toMatch(/^No edge shown: the policy stays out of the money path\.\nTests /)
  })

  test('gives in the runtime what it gives here, and is refused when a byte or its card is another', async () => {
    const policy = readPolicy(await folderOf('whole', once))
    const session = await InferenceSession.create(once['model.onnx'])
    for (const { state, results } of policy.card.golden) {
      const input = new Tensor('float32', Float32Array.from(state), [1, stateCount])
      const { results: theirs } = await session.run({ state: input }, ['results'])
      const own = policy.network()(state)
      for (const [at, value] of results.entries()) {
        expect((theirs!.data as Float32Array)[at]).toBeCloseTo(value, 5)
        expect(own[at]).toBeCloseTo(value, 5)
      }
    }
    await session.release()

    const bent = Uint8Array.from(once['model.onnx'])
    bent[bent.length >> 1]! ^= 1
    const refusal = async (name: string, files: BuiltPolicy) => {
      const folder = await folderOf(name, files)
      return () => readPolicy(folder)
    }
    expect(await refusal('bent', { ...once, 'model.onnx': bent })).toThrow(/has the hash .*, and its card says/)
    const other = (change: Partial<PolicyCard>) => ({
      ...once,
      'card.json': Buffer.from(JSON.stringify({ ...card, ...change })),
    })
    expect(await refusal('layout', other({ layout: { version: 9, hash: '0' } }))).toThrow(/another layout of states/)
    const golden = card.golden.map((one) => ({ ...one, results: one.results.map((value) => value + 1) }))
    expect(await refusal('golden', other({ golden }))).toThrow(/gives other results than its card/)
    expect(await refusal('no card', { ...once, 'card.json': Buffer.from('{}') })).toThrow(/is not a card/)
  })

  test('has its learning as a picture', async () => {
    const picture = Buffer.from(await curvesOf(card))
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    expect(picture.length).toBeGreaterThan(5000)
  })
})
