import '../../src/infra/onnx/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { logChances, networkOf } from '../../src/prediction/policy/network.ts'
import { adamStep } from '../adam.ts'
import { type Chance, chanceOf, numberOf } from '../random.ts'
import { beginning } from './beginning.ts'
import { type Collected, collected } from './collected.ts'
import { actorWeights, type PolicySizes, policyTrainingGraph, widthsOf } from './training-graph.ts'
import type { Actor, Lane, World } from './world.ts'

/** The settings of a training. */
export interface Recipe extends Omit<PolicySizes, 'inputs' | 'heads'> {
  seed: number
  updates: number
  /** Each update learns from so many courses of so many steps, several times over, in so many minibatches each time. */
  lanes: number
  steps: number
  epochs: number
  minibatches: number
  /** Falls to zero along the training. */
  rate: number
  /** The weight of a reward that comes a step later, and that of an estimate from a step further on (Schulman et al. 2016). */
  discount: number
  trace: number
}

/** The settings of CleanRL's `ppo.py` (Huang et al. 2022). */
export const usualRecipe: Omit<Recipe, 'seed' | 'updates'> = {
  ...{ hidden: [64, 64], lanes: 4, steps: 128, epochs: 4, minibatches: 4 },
  ...{ rate: 2.5e-4, discount: 0.99, trace: 0.95, clip: 0.2, entropy: 0.01, value: 0.5, longest: 0.5 },
}

/** All that goes on from one update to the next: a training that begins with it ends with the same bytes. */
export interface Progress {
  updates: number
  weights: Float32Array
  slopes: Float32Array
  squares: Float32Array
  /** The memory of each lane. */
  lanes: number[][]
  /** The mean reward of a step in each update. */
  rewards: number[]
}

/** An update as it is told: the loss of its last minibatch, and how far the first one was from the play that it learns from. */
export interface Update {
  progress: Progress
  loss: number
  firstMoved: number
}

/**
 * Trains a policy by proximal policy optimization (Schulman et al. 2017). The same world, recipe and machine give the same
 * weights, bit for bit, in one go or from the progress of any update on: the chance of an update follows from seed and number. `told` may
 * throw to end it early.
 */
export async function trainPolicy(
  world: World,
  recipe: Recipe,
  { from, told }: { from?: Progress; told?: (update: Update) => void | Promise<void> } = {},
): Promise<Progress> {
  const sizes: PolicySizes = { ...recipe, inputs: world.inputs, heads: world.heads }
  const weights = from?.weights ?? beginning(sizes, chanceOf(recipe.seed))
  const progress: Progress = from ?? {
    ...{ updates: 0, weights, lanes: [], rewards: [] },
    ...{ slopes: new Float32Array(weights.length), squares: new Float32Array(weights.length) },
  }
  const lanes = Array.from({ length: recipe.lanes }, (_, nth) => world.lane(nth))
  for (const [nth, memory] of progress.lanes.entries()) lanes[nth]!.remember(memory)
  const session = await InferenceSession.create(policyTrainingGraph(sizes), {
    ...{ intraOpNumThreads: 1, interOpNumThreads: 1 },
  })
  try {
    while (progress.updates < recipe.updates) {
      const played = play(lanes, sizes, recipe, progress)
      const { loss, firstMoved } = await learn(session, played, sizes, recipe, progress)
      progress.updates++
      progress.lanes = lanes.map((lane) => lane.memory())
      progress.rewards.push(played.meanReward())
      await told?.({ progress, loss, firstMoved })
    }
  } finally {
    await session.release()
  }
  return progress
}

const chanceFor = ({ seed }: Recipe, { updates }: Progress, use: string | number): Chance =>
  chanceOf(numberOf(`${seed} ${updates} ${use}`))

function play(lanes: Lane[], sizes: PolicySizes, recipe: Recipe, progress: Progress): Collected {
  const all = collected(sizes, recipe)
  for (const [nth, lane] of lanes.entries()) {
    const chance = chanceFor(recipe, progress, nth)
    const { actor, finish } = playerOf(sizes, progress.weights, chance, all, nth)
    lane.play(recipe.steps, actor, chance)
    finish()
  }
  all.estimate()
  return all
}

