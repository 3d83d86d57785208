// The policy: steps of its training a second of processor time, played and learned, beside the graph of the update alone; and a decision of the shipped policy
// with its state, beside the network alone.
import '../../src/infra/onnx/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { lessonsOf } from '../../models/policy/lessons.ts'
import { marketWorld } from '../../models/policy/market-world.ts'
import { shippedPlan } from '../../models/policy/plan.ts'
import { trainPolicy } from '../../models/policy/ppo.ts'
import { policyTrainingGraph, policyWeights } from '../../models/policy/training-graph.ts'
import { chanceOf } from '../../models/random.ts'
import { deskGate } from '../../src/backtest/engine/gate.ts'
import { policyFolder } from '../../src/prediction/policy/folder.ts'
import { stateCount } from '../../src/prediction/policy/layout.ts'
import { signalOf } from '../../src/prediction/policy/live/signal.ts'
import { readPolicy } from '../../src/prediction/policy/model.ts'
import { stateBars } from '../../src/prediction/policy/state/rows.ts'
import { defaultLimits } from '../../src/trading/accounts/rules/limits.ts'
import { walkingBars } from '../prediction/forecaster/walking-bars.ts'
import { percentile, report } from './figures.ts'

/** Milliseconds of processor time so far: other work on the machine does not count. */
const spent = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const chance = chanceOf(1)
const policy = readPolicy(policyFolder)
const symbols = ['A', 'B', 'C', 'D']
const bars = new Map(symbols.map((symbol, seed) => [symbol, walkingBars(900, seed + 1)]))
const lessons = lessonsOf({ bars }, { symbols, hasRays: policy.card.rays }, policy.baseline, 300)
const world = marketWorld(lessons, undefined, deskGate(defaultLimits))
const updates = 20
const recipe = { ...shippedPlan.recipe, seed: 1, updates }
const steps = updates * recipe.lanes * recipe.steps

const sizes = { ...recipe, inputs: world.inputs, heads: world.heads }
const [minibatches, batch] = [recipe.epochs * recipe.minibatches, (recipe.lanes * recipe.steps) / recipe.minibatches]
const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 }
const graph = await InferenceSession.create(policyTrainingGraph(sizes), threads)
const weights = new Float32Array(policyWeights(sizes)).map(() => 0.1 * (chance.next() - 0.5))
const floats = (...dims: number[]) =>
  new Tensor(
    'float32',
    new Float32Array(dims.reduce((a, b) => a * b)).map(() => chance.next()),
    dims,
  )
const flat = (values: Float32Array) => new Tensor('float32', values, [values.length])
const rows = () => floats(minibatches, batch)
const feeds = {
  ...{
    weightsBefore: flat(weights),
    slopesBefore: flat(weights.map(() => 0)),
    squaresBefore: flat(weights.map(() => 0)),
  },
  ...{ xs: floats(minibatches, batch, stateCount), chosens: floats(minibatches, batch, 8), oldLogs: rows() },
  ...{ advantages: rows(), returns: rows(), oldValues: rows(), rates: floats(minibatches), lifts: floats(minibatches) },
}
await graph.run(feeds)
let began = spent()
for (let update = 0; update < updates; update++) await graph.run(feeds)
const bare = (1000 * steps) / (spent() - began)
await graph.release()

await trainPolicy(world, { ...recipe, updates: 2 })
began = spent()
await trainPolicy(world, recipe)
report({
  figure: 'policy, steps of the training',
  value: (1000 * steps) / (spent() - began),
  ...{ unit: '1/s of processor time', floor: bare, floorOf: 'the graph of the updates alone', samples: steps },
})

/** Milliseconds of each of so many calls. */
function timesOf(calls: number, call: () => unknown): number[] {
  for (let at = 0; at < 200; at++) call()
  return Array.from({ length: calls }, () => {
    const from = performance.now()
    call()
    return performance.now() - from
  })
}

const state = Float64Array.from({ length: stateCount }, () => chance.next() - 0.5)
const network = policy.network()
const alone = timesOf(5000, () => network(state))
const own = walkingBars(stateBars, 1)
const market = walkingBars(stateBars, 2)
const whole = timesOf(1000, () => signalOf(policy, 'A', { bars: own, market, day: own.days.at(-1)! }, undefined))
report({
  figure: 'policy, a decision with its state and drivers, median',
  value: percentile(whole, 0.5),
  ...{ unit: 'ms', floor: percentile(alone, 0.5), floorOf: 'the network alone', samples: whole.length },
})
report({
  figure: 'policy, a decision with its state and drivers, p99',
  value: percentile(whole, 0.99),
  ...{ unit: 'ms', floor: percentile(alone, 0.99), floorOf: 'the network alone', samples: whole.length },
})
