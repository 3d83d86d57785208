import { pastOf, shipped } from '../../../strategies/past/past.ts'
import { percent } from '../../../strategies/past/table.ts'

/**
 * A line about how far a list of hits can be trusted: how the screener did in the past, with its dispersion; on made-up prices its list
 * only shows how it works.
 */
export function trustLine(strategy: string, isSimulated: boolean): string {
  if (isSimulated) return '⚠️ These prices are simulated, so the list shows how it works and says nothing about stocks'
  const past = pastLine(strategy)
  return `📐 A filter, not an edge${past === undefined ? '' : `: ${past}`}`
}

/** The excess over SPY of what passed in the past, beside that of all stocks, in one line; undefined for a screener that was not measured. */
export function pastLine(strategy: string): string | undefined {
  const past = pastOf(strategy)
  if (!past) return undefined
  const { horizon, all } = past
  return [
    `hits of the past were ${against(all.chosen.excess)} SPY after ${horizon} trading days, all stocks ${against(all.all.excess)} it`,
    `their deviation was ${percent(all.chosen.deviation, 1)}`,
  ].join('; ')
}

/** An excess in words: `0.16% ahead of`. */
const against = (excess: number) => `${percent(Math.abs(excess))} ${excess < 0 ? 'behind' : 'ahead of'}`

/** How a strategy did in the past, with dispersion, in a few sentences for its page. */
export function pastText(strategy: string): string {
  const past = pastOf(strategy)
  if (!past) return 'It was not measured on the past. It is a filter, not an edge.'
  const { all, rose, fell, horizon } = past
  const { chosen } = all
  return [
    `On ${shipped.stocks} stocks from ${shipped.from} to ${shipped.to}, ${percent(all.passed / all.stockDays, 1)} of all stock-days passed (${all.passedADay} a day in the median).`,
    `Over the next ${horizon} trading days they returned ${percent(chosen.return)} on average, ${besides(chosen.excess)} SPY; all stocks ${percent(all.all.return)}, ${besides(all.all.excess)} it.`,
    `The excess has a standard deviation of ${percent(chosen.deviation, 1)}; ${percent(chosen.positive, 0)} of them beat SPY.`,
    `Passed in months in which SPY rose: ${besides(rose.chosen.excess)} SPY; in which it fell: ${besides(fell.chosen.excess)} it.`,
    'It is a filter, not an edge.',
  ].join(' ')
}

/** The same in a sentence: `0.16% more than`. */
const besides = (excess: number) => `${percent(Math.abs(excess))} ${excess < 0 ? 'less' : 'more'} than`
