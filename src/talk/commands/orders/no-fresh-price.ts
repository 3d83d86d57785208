import { Refusal } from '../../../base/refusal.ts'
import type { Quote } from '../../../market/market.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { noPrice } from '../../../trading/scaleouts/chunk.ts'
import type { Hearing } from '../command.ts'
import type { Verb } from './trade-plan.ts'

interface Wanted {
  verb: Verb
  symbol: string
  quote: Quote | undefined
  position: Position | undefined
}

/**
 * The refusal of an order for which there is no fresh price; undefined where there is one. An exit at a broker needs none: the broker
 * fills it without a price of the desk's, and only what opens the other side is held back later.
 */
export async function noFreshPrice({ parts, speaker }: Hearing, wanted: Wanted): Promise<Refusal | undefined> {
  const { verb, symbol, quote, position } = wanted
  const unusable = noPrice(quote)
  if (!unusable) return undefined
  const isExit = position !== undefined && reduces(verb, position)
  const { venue } = isExit ? await parts.venues.of(speaker.accountId) : {}
  const isLinked = venue?.capabilities.isLinked === true
  if (quote && isLinked) return undefined
  const done = verb === 'sell' || verb === 'trim' ? 'sold' : 'bought'
  const instead = `Nothing was ${done}. Try again when the price is fresh${isLinked ? `, or \`close ${symbol}\`` : ''}`
  return new Refusal('NO_FRESH_PRICE', `${symbol} cannot be traded now: ${unusable}.`, instead)
}

/** Does an order of this verb make the position smaller, or turn it? */
const reduces = (verb: Verb, { signedQuantity }: Position) =>
  verb === 'trim' || (verb !== 'add' && (verb === 'sell') === signedQuantity.gt(0))