/** A player that draws its choices by their chances, and writes down what it did. */
function playerOf(
  sizes: PolicySizes,
  weights: Float32Array,
  chance: Chance,
  all: Collected,
  lane: number,
): { actor: Actor; finish(): void } {
  const { heads } = sizes
  const widths = widthsOf(sizes)
  const odds = networkOf(widths.actor, weights)
  const value = networkOf(widths.critic, weights, actorWeights(sizes))
  const chosen = new Int32Array(heads.length)
  let last: ArrayLike<number> | undefined
  const actor: Actor = {
    act(state) {
      const results = odds(state)
      let [at, log] = [0, 0]
      for (let head = 0; head < heads.length; head++) {
        const end = at + heads[head]!
        logChances(results, at, end)
        chosen[head] = drawn(results, at, end, chance)
        log += results[at + chosen[head]!]!
        at = end
      }
      all.act(lane, state, chosen, log, value(state)[0]!)
      return chosen
    },
    earn(reward, next, end) {
      all.earn(lane, reward, end !== undefined, end === 'cut' ? value(next)[0]! : 0)
      last = end ? undefined : next
    },
  }
  return { actor, finish: () => last && all.follow(lane, value(last)[0]!) }
}

function drawn(logs: Float64Array, from: number, to: number, { next }: Chance): number {
  let left = next()
  for (let at = from; at < to - 1; at++) {
    left -= Math.exp(logs[at]!)
    if (left < 0) return at - from
  }
  return to - 1 - from
}

/** Learns from what was played, and moves the weights of the progress on. */
async function learn(
  session: InferenceSession,
  played: Collected,
  sizes: PolicySizes,
  recipe: Recipe,
  progress: Progress,
): Promise<{ loss: number; firstMoved: number }> {
  const { epochs, minibatches } = recipe
  const steps = epochs * minibatches
  const batch = Math.floor(played.count / minibatches)
  const choices = sizes.heads.reduce((sum, one) => sum + one, 0)
  const chance = chanceFor(recipe, progress, 'order')
  const floats = (width = 1) => new Float32Array(steps * batch * width)
  const [xs, chosens] = [floats(sizes.inputs), floats(choices)]
  const [oldLogs, advantages, returns, oldValues] = [floats(), floats(), floats(), floats()]
  const order = Int32Array.from({ length: played.count }, (_, at) => at)
  for (let epoch = 0, place = 0; epoch < epochs; epoch++) {
    shuffle(order, chance)
    for (let nth = 0; nth < minibatches * batch; nth++, place++) {
      const row = order[nth]!
      xs.set(played.states.subarray(row * sizes.inputs, (row + 1) * sizes.inputs), place * sizes.inputs)
      chosens.set(played.chosen.subarray(row * choices, (row + 1) * choices), place * choices)
      oldLogs[place] = played.logs[row]!
      advantages[place] = played.advantages[row]!
      returns[place] = played.returns[row]!
      oldValues[place] = played.values[row]!
    }
  }
  const rate = recipe.rate * (1 - progress.updates / recipe.updates)
  const adam = Array.from({ length: steps }, (_, step) => adamStep(progress.updates * steps + step + 1, rate))
  const flat = (values: Float32Array) => new Tensor('float32', values, [values.length])
  const rows = (values: Float32Array, ...more: number[]) => new Tensor('float32', values, [steps, batch, ...more])
  const result = await session.run({
    ...{ weightsBefore: flat(progress.weights), slopesBefore: flat(progress.slopes) },
    ...{ squaresBefore: flat(progress.squares), xs: rows(xs, sizes.inputs), chosens: rows(chosens, choices) },
    ...{ oldLogs: rows(oldLogs), advantages: rows(advantages), returns: rows(returns), oldValues: rows(oldValues) },
    ...{
      rates: flat(Float32Array.from(adam, (one) => one.rate)),
      lifts: flat(Float32Array.from(adam, (one) => one.lift)),
    },
  })
  const data = (name: string) => Float32Array.from(result[name]!.data as Float32Array)
  progress.weights = data('weightsAfter')
  progress.slopes = data('slopesAfter')
  progress.squares = data('squaresAfter')
  return { loss: data('losses').at(-1)!, firstMoved: data('allMoved')[0]! }
}

function shuffle(order: Int32Array, { below }: Chance): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = below(at + 1)
    const held = order[at]!
    order[at] = order[other]!
    order[other] = held
  }
}
