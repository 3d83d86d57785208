import { Big } from '../../base/amounts.ts'
import { averageText, priceText } from '../../base/format.ts'
import {
  type FloatBar,
  type SwingBreak,
  swingBreaks,
  type TrendFlip,
  trend,
  trendFlips,
} from '../../market/indicators/structure.ts'
import { volatilityRatio } from '../../market/indicators/volatility.ts'
import type { Thresholds } from '../../trading/accounts/rules/thresholds.ts'
import type { Fired, Look, WatchState } from '../../trading/protection/rules/triggers.ts'
import type { WatchedPosition } from '../../trading/protection/rules/watched-position.ts'

/** The analysis of a symbol's bars, shared by all its positions. */
export interface BarStudy {
  bars: FloatBar[]
  /** The length of a bar in milliseconds, in the clock's time. */
  length: number
  breaks: SwingBreak[]
  flips: TrendFlip[]
  volatility?: number
}

/** Analyses finished bars, oldest first. */
export function studyBars(bars: FloatBar[], length: number): BarStudy {
  return {
    bars,
    length,
    breaks: swingBreaks(bars),
    flips: trendFlips(bars),
    volatility: volatilityRatio(bars.map((bar) => bar.close)),
  }
}

/** After a limit fired, it is armed again when the value falls below this share of the limit. */
export const rearmShare = 0.75

/** Compares a value with a limit: `fires` is true when an event is due now, `is` is the new state of the trigger. */
export function overLimit(value: number | undefined, limit: number, was = false): { fires: boolean; is: boolean } {
  if (value === undefined) return { fires: false, is: was }
  if (was) return { fires: false, is: value >= limit * rearmShare }
  return { fires: value > limit, is: value > limit }
}

/**
 * Evaluates finished bars for a position. It fires when a swing or trend broke in a bar that ended after the position was
 * opened, or when volatility passed its limit. Only the last of several breaks counts, and each break fires once.
 */
export function seeBars(position: WatchedPosition, study: BarStudy, state: WatchState, thresholds: Thresholds): Look {
  const broken = thesisBroken(position, study, state)
  const restless = restlessness(position, study, state, thresholds)
  const fired = [...(broken?.fired ?? []), ...(restless?.fired ?? [])]
  if (!broken && !restless) return { fired, state }
  return { fired, state: { ...state, ...broken?.seen, ...restless?.seen, seq: state.seq + 1 } }
}

type Seen = { fired: Fired[]; seen: Partial<WatchState> } | undefined

function thesisBroken(position: WatchedPosition, { breaks, flips, length }: BarStudy, state: WatchState): Seen {
  const isLong = position.signedQuantity.gt(0)
  const isOver = ({ at }: { at: number }) => at + length > position.openedAt.getTime()
  const swing = breaks.findLast((one) => one.side === (isLong ? 'low' : 'high') && isOver(one))
  const flip = flips.findLast((one) => one.to === (isLong ? 'down' : 'up') && isOver(one))
  const newSwing = swing && swing.swingAt > (state.swing ?? 0) ? swing : undefined
  const newFlip = flip && flip.at > (state.flip ?? 0) ? flip : undefined
  const fired: Fired[] = []
  if (newSwing) {
    fired.push({
      type: 'position.thesis_invalidation',
      key: `swing-${position.id}-${newSwing.swingAt}`,
      details: { because: swingText(newSwing), level: new Big(newSwing.level).toFixed() },
    })
  }
  if (newFlip) {
    fired.push({
      type: 'position.thesis_invalidation',
      key: `trend-${position.id}-${newFlip.at}`,
      details: { because: trendText(newFlip) },
    })
  }
  if (fired.length === 0) return undefined
  return { fired, seen: { ...(newSwing && { swing: newSwing.swingAt }), ...(newFlip && { flip: newFlip.at }) } }
}

/** The price may be back by now, so that the close is named: `a bar closed at $81.28, below the swing low $81.30`. */
function swingText({ side, level, close }: SwingBreak): string {
  const where = side === 'low' ? 'below' : 'above'
  return `a bar closed at ${priceText(new Big(close))}, ${where} the swing ${side} ${priceText(new Big(level))}`
}

/** `the trend turned down: the last 10 bars closed at $81.20 on average, the last 30 at $82.10`. */
function trendText({ to, fast, slow }: TrendFlip): string {
  const [short, long] = [fast, slow].map((mean) => averageText(new Big(mean)))
  return `the trend turned ${to}: the last ${trend.fast} bars closed at ${short} on average, the last ${trend.slow} at ${long}`
}

function restlessness(position: WatchedPosition, study: BarStudy, state: WatchState, thresholds: Thresholds): Seen {
  const { fires, is } = overLimit(study.volatility, thresholds.volatility, state.isVolatile)
  if (is === (state.isVolatile ?? false)) return undefined
  const spike: Fired = {
    type: 'position.volatility_spike',
    key: `volatility-${position.id}-${study.bars.at(-1)?.at ?? 0}`,
    details: { value: (study.volatility ?? 0).toFixed(2), limit: String(thresholds.volatility) },
  }
  return { fired: fires ? [spike] : [], seen: { isVolatile: is } }
}
