import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { exportPolicy } from '../../../models/policy/export.ts'
import { policyWeights } from '../../../models/policy/training-graph.ts'
import { heads } from '../../../src/prediction/policy/action.ts'
import type { PolicyCard } from '../../../src/prediction/policy/card.ts'
import { placeOf, stateCount, stateHash, stateVersion } from '../../../src/prediction/policy/layout.ts'
import { someBaseline } from './some-baseline.ts'

const none = { returned: 0, volatility: 0, sharpe: 0, trades: 0 }
const nothing = { mean: 0, low: 0, high: 0, blocks: 10 }

/** A policy that goes long by a fifth of the equity whatever comes, most of all when the day was up; nothing is shown of it. */
export function stubbornPolicy(folder: string, change: Partial<PolicyCard> = {}): PolicyCard {
  const sizes = { inputs: stateCount, hidden: [], heads }
  const weights = new Float32Array(policyWeights(sizes))
  const choices = 8
  weights[placeOf('day_move') * choices] = 0.5
  weights[stateCount * choices] = 3
  weights[stateCount * choices + 7] = 3
  const model = exportPolicy([], weights, someBaseline)
  const state = Array.from({ length: stateCount }, (_, at) => at / 100)
  const results = Array.from({ length: choices }, (_, at) =>
    at === 0 ? 3 + 0.5 * state[placeOf('day_move')]! : at === 7 ? 3 : 0,
  )
  const card: PolicyCard = {
    hash: createHash('sha256').update(model).digest('hex'),
    layout: { version: stateVersion, hash: stateHash },
    ...{ rays: false, trainedTo: '2021-01-04', expires: '2022-02-08' },
    data: { hash: 'f', symbols: 3, bars: 900, from: '2018-01-02', to: '2021-01-04', heldOut: ['KO'] },
    split: { folds: [{ learnedBefore: '2020-01-02', testFrom: '2020-06-01', testTo: '2021-01-04' }] },
    trials: [
      {
        ...{ name: 'fold-1-seed-1', seed: 1, steps: 1024, rays: false, rewards: [0], test: none },
        ...{ learnedBefore: '2020-01-02', testFrom: '2020-06-01', testTo: '2021-01-04' },
      },
    ],
    verdict: {
      ...{ isShown: false, sharpe: { median: 0.12, least: -0.4, most: 0.55 }, median: none, heldOut: none },
      against: { cash: nothing, hold: nothing, target: nothing },
      random: { policies: 500, ratio: 0.2, beaten: 0.34, trades: 12 },
      others: { hold: { ...none, sharpe: 1.1 }, target: none },
    },
    usual: Array.from({ length: stateCount }, () => ({ mean: 0, deviation: 10 })),
    golden: [{ state, results }],
    ...change,
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'model.onnx'), model)
  writeFileSync(path.join(folder, 'card.json'), JSON.stringify(card))
  return card
}
