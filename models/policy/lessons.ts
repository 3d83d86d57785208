import type { CrossSection } from '../../src/prediction/features/cross-section.ts'
import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { sizeOf } from '../../src/prediction/forecaster/ranges/sizes.ts'
import type { CarriedBaseline } from '../../src/prediction/policy/state/baseline.ts'
import { stateRows } from '../../src/prediction/policy/state/rows.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { fitBaselines } from '../forecaster/baselines.ts'
import type { BarsFound } from '../forecaster/recording.ts'
import type { Samples } from '../forecaster/samples.ts'
import type { Lesson } from './market-world.ts'

/** The baseline forecaster of some samples, as a policy's file carries it. */
export function carriedBaseline(samples: Samples, rows: Int32Array): CarriedBaseline {
  const { weights, har } = fitBaselines(samples, rows)
  const width = baselineInputs.length
  const usual = new Float64Array(width)
  for (const row of rows)
    for (let at = 0; at < width; at++) usual[at]! += samples.inputs[row * width + at]! / rows.length
  return {
    weights: Float32Array.from(weights.flatMap((own) => [...own])),
    usual: Float32Array.from(usual),
    size90: Math.fround(sizeOf(har.sizes[0]!, 0.9)),
  }
}

/** A symbol to learn from, or to be tested on. */
export interface Part {
  symbols: readonly string[]
  /** The days, from and up to but not including; without an end all are in it. */
  from?: string
  before?: string
  /** The last day of the training, in a test. */
  trainedTo?: string
  /** All stocks together; the desk has none, so neither has a test. */
  cross?: CrossSection
  hasRays: boolean
}

/** The bars of some symbols with their states on some days. Symbols with fewer than `least` of them are left out. */
export function lessonsOf(
  found: Pick<BarsFound, 'bars' | 'market'>,
  part: Part,
  baseline: CarriedBaseline,
  least: number,
): Lesson[] {
  const { market } = found
  const places = new Map(market?.days.map((day, at) => [day, at]))
  return part.symbols.flatMap((symbol) => {
    const bars = found.bars.get(symbol)!
    const { days } = bars
    const range = { from: placeOfDay(bars, part.from ?? ''), to: placeOfDay(bars, part.before) }
    const rows = stateRows({ ...part, bars, market }, baseline, range)
    if (rows.count < least) return []
    return [{ symbol, bars, rows, marketAt: Int32Array.from(days, (day) => places.get(day) ?? -1) }]
  })
}

function placeOfDay({ days }: Columns, day: string | undefined): number {
  const at = day === undefined ? -1 : days.findIndex((own) => own >= day)
  return at < 0 ? days.length : at
}
