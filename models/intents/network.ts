import { type Chance, chanceOf } from '../random.ts'

/** A message as input of the network: its rows of the embedding table, and its label. */
export interface Example {
  rows: number[]
  label: number
}

/** The sizes of a network, and the settings of its training. */
export interface Recipe {
  buckets: number
  width: number
  hidden: number
  labels: number
  epochs: number
  rate: number
  /** The share of a message's features that are dropped in one training step. */
  dropout: number
  /** The share of the certainty that is spread over all labels. */
  smoothing: number
  seed: number
}

/** Weights: message → mean of its rows → hidden → label. All in row order. */
export interface Network {
  recipe: Recipe
  table: Float32Array
  hiddenWeights: Float32Array
  hiddenBias: Float32Array
  outWeights: Float32Array
  outBias: Float32Array
}

/** Added to the sums of squares, so that the first step is not the largest. */
const floor = 1e-6

/**
 * Trains a network one message at a time by Adagrad, with a rate that falls to zero. The arithmetic runs in one thread and in
 * one order, so the same examples give the same weights, bit for bit.
 */
export function trainNetwork(examples: Example[], recipe: Recipe, onEpoch?: (loss: number) => void): Network {
  const { buckets, width, hidden, labels, epochs, rate, dropout, smoothing } = recipe
  const chance = chanceOf(recipe.seed)
  const network: Network = {
    recipe,
    table: scattered(buckets * width, 0.05, chance),
    hiddenWeights: scattered(hidden * width, Math.sqrt(3 / width), chance),
    hiddenBias: new Float32Array(hidden),
    outWeights: scattered(labels * hidden, Math.sqrt(3 / hidden), chance),
    outBias: new Float32Array(labels),
  }
  const { table, hiddenWeights, hiddenBias, outWeights, outBias } = network
  const tableSquares = new Float32Array(buckets)
  const hiddenSquares = new Float32Array(hidden * width)
  const hiddenBiasSquares = new Float32Array(hidden)
  const outSquares = new Float32Array(labels * hidden)
  const outBiasSquares = new Float32Array(labels)
  const mean = new Float32Array(width)
  const meanGradient = new Float32Array(width)
  const active = new Float32Array(hidden)
  const activeGradient = new Float32Array(hidden)
  const gradient = new Float32Array(labels)
  const order = Int32Array.from(examples, (_, index) => index)
  const kept: number[] = []
  const steps = epochs * examples.length
  let step = 0

  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, chance)
    let loss = 0
    for (const index of order) {
      const { rows, label } = examples[index]!
      const speed = rate * (1 - step++ / steps)
      kept.length = 0
      for (const row of rows) if (dropout === 0 || !chance.is(dropout)) kept.push(row)
      if (kept.length === 0) kept.push(...rows)
      meanOf(table, kept, width, mean)
      forward(network, mean, active, gradient)
      softmax(gradient)
      loss -= Math.log(gradient[label]! + 1e-9)
      const spread = smoothing / labels
      for (let at = 0; at < labels; at++) gradient[at]! -= spread
      gradient[label]! -= 1 - smoothing

      activeGradient.fill(0)
      for (let at = 0; at < labels; at++) {
        const slope = gradient[at]!
        const start = at * hidden
        for (let unit = 0; unit < hidden; unit++) {
          const value = active[unit]!
          if (value === 0) continue
          const place = start + unit
          activeGradient[unit]! += slope * outWeights[place]!
          const change = slope * value
          outSquares[place]! += change * change
          outWeights[place]! -= (speed * change) / Math.sqrt(outSquares[place]! + floor)
        }
        outBiasSquares[at]! += slope * slope
        outBias[at]! -= (speed * slope) / Math.sqrt(outBiasSquares[at]! + floor)
      }
      meanGradient.fill(0)
      for (let unit = 0; unit < hidden; unit++) {
        if (active[unit] === 0) continue
        const slope = activeGradient[unit]!
        const start = unit * width
        for (let at = 0; at < width; at++) {
          const place = start + at
          meanGradient[at]! += slope * hiddenWeights[place]!
          const change = slope * mean[at]!
          hiddenSquares[place]! += change * change
          hiddenWeights[place]! -= (speed * change) / Math.sqrt(hiddenSquares[place]! + floor)
        }
        hiddenBiasSquares[unit]! += slope * slope
        hiddenBias[unit]! -= (speed * slope) / Math.sqrt(hiddenBiasSquares[unit]! + floor)
      }
      let square = 0
      const share = 1 / Math.sqrt(kept.length)
      for (let at = 0; at < width; at++) {
        meanGradient[at]! *= share
        square += meanGradient[at]! * meanGradient[at]!
      }
      square /= width
      for (const row of kept) {
        tableSquares[row]! += square
        const factor = speed / Math.sqrt(tableSquares[row]! + floor)
        const start = row * width
        for (let at = 0; at < width; at++) table[start + at]! -= factor * meanGradient[at]!
      }
    }
    onEpoch?.(loss / examples.length)
  }
  return network
}

