import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { horizonCount, knots } from '../../src/prediction/forecaster/horizons.ts'
import type { ForecastModel } from '../../src/prediction/forecaster/model.ts'
import { shares } from '../../src/prediction/forecaster/ranges/adaptive.ts'
import { sizeOf } from '../../src/prediction/forecaster/ranges/sizes.ts'
import type { Samples } from './samples.ts'

/** How a model's ranges held: by knots, the outcomes and the shares of them within each range. */
export interface ShippedTest {
  /** Did the model learn from these samples? */
  part: 'learned' | 'other symbols' | 'later days'
  horizons: { horizon: number; outcomes: number; held: number[] }[]
}

const rowsAtOnce = 4096

/**
 * Runs the file of a model over all samples and counts its ranges, with the sizes of its training: on what it learned from, on
 * symbols that it never saw, and on days after its last bar. A model with features is refused: their history is not that of its training.
 */
export async function testShipped(model: ForecastModel, samples: Samples): Promise<ShippedTest[]> {
  const { card } = model
  const width = baselineInputs.length
  if (card.layout !== null && samples.width === 0) throw new Error('the shipped model has a network: say --network')
  const heldOut = new Set(card.data.heldOut)
  const parts = (['learned', 'other symbols', 'later days'] as const).map((part) => ({
    part,
    counts: knots.map(() => ({ outcomes: 0, held: shares.map(() => 0) })),
  }))
  const sizes = card.sizes.map((own) => shares.map((share) => sizeOf(own, share)))
  for (let from = 0; from < samples.count; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, samples.count - from)
    const { mu, sigma } = await model.run(
      rows,
      Float32Array.from(samples.inputs.subarray(from * width, (from + rows) * width)),
      card.layout === null ? undefined : samples.features.slice(from * samples.width, (from + rows) * samples.width),
    )
    for (let row = 0; row < rows; row++) {
      const at = from + row
      const isLater = samples.calendar[samples.day[at]!]! > card.data.to
      const isOther =
        heldOut.has(samples.symbols[samples.symbol[at]!]!) || samples.calendar[samples.day[at]!]! < card.data.from
      const { counts } = parts[isLater ? 2 : isOther ? 1 : 0]!
      for (const [knot, horizon] of knots.entries()) {
        const move = samples.moves[at * knots.length + knot]!
        if (Number.isNaN(move)) continue
        const place = row * horizonCount + horizon - 1
        const size = Math.abs(move - mu[place]!) / sigma[place]!
        counts[knot]!.outcomes++
        for (const [nth, most] of sizes[knot]!.entries()) if (size <= most) counts[knot]!.held[nth]!++
      }
    }
  }
  return parts.map(({ part, counts }) => ({
    part,
    horizons: counts.map(({ outcomes, held }, knot) => ({
      horizon: knots[knot]!,
      outcomes,
      held: held.map((count) => (outcomes === 0 ? 0 : Number((count / outcomes).toFixed(4)))),
    })),
  }))
}
