import { chanceOf } from '../../../models/random.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { normal } from './planted.ts'

/** Daily bars of a price that walks at random, from a seed. A day has this size of move. */
export function walkingBars(count: number, seed: number, size = 0.015): Columns {
  const chance = chanceOf(seed)
  const column = () => new Float64Array(count)
  const bars: Columns = {
    days: Array.from({ length: count }, (_, at) => new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10)),
    ...{ open: column(), high: column(), low: column(), close: column(), volume: column() },
  }
  let price = 50
  for (let at = 0; at < count; at++) {
    bars.open[at] = price
    price *= Math.exp(size * normal(chance.next))
    bars.close[at] = price
    bars.high[at] = Math.max(price, bars.open[at]!) * (1 + 0.3 * size * chance.next())
    bars.low[at] = Math.min(price, bars.open[at]!) * (1 - 0.3 * size * chance.next())
    bars.volume[at] = 1000 + chance.below(1000)
  }
  return bars
}
