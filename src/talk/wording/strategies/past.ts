import { pastOf } from '../../../strategies/past/past.ts'
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
