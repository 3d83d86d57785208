import { Big } from '../../../base/amounts.ts'
import { percentText, priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { rangeAt } from '../../../prediction/forecaster/forecast.ts'
import { predict } from '../../../prediction/forecaster/predict.ts'
import { isShown } from '../../../prediction/forecaster/range-for-watch.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import type { Given } from '../../language/slots.ts'
import { demonstration, usualHorizon } from '../../wording/prediction/forecast.ts'
import { type Ask, choose, type Hearing, numbered, type Option } from '../command.ts'

/** The word for it. */
export const autoOption: Option = {
  ...{ name: 'auto', type: 'choice', choices: ['auto'] },
  description: 'Propose it from the range of the forecast',
}

/** Is the desk to propose the level? */
export const wantsAuto = ({ auto, level }: Given): boolean => auto !== undefined && level === undefined

/** The share of the range whose end is proposed. */
const share = 0.68

/**
 * Proposes a stop at the end of the range of a month on the side of a loss, from the present price, and says which range that is.
 * Nothing is set before the yes, and then the price that was shown.
 */
export async function proposeStop({ parts }: Hearing, position: Position, given: Given): Promise<Ask | Refusal> {
  const { symbol, signedQuantity } = position
  const quote = await parts.market.quote(symbol)
  if (!quote || quote.stale !== undefined) {
    const sentence = `${symbol} has no fresh price, so no stop can be proposed. Nothing was done.`
    return new Refusal('NO_FRESH_PRICE', sentence, 'Name the level yourself: `stop 5%`')
  }
  const forecast = await predict(parts, symbol)
  if (forecast instanceof Refusal)
    return new Refusal(forecast.code, `${forecast.sentence} No stop was set.`, 'Name the level yourself: `stop 5%`')
  const { lower, upper } = rangeAt(forecast, share, usualHorizon)
  const isLong = signedQuantity.gt(0)
  const move = new Big((isLong ? lower : upper).toFixed(6))
  const tick = parts.market.instrument(symbol)?.tick ?? new Big('0.01')
  const price = quote.last.times(move.plus(1)).div(tick).round(0, Big.roundHalfUp).times(tick)
  const weak = isShown(forecast.card, usualHorizon)
    ? ''
    : ', which was no better than a constant volatility in its tests'
  const text = [
    `🛑 STOP AT ${priceText(price)}? ${positionText(position)}`,
    `${percentText(move)} from ${priceText(quote.last)}: the ${isLong ? 'lower' : 'upper'} end of the ${Math.round(100 * share)}% range of ${usualHorizon} days, by the forecast after ${forecast.day}${weak}. About one outcome in six ends beyond it, and a touch on the way is likelier.`,
    ...(parts.runs.isSimulated ? [demonstration] : []),
    numbered(['YES - Set it there', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y', 'ok'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  const { rest: _, auto: __, ...agreed } = given
  return choose('proposed', 'Set this stop?', text, choices, { ...agreed, symbol, level: price.toFixed() })
}
