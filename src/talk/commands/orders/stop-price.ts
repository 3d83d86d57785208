import type { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument } from '../../../market/market.ts'
import type { SlotValues } from '../slot-values.ts'
import { onTick } from './limit-price.ts'

/** The stop of an order, in dollars a unit; undefined when none was said. */
export function stopIn({ stop, words }: SlotValues, instrument: Instrument): Big | Refusal | undefined {
  if (stop === undefined) return words.how === 'stop limit' ? incomplete(instrument) : undefined
  if (stop instanceof Refusal) return stop
  if (stop.at !== 'price') {
    const sentence = 'The stop of an order is a price, and a percentage is for a position. Nothing was done.'
    return new Refusal('STOP_INCOMPLETE', sentence, `Such as \`sell 50 ${instrument.symbol} stop 240\``)
  }
  if (words.now !== undefined) {
    const sentence = 'Now is at once, and a stop waits for its price: that is both. Nothing was done.'
    return new Refusal('NOW_AND_LIMIT', sentence, 'Leave `now` or the stop out')
  }
  return onTick(stop.price, instrument)
}

function incomplete({ symbol }: Instrument): Refusal {
  const sentence = 'A stop-limit order has two prices, its stop and its limit. Nothing was done.'
  return new Refusal('STOP_INCOMPLETE', sentence, `Such as \`sell 50 ${symbol} stop 240 limit 239\``)
}
