import type { Samples } from '../../../models/forecaster/samples.ts'
import { chanceOf } from '../../../models/random.ts'
import { baselineInputs } from '../../../src/prediction/forecaster/baseline/inputs.ts'
import { knots } from '../../../src/prediction/forecaster/horizons.ts'

/** A normal number from two even ones (Box and Muller 1958). */
export function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/**
 * Days of symbols whose moves lean on their first feature by this much. With `shuffled` the features of each day are dealt to other symbols, so that
 * they look the same and tell nothing.
 */
export function plantedSamples({ symbols = 24, days = 760, lean = 0.5, shuffled = false, width = 4 } = {}): Samples {
  const chance = chanceOf(7)
  const count = symbols * days
  const wide = baselineInputs.length
  const samples: Samples = {
    count,
    symbols: Array.from({ length: symbols }, (_, at) => `S${String(at).padStart(2, '0')}`),
    calendar: Array.from({ length: days }, (_, at) => new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10)),
    symbol: Int32Array.from({ length: count }, (_, at) => Math.floor(at / days)),
    day: Int32Array.from({ length: count }, (_, at) => at % days),
    inputs: new Float64Array(count * wide),
    features: new Float32Array(count * width),
    width,
    moves: new Float64Array(count * knots.length).fill(Number.NaN),
    variances: new Float64Array(count * knots.length).fill(Number.NaN),
    known: new Int32Array(count * knots.length).fill(days),
  }
  const variance = 4e-4
  for (let at = 0; at < count; at++) {
    for (let input = 0; input < wide; input++)
      samples.inputs[at * wide + input] =
        input === wide - 1 ? -chance.next() : Math.log(variance) + 0.1 * normal(chance.next)
    for (let feature = 0; feature < width; feature++) samples.features[at * width + feature] = normal(chance.next)
    const day = at % days
    for (const [knot, horizon] of knots.entries()) {
      if (day + horizon >= days) continue
      const place = at * knots.length + knot
      const move = lean * samples.features[at * width]! + normal(chance.next)
      samples.moves[place] = move * Math.sqrt(variance * horizon)
      samples.variances[place] = Math.log(variance) + 0.3 * normal(chance.next)
      samples.known[place] = day + horizon
    }
  }
  if (shuffled)
    for (let at = 0; at < count; at++) {
      const other = ((at + days * (1 + chance.below(symbols - 1))) % count) * width
      const held = samples.features.slice(at * width, (at + 1) * width)
      samples.features.copyWithin(at * width, other, other + width)
      samples.features.set(held, other)
    }
  return samples
}
