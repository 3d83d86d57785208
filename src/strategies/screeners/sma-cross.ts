import { z } from 'zod'
import { item, ramp, scored } from './maths/points.ts'
import { distance } from './maths/text.ts'
import { mean } from './maths/windows.ts'
import { commonParameters } from './parameters.ts'
import type { Strategy } from './strategy.ts'

const parameters = z.object({
  ...commonParameters,
  fast: z.int().min(5).max(50).default(50).meta({ description: 'Days of the fast average' }),
  slow: z.int().min(100).max(200).default(200).meta({ description: 'Days of the slow average' }),
  within: z.int().min(1).max(20).default(5).meta({ description: 'The most days since the cross' }),
})

/** Stocks of which a fast average has crossed above a slow one in the last days. */
export const smaCross: Strategy<z.infer<typeof parameters>> = {
  name: 'sma_cross',
  aliases: ['cross', 'golden_cross'],
  title: 'Moving-average cross',
  summary: 'Stocks of which the fast average has just crossed above the slow one',
  parameters,
  barsNeeded: 221,
  barsUsed: 221,
  horizon: 60,
  stages: ['data_download', 'analysis', 'ranking'],
  score({ close }, { min_score, fast, slow, within }) {
    const end = close.length
    const isAbove = (ago: number) => mean(close, end - ago, fast) > mean(close, end - ago, slow)
    let days = 0
    while (days < within && isAbove(days)) days++
    const crossed = days > 0 && !isAbove(days) ? days - 1 : undefined
    const [quick, steady, steadyBefore] = [mean(close, end, fast), mean(close, end, slow), mean(close, end - 20, slow)]
    const last = close[end - 1]!
    const since =
      crossed === undefined
        ? `SMA${fast} did not cross above SMA${slow} in ${within} days`
        : `SMA${fast} crossed above SMA${slow} ${whenText(crossed)}`
    const items = [
      item('cross', 'cross', crossed === undefined ? 0 : ramp(crossed, within, 0, 50), 50, since),
      item(
        'trend',
        'slow rises',
        steady > steadyBefore ? 25 : 0,
        25,
        `${distance(steady / steadyBefore)} that of 20 days ago`,
      ),
      item('trend', 'above fast', last > quick ? 25 : 0, 25, `close ${distance(last / quick)} SMA${fast}`),
    ]
    const gates = [{ name: 'cross', passed: crossed !== undefined, text: since }]
    return scored({ items, gates, lacking: [] }, min_score, last, { fast_average: quick, slow_average: steady })
  },
}

const whenText = (days: number) =>
  days === 0 ? 'on the last day' : days === 1 ? 'on the day before the last' : `${days} days before the last`
