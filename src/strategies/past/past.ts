import { readFileSync } from 'node:fs'
import type { Strategy } from '../screeners/strategy.ts'
import type { Measured, Past } from './measure.ts'
import { percent } from './table.ts'

/** With it the figures of every so many days, which a test measures again. */
type Shipped = Measured & { sample: Measured & { every: number } }

/** The past of every strategy as `npm run past-performance` measured it on recorded days, which are no part of the project. */
export const shipped: Shipped = JSON.parse(readFileSync(new URL('./measured.json', import.meta.url), 'utf8'))

/** The past of a strategy; undefined for one that was not measured. */
export function pastOf(name: string): Past | undefined {
  return shipped.strategies[name]
}

/** How a strategy did in the past, with dispersion, in a few sentences for its page and its help. */
export function pastText({ name }: Pick<Strategy, 'name'>): string {
  const past = pastOf(name)
  if (!past) return 'It was not measured on the past. It is a filter, not an edge.'
  const { all, rose, fell, horizon } = past
  const { chosen } = all
  return [
    `On ${shipped.stocks} stocks from ${shipped.from} to ${shipped.to}, ${percent(all.passed / all.stockDays, 1)} of all stock-days passed (${all.passedADay} a day in the median).`,
    `Over the next ${horizon} trading days they returned ${percent(chosen.return)} on average, ${against(chosen.excess)} SPY; all stocks ${percent(all.all.return)}, ${against(all.all.excess)} it.`,
    `The excess has a standard deviation of ${percent(chosen.deviation, 1)}; ${percent(chosen.positive, 0)} of them beat SPY.`,
    `Passed in months in which SPY rose: ${against(rose.chosen.excess)} SPY; in which it fell: ${against(fell.chosen.excess)} it.`,
    'It is a filter, not an edge.',
  ].join(' ')
}

/** An excess in words: `0.16% more than`. */
const against = (excess: number) => `${percent(Math.abs(excess))} ${excess < 0 ? 'less' : 'more'} than`
