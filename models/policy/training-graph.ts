import { adamIn } from '../adam.ts'
import { denseIn, layersBetween, partSizes, weightsIn } from '../dense.ts'
import { type GraphBuilder, graphBuilder, graphOf } from '../graph-builder.ts'
import { onnxFile } from '../onnx.ts'
import { port, trainingScan } from '../training-scan.ts'

/** The sizes of actor and critic, and the settings of the loss, which are part of the graph. */
export interface PolicySizes {
  inputs: number
  hidden: readonly number[]
  /** The choices of each head of the actor: 3 directions, 5 sizes. */
  heads: readonly number[]
  /** How far the odds of a choice, and a value, may move in an update before more of it counts for nothing. */
  clip: number
  /** The weight of the entropy, and of the value's loss. */
  entropy: number
  value: number
  /** The most that the length of a gradient may be. */
  longest: number
}

type Widths = Pick<PolicySizes, 'inputs' | 'hidden' | 'heads'>

const choicesIn = (heads: readonly number[]) => heads.reduce((sum, one) => sum + one, 0)

/** The widths of the actor and of the critic. */
export function widthsOf({ inputs, hidden, heads }: Widths): { actor: number[]; critic: number[] } {
  return { actor: [inputs, ...hidden, choicesIn(heads)], critic: [inputs, ...hidden, 1] }
}

/** The number of weights of the actor; those of the critic follow it in the flat list. */
export const actorWeights = (sizes: Widths): number => weightsIn(layersBetween(widthsOf(sizes).actor))

/** The number of all weights. */
export const policyWeights = (sizes: Widths): number =>
  actorWeights(sizes) + weightsIn(layersBetween(widthsOf(sizes).critic))

/**
 * The inputs of a step: states, the choices that were made (a one in each head), their log odds, advantages, returns and values as they
 * were when the steps were played, and Adam's two numbers.
 */
const scannedBy = ({ inputs, heads }: Widths) =>
  [
    ['x', ['batch', inputs]],
    ['chosen', ['batch', choicesIn(heads)]],
    ['oldLog', ['batch']],
    ['advantage', ['batch']],
    ['return', ['batch']],
    ['oldValue', ['batch']],
    ['rate', []],
    ['lift', []],
  ] as const satisfies [string, (string | number)[]][]

/** An update of PPO (Schulman et al. 2017) as an ONNX file: so many steps of Adam as its inputs have minibatches. */
export function policyTrainingGraph(sizes: PolicySizes): Uint8Array {
  const step = graphBuilder()
  const { gradient } = derivative(step, sizes)
  adamIn(step, gradient, { longest: sizes.longest, least: 1e-5 })
  return trainingScan({
    weights: policyWeights(sizes),
    scanned: scannedBy(sizes).map(([name, dims]) => [name, [...dims]]),
    step,
    told: [
      ['loss', 'losses'],
      ['moved', 'allMoved'],
    ],
  })
}

/** The loss and its derivative by the weights, for a check against finite differences. */
export function policyGradientGraph(sizes: PolicySizes): Uint8Array {
  const built = graphBuilder()
  const { gradient } = derivative(built, sizes)
  built.op('Identity', [gradient], undefined, 'gradient')
  const weights = policyWeights(sizes)
  const inputs = scannedBy(sizes).slice(0, -2)
  return onnxFile(
    graphOf(built, 'gradient', {
      inputs: [port('weights', [weights]), ...inputs.map(([name, dims]) => port(name, [...dims]))],
      outputs: [port('loss', []), port('gradient', [weights])],
    }),
  )
}

/**
 * The loss of CleanRL's `ppo.py` (Huang et al. 2022), with several heads, and its derivative, written out by hand: the runtime only
 * runs forward. It names `loss`, and `moved`: the furthest that the odds of a choice have moved, 0 in the first minibatch.
 */
function derivative(built: GraphBuilder, sizes: PolicySizes): { gradient: string } {
  const { op, number, split } = built
  const widths = widthsOf(sizes)
  const [actorLayers, criticLayers] = [layersBetween(widths.actor), layersBetween(widths.critic)]
  const parts = split('weights', [...partSizes(actorLayers), ...partSizes(criticLayers)])
  const actor = denseIn(built, actorLayers, parts.slice(0, 2 * actorLayers.length), 'x')
  const critic = denseIn(built, criticLayers, parts.slice(2 * actorLayers.length), 'x')
  const one = number(1)
  const batch = op('Squeeze', [op('Cast', [op('Shape', ['advantage'])], { to: { int: 1 } })])
  const each = op('Div', [one, batch])

  const chances = chancesOf(built, actor.results, sizes.heads)
  const policy = policyPart(built, sizes, chances, batch, each)
  const value = valuePart(built, sizes, critic.results, each)
  const worth = op('Mul', [number(sizes.entropy), meanOf(built, chances.entropy)])
  const least = op('Mul', [number(sizes.value / 2), value.loss])
  op('Add', [op('Sub', [policy.loss, worth]), least], undefined, 'loss')

  const column = (row: string) => op('Unsqueeze', [row, built.whole(1)])
  const byPolicy = op('Mul', [column(policy.byLog), op('Sub', ['chosen', chances.shares])])
  const byEntropy = op('Mul', [op('Mul', [number(sizes.entropy), each]), chances.byEntropy])
  const gradients = [...actor.gradients(op('Add', [byPolicy, byEntropy])), ...critic.gradients(column(value.byValue))]
  return { gradient: op('Concat', gradients, { axis: { int: 0 } }) }
}

