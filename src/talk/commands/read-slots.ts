import type { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Market } from '../../market/market.ts'
import { lengthMsIn, ownTermsIn } from '../language/scaleout-terms.ts'
import { type Given, readSlots } from '../language/slots.ts'
import { plain } from '../language/words.ts'
import { levelFrom } from './protection/level-words.ts'
import { dollarsFrom, notAQuantity, priceFrom, quantityFrom, shareFrom } from './quantity.ts'
import { speeds } from './scaleouts/scaleout-prompt.ts'
import { timeFrom } from './schedule/time-words.ts'
import type { SlotValues } from './slot-values.ts'
import { knownSymbol } from './symbol.ts'

/** Reads the words of a command, including its answers. */
export function valuesOf(words: Given, market: Market): SlotValues {
  const read = <Value>(name: string, from: (text: string) => Value): Value | undefined =>
    words[name] === undefined ? undefined : from(words[name])
  return {
    words,
    symbol: words.symbol ? knownSymbol(market, words.symbol) : undefined,
    symbols: read('symbols', (text) => text.split(' ').map((symbol) => knownSymbol(market, symbol))),
    quantity: read('quantity', quantityFrom),
    dollars: read('dollars', dollarsFrom),
    leave: read('leave', quantityFrom),
    share: read('fraction', shareFrom),
    price: read('price', limitFrom),
    above: read('above', priceFrom),
    below: read('below', priceFrom),
    reach: read('reach', priceFrom),
    endedAt: read('endedAt', priceFrom),
    cash: read('cash', priceFrom),
    stop: read('stop', (text) => levelFrom('stop', text)),
    stopLoss: read('stopLoss', (text) => levelFrom('stop', text)),
    takeProfit: read('takeProfit', (text) => levelFrom('target', text)),
    target: read('target', (text) => levelFrom('target', text)),
    speed: speeds.find((one) => one === words.speed),
    length: read('length', lengthMsIn),
    terms: read('terms', termsFrom),
    chunks: read('chunks', Number),
    floor: read('floor', priceFrom),
    cap: read('cap', priceFrom),
    time: read('time', timeFrom),
    deadline: read('deadline', timeFrom),
    part: read('part', (text) => partFrom(text, market)),
  }
}

/** A price. An answer may have a word before it: `@ 1.05`, `limit 1.05`. */
function limitFrom(text: string): Big | Refusal {
  return priceFrom(plain(text).replace(/^(@|at |limit )\s*/, ''))
}

function termsFrom(text: string): Given | Refusal {
  const instead = 'Such as `45m`, `2 hours, 20 chunks` or `by 3pm, floor .60`'
  const sentence = `"${text.slice(0, 40)}" has something else than a length or an end, chunks, and a floor or a cap. Nothing was started.`
  return ownTermsIn(text) ?? new Refusal('SCALEOUT_TERMS', sentence, instead, { askAgain: true })
}

function partFrom(text: string, market: Market): SlotValues | Refusal {
  const { given, leftover } = readSlots(text, () => false)
  const { quantity, dollars, fraction, price, now, ...others } = given
  if (leftover.length > 0 || Object.keys(others).length > 0) return notAQuantity()
  const words = {
    ...(quantity && { quantity }),
    ...(dollars && { dollars }),
    ...(fraction && { fraction }),
    ...(price && { price }),
  }
  return valuesOf(words, market)
}