/** The sum of the rows over the root of their number, so that the length of a message has less influence. */
function meanOf(table: Float32Array, rows: number[], width: number, into: Float32Array): void {
  into.fill(0)
  for (const row of rows) {
    const start = row * width
    for (let at = 0; at < width; at++) into[at]! += table[start + at]!
  }
  const share = 1 / Math.sqrt(rows.length)
  for (let at = 0; at < width; at++) into[at]! *= share
}

function forward(network: Network, mean: Float32Array, active: Float32Array, scores: Float32Array): void {
  const { hiddenWeights, hiddenBias, outWeights, outBias, recipe } = network
  const { width, hidden, labels } = recipe
  for (let unit = 0; unit < hidden; unit++) {
    let sum = hiddenBias[unit]!
    const start = unit * width
    for (let at = 0; at < width; at++) sum += hiddenWeights[start + at]! * mean[at]!
    active[unit] = sum > 0 ? sum : 0
  }
  for (let label = 0; label < labels; label++) {
    let sum = outBias[label]!
    const start = label * hidden
    for (let unit = 0; unit < hidden; unit++) sum += outWeights[start + unit]! * active[unit]!
    scores[label] = sum
  }
}

/** Joins networks into one whose scores are the mean of theirs; it is less confident where they disagree. */
export function joined(networks: Network[]): Network {
  const { recipe } = networks[0]!
  const { buckets, width, hidden, labels } = recipe
  const count = networks.length
  const whole: Network = {
    recipe: { ...recipe, width: count * width, hidden: count * hidden },
    table: new Float32Array(count * buckets * width),
    hiddenWeights: new Float32Array(count * hidden * count * width),
    hiddenBias: new Float32Array(count * hidden),
    outWeights: new Float32Array(labels * count * hidden),
    outBias: new Float32Array(labels),
  }
  for (const [index, one] of networks.entries()) {
    const place = (from: Float32Array, rows: number, columns: number, into: Float32Array, below: number) => {
      for (let row = 0; row < rows; row++)
        into.set(from.subarray(row * columns, (row + 1) * columns), ((below + row) * count + index) * columns)
    }
    place(one.table, buckets, width, whole.table, 0)
    place(one.hiddenWeights, hidden, width, whole.hiddenWeights, index * hidden)
    whole.hiddenBias.set(one.hiddenBias, index * hidden)
    place(
      one.outWeights.map((weight) => weight / count),
      labels,
      hidden,
      whole.outWeights,
      0,
    )
    for (let label = 0; label < labels; label++) whole.outBias[label]! += one.outBias[label]! / count
  }
  return whole
}

/** The scores of the labels, before the softmax. */
export function scoresOf(network: Network, rows: number[]): Float32Array {
  const { width, hidden, labels } = network.recipe
  const mean = new Float32Array(width)
  const scores = new Float32Array(labels)
  if (rows.length > 0) meanOf(network.table, rows, width, mean)
  forward(network, mean, new Float32Array(hidden), scores)
  return scores
}

/** Turns scores into probabilities, in place. */
export function softmax(scores: Float32Array, temperature = 1): Float32Array {
  let most = Number.NEGATIVE_INFINITY
  for (const score of scores) if (score > most) most = score
  let sum = 0
  for (let at = 0; at < scores.length; at++) {
    scores[at] = Math.exp((scores[at]! - most) / temperature)
    sum += scores[at]!
  }
  for (let at = 0; at < scores.length; at++) scores[at]! /= sum
  return scores
}

function scattered(count: number, reach: number, chance: Chance): Float32Array {
  return Float32Array.from({ length: count }, () => (2 * chance.next() - 1) * reach)
}

function shuffle(order: Int32Array, chance: Chance): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = chance.below(at + 1)
    const held = order[at]!
    order[at] = order[other]!
    order[other] = held
  }
}