const meanOf = ({ op, whole }: GraphBuilder, values: string) =>
  op('ReduceMean', [values, whole(0)], { keepdims: { int: 0 } })

/** The chances of all choices, head by head; the entropy of each row, and minus its derivative by the actor's results. */
function chancesOf({ op, whole, nodes }: GraphBuilder, results: string, heads: readonly number[]) {
  const cut = heads.map((_, at) => `head${at}`)
  const attributes = { axis: { int: 1 } }
  nodes.push({ type: 'Split', inputs: [results, whole(...heads)], outputs: cut, attributes })
  const sum = (values: string, keepdims: number) => op('ReduceSum', [values, whole(1)], { keepdims: { int: keepdims } })
  const each = cut.map((head) => {
    const logs = op('LogSoftmax', [head], { axis: { int: 1 } })
    const shares = op('Exp', [logs])
    const negative = sum(op('Mul', [shares, logs]), 1)
    return { logs, shares, entropy: op('Neg', [negative]), slope: op('Mul', [shares, op('Sub', [logs, negative])]) }
  })
  const together = (of: (head: (typeof each)[number]) => string) => op('Concat', each.map(of), attributes)
  const shares = together((head) => head.shares)
  return {
    shares,
    entropy: sum(
      together(({ entropy }) => entropy),
      0,
    ),
    byEntropy: together(({ slope }) => slope),
    log: sum(op('Mul', ['chosen', together(({ logs }) => logs)]), 0),
  }
}

/** The clipped loss of the policy, and its derivative by the log odds of the choices. */
function policyPart(
  built: GraphBuilder,
  { clip }: PolicySizes,
  { log }: { log: string },
  batch: string,
  each: string,
): { loss: string; byLog: string } {
  const { op, number, whole } = built
  const ratio = op('Exp', [op('Sub', [log, 'oldLog'])])
  const away = op('Abs', [op('Sub', [ratio, number(1)])])
  op('ReduceMax', [away, whole(0)], { keepdims: { int: 0 } }, 'moved')
  const middled = op('Sub', ['advantage', meanOf(built, 'advantage')])
  const squares = op('ReduceSum', [op('Mul', [middled, middled]), whole(0)], { keepdims: { int: 0 } })
  const deviation = op('Sqrt', [op('Div', [squares, op('Sub', [batch, number(1)])])])
  const cost = op('Neg', [op('Div', [middled, op('Add', [deviation, number(1e-8)])])])
  const free = op('Mul', [cost, ratio])
  const clipped = op('Mul', [cost, op('Clip', [ratio, number(1 - clip), number(1 + clip)])])
  const live = op('Where', [op('GreaterOrEqual', [free, clipped]), free, number(0)])
  return { loss: meanOf(built, op('Max', [free, clipped])), byLog: op('Mul', [live, each]) }
}

/** The clipped loss of the value, and the derivative of its weighted half by the values. */
function valuePart(
  built: GraphBuilder,
  { clip, value: weight }: PolicySizes,
  results: string,
  each: string,
): { loss: string; byValue: string } {
  const { op, number, whole } = built
  const value = op('Squeeze', [results, whole(1)])
  const square = (of: string) => op('Mul', [of, of])
  const miss = op('Sub', [value, 'return'])
  const moved = op('Sub', [value, 'oldValue'])
  const held = op('Add', ['oldValue', op('Clip', [moved, number(-clip), number(clip)])])
  const heldMiss = op('Sub', [held, 'return'])
  const [free, clipped] = [square(miss), square(heldMiss)]
  const within = op('Where', [op('Less', [op('Abs', [moved]), number(clip)]), heldMiss, number(0)])
  const slope = op('Where', [op('GreaterOrEqual', [free, clipped]), miss, within])
  const byValue = op('Mul', [slope, op('Mul', [number(weight), each])])
  return { loss: meanOf(built, op('Max', [free, clipped])), byValue }
}
