import { Big } from '../../../base/amounts.ts'
import { priceText, quantityText } from '../../../base/format.ts'
import type { Refusal } from '../../../base/refusal.ts'
import type { PolicyCard } from '../../../prediction/policy/card.ts'
import type { Driver, Signal } from '../../../prediction/policy/live/signal.ts'
import { daysText, demonstration, shareText } from './forecast.ts'
import { stateWords } from './state-words.ts'

/** The order that would carry a signal out. */
export interface SignalOrder {
  side: 'buy' | 'sell'
  quantity: Big
  /** Signed units that are held after it. */
  target: Big
  /** It only makes a position smaller, so it always passes. */
  isExit?: boolean
  /** The gate's refusal; absent when it passes. */
  refused?: Refusal
}

/** A signal in words: what the policy would do, why, the checks that it would meet, and what was shown of it. */
export function signalText(signal: Signal, order: SignalOrder | undefined, held: Big, isSimulated: boolean): string {
  const { symbol, day, close, drivers, far, missing, card } = signal
  return [
    `🧭 SIGNAL — ${symbol}, from ${dollars(close)} at the close of ${day}`,
    `The policy would ${doesText(signal, order, held)}`,
    chancesText(signal),
    ...(drivers.length > 0 ? [`Why: ${drivers.map(driverText).join('; ')}`] : []),
    'Checks:',
    ...checkLines(signal, order),
    verdictLine(card),
    ...(card.verdict.isShown ? [] : ['It stays out of the money path: nothing but paper is traded by it.']),
    ...(far.length > 0
      ? [`⚠️ Unlike anything that the policy met: ${far.map((name) => stateWords[name] ?? name).join(', ')}`]
      : []),
    ...(missing.length > 0 ? [`Without: ${missing.join(', ')}`] : []),
    ...(isSimulated ? [demonstration] : []),
  ].join('\n')
}

function doesText(
  { symbol, action, exit, stop, close, isOver }: Signal,
  order: SignalOrder | undefined,
  held: Big,
): string {
  if (!order) return held.eq(0) ? 'stay out' : `keep the ${quantityText(held.abs())} ${symbol}`
  const units = `${order.side} ${quantityText(order.quantity)} ${symbol}`
  if (order.isExit) {
    const rest = order.target.eq(0) ? 'to be out' : `down to ${shareText(action.size)} of the equity`
    return isOver ? `${units} to be out: its ${daysText(exit)} are over` : `${units} ${rest}`
  }
  const sign = order.target.gt(0) ? 1 : -1
  const level = `stop ${dollars(close * (1 - sign * stop))} (${shareText(stop)} away), out after ${daysText(exit)}`
  return `${units}, to be ${sign > 0 ? 'long' : 'short'} ${shareText(action.size)} of the equity; ${level}`
}

/** The two choices are made apart: a direction, and a size that says nothing when the direction is to keep. */
function chancesText({ action, chances }: Signal): string {
  const [direction, size] = chances.map((share) => `${Math.round(100 * share)}%`)
  if (action.direction === 'HOLD') return `Its choice: keep what is there (${direction})`
  return `Its choice: ${action.direction} (${direction}), size ${shareText(action.size)} (${size})`
}

function driverText({ name, value, usual, effect }: Driver): string {
  const way = effect > 0 ? 'for it' : 'against it'
  return `${stateWords[name] ?? name} ${value.toFixed(2)} (usually ${usual.toFixed(2)}) speaks ${way}`
}

function checkLines({ card, isExpired, far, isOver }: Signal, order: SignalOrder | undefined): string[] {
  const { verdict } = card
  return [
    verdict.isShown ? '✓ An edge is shown in its tests' : '✗ No edge is shown in its tests',
    isExpired
      ? `✗ MODEL_EXPIRED — it learned from days up to ${card.trainedTo}, and was good until ${card.expires}`
      : `✓ It is good until ${card.expires}`,
    far.length > 0
      ? `✗ OFF_DISTRIBUTION — ${far.length} of its numbers are beyond five deviations`
      : '✓ Its numbers are like those it learned from',
    gateLine(order, isOver),
  ]
}

function gateLine(order: SignalOrder | undefined, isOver: boolean): string {
  if (!order) return '✓ There is no order to check'
  if (order.isExit || isOver) return '✓ The gate: an exit always passes'
  const { refused } = order
  if (!refused) return '✓ The gate: such an order passes now'
  const sentence = refused.sentence.replace(/ Nothing was done\.$/, '')
  return `✗ ${refused.code} — ${sentence}${refused.instead ? ` ${refused.instead}` : ''}`
}

/** `Verdict: no edge shown (ratio 0.12, seeds −0.40 to 0.55; holding had 1.10; 34% of 500 random policies did worse)`. */
export function verdictLine({ verdict }: PolicyCard): string {
  const { isShown, sharpe, others, random } = verdict
  const ratio = (value: number | null) => (value === null ? 'none' : value.toFixed(2))
  return `Verdict: ${isShown ? 'an edge is shown' : 'no edge shown'} (ratio of return and volatility ${ratio(sharpe.median)}, seeds ${ratio(sharpe.least)} to ${ratio(sharpe.most)}; holding had ${ratio(others.hold.sharpe)}; ${Math.round(100 * random.beaten)}% of ${random.policies} random policies did worse)`
}

const dollars = (price: number) => priceText(new Big(price.toFixed(price < 1 ? 4 : 2)))
