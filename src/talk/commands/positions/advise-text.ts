import type { Big } from '../../../base/amounts.ts'
import { durationText, percentText, priceText, profitText, quantityText } from '../../../base/format.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { unrealizedPnl } from '../../../trading/positions/rules/position.ts'
import { distanceTo, trailedStop } from '../../../trading/protection/rules/protection.ts'
import { paces } from '../../../trading/scaleouts/rules/scaleout-plan.ts'
import type { Recommendation } from '../../../watch/guardian/advise.ts'
import type { Advice, Reason } from '../../../watch/guardian/advise-rules.ts'
import type { Analysis } from '../../../watch/guardian/analysis.ts'
import { isUsual, sourceText } from '../../wording/guardian.ts'
import { expectedLine } from '../../wording/prediction/expected.ts'
import { numbered } from '../command.ts'

/** The names of the three answers. The first depends on the unrealized P&L, because closing at a loss takes no profit. */
export function adviceNames(unrealized: Big): Record<Advice, string> {
  const exit = unrealized.gt(0) ? 'TAKE PROFIT' : unrealized.lt(0) ? 'CUT THE LOSS' : 'CLOSE EVEN'
  return { exit, half: 'SCALE OUT 50%', trail: 'HOLD AND TRAIL' }
}

/** The quantities of the answers. */
export interface Offered {
  /** Everything that is not already being closed. */
  exit: Big
  /** The quantity, or the reason why scaling out is not possible now. */
  half: Big | string
}

/** The analysis, the recommendation, and the three answers. */
export function adviceText(analysis: Analysis, recommended: Recommendation, offered: Offered): string {
  const { position, quote, trail, reasons } = analysis
  const price = quote.last
  const unrealized = unrealizedPnl(position, price)
  const names = adviceNames(unrealized)
  const isLong = position.signedQuantity.gt(0)
  const stopAt = trailedStop(position.signedQuantity, price, trail)
  const half =
    typeof offered.half === 'string'
      ? `not now: ${offered.half}`
      : `${quantityText(offered.half)} over the next ${paces.medium.text}`
  return [
    `🤖 EXIT ANALYSIS — ${position.symbol}`,
    `${positionText(position)} · now ${priceText(price)} · open ${durationText(analysis.openMs)}`,
    `Unrealized P&L: ${profitText(unrealized)} (${percentText(analysis.advised.unrealizedReturn)})`,
    levelsLine(analysis),
    ...(analysis.bars ? [barsLine(analysis)] : ['No bars: nothing is known of trend and volatility']),
    ...(analysis.expected ? [expectedLine(analysis.expected)] : []),
    '',
    ...listed('For getting out', reasons, (points) => points > 0),
    ...listed('For staying', reasons, (points) => points < 0),
    ...listed('Also', reasons, (points) => points === 0),
    '',
    `Recommendation: ${names[recommended.advice]}`,
    `💭 ${isUsual(recommended) ? '' : `${sourceText(recommended)}: `}${recommended.reasoning}`,
    numbered([
      `${names.exit} - ${isLong ? 'Sell' : 'Buy back'} ${quantityText(offered.exit)} now at about ${priceText(isLong ? quote.bid : quote.ask)}`,
      `${names.half} - ${half}`,
      `${names.trail} - Stop ${percentText(trail).slice(1)} from the best price, at first ${priceText(stopAt)}, or tighter where it is`,
    ]),
    '',
    '💡 Reply with 1, 2, or 3. Nothing is done before',
  ].join('\n')
}

function levelsLine({ protection: { stop, target }, advised }: Analysis): string {
  const away = (level: Big) => `${priceText(level)} (${percentText(distanceTo(level, advised.price)).slice(1)} away)`
  const trails = stop?.trail ? ', trailing' : ''
  return `Stop: ${stop ? `${away(stop.price)}${trails}` : 'none'} | Target: ${target ? away(target.price) : 'none'}`
}

function barsLine({ bars, advised }: Analysis): string {
  const length = { 5: '5m', 15: '15m', 60: '1h', 1440: '1d', 1: '1m' }[bars!.minutes]
  const parts = [
    `Move: ${percentText(bars!.stats.move)} in ${bars!.bars.length} bars of ${length}`,
    ...(advised.range ? [`ATR: ${percentText(advised.range).slice(1)}`] : []),
    `RSI: ${advised.rsi!.toFixed(1)}`,
    ...(advised.relativeVolume === undefined ? [] : [`RVOL: ${advised.relativeVolume.toFixed(2)}`]),
  ]
  return parts.join(' | ')
}

function listed(title: string, reasons: Reason[], fits: (points: number) => boolean): string[] {
  const lines = reasons.filter(({ points }) => fits(points))
  if (lines.length === 0) return title === 'Also' ? [] : [`${title}: nothing`]
  const weight = (points: number) => (points === 0 ? '' : ` (${Math.abs(points)})`)
  return [`${title}:`, ...lines.map(({ text, points }) => `  • ${text}${weight(points)}`)]
}
