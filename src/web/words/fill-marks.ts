import Big from 'big.js'
import type { Fill } from '../../api/contract/orders.ts'
import { units } from './money.ts'

/** Fills of one side in one bar. */
export interface FillMark {
  /** The time of the bar. */
  time: number
  side: Fill['side']
  /** `250`, or `60 in 60` for many fills; empty where it would stand on the one before. */
  text: string
}

/** Words that begin this many bars behind others, at least, do not stand on them. */
const apart = 5
const most = 120

/**
 * One mark for all fills of a side in a bar, with their sum, the oldest first. `times` are the beginnings of the bars, rising;
 * `stampOf` gives a moment in their unit. Fills from before the first bar are left out.
 */
export function fillMarks(
  fills: Pick<Fill, 'side' | 'at' | 'quantity'>[],
  times: readonly number[],
  stampOf: (at: string) => number,
): FillMark[] {
  const bars = new Map<string, { index: number; side: Fill['side']; sum: Big; count: number }>()
  for (const { side, at, quantity } of fills) {
    const stamp = stampOf(at)
    const index = times.findLastIndex((time) => time <= stamp)
    if (index < 0) continue
    const bar = bars.get(`${index} ${side}`) ?? { index, side, sum: new Big(0), count: 0 }
    bars.set(`${index} ${side}`, { ...bar, sum: bar.sum.plus(quantity), count: bar.count + 1 })
  }
  const lastWords = { buy: Number.NEGATIVE_INFINITY, sell: Number.NEGATIVE_INFINITY }
  return [...bars.values()]
    .toSorted((one, other) => one.index - other.index)
    .slice(-most)
    .map(({ index, side, sum, count }) => {
      const hasWords = index - lastWords[side] >= apart
      if (hasWords) lastWords[side] = index
      const text = count === 1 ? units(sum.toFixed()) : `${units(sum.toFixed())} in ${count}`
      return { time: times[index]!, side, text: hasWords ? text : '' }
    })
}
