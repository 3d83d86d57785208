import { Big, isMultiple } from '../../base/amounts.ts'
import { dollarsText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { VenueCapabilities, VenueInstrument } from '../../venues/venue.ts'
import type { Parts } from '../parts.ts'
import type { Side } from '../positions/rules/position.ts'
import { ask, isUnanswered } from './venue-call.ts'

/** An order that opens or adds, before it is sent. */
interface Opening {
  accountId: number
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  price: Big
  isExtended?: boolean
}

const one = new Big(1)
/** Is a quantity no whole number of units? */
export const isPart = (quantity: Big) => !isMultiple(quantity, one)

/** The longest wait for the venue's word on an instrument, in milliseconds. */
const patienceMs = 2000

/**
 * The refusal of an order that opens or adds and that the venue would not take: the symbol is not traded there, cannot be sold short
 * now, or not in such a quantity. Undefined when it can be sent. An exit is never held up by such a question.
 */
export async function unfitAtVenue(parts: Pick<Parts, 'venues'>, opening: Opening): Promise<Refusal | undefined> {
  const { accountId, symbol, side, quantity } = opening
  if (accountId === 0) return undefined
  const { venue, account } = await parts.venues.of(accountId)
  if (side === 'sell' && !venue.capabilities.canShort) return noShorts(symbol)
  if (!venue.instrument) return undefined
  const there = await ask(async () => (await venue.instrument!(account, symbol)) ?? 'unknown', { withinMs: patienceMs })
  if (there === 'unknown') {
    const sentence = `The venue does not know ${symbol}. Nothing was sent.`
    return new Refusal('NOT_TRADED_THERE', sentence, 'Another account may trade it: `accounts`')
  }
  if (isUnanswered(there)) {
    const sentence = `The venue does not say now whether it trades ${symbol}. Nothing was sent.`
    return new Refusal('VENUE_SILENT', sentence, 'Try again in a moment')
  }
  if (!there.isTraded) {
    const sentence = `The venue does not trade ${symbol} now${there.words ? `: ${there.words}` : ''}. Nothing was sent.`
    return new Refusal(
      'NOT_TRADED_THERE',
      sentence,
      'What is open of it can still be closed, as far as the venue takes it',
    )
  }
  if (side === 'sell' && !there.canShort) return noShorts(symbol, there.words)
  if (!isMultiple(quantity, there.lot)) {
    const sentence = `The venue trades ${symbol} in steps of ${quantityText(there.lot)}; ${quantity.toFixed()} does not fit. Nothing was sent.`
    return new Refusal('QUANTITY_BELOW_LOT', sentence, 'Use a quantity that does')
  }
  return isPart(quantity) && there.parts ? unfitPart(opening, there.parts) : undefined
}

/** The refusal of an order for a part of a unit that the venue would not take. */
function unfitPart(
  { symbol, side, quantity, price, isExtended }: Opening,
  { canShort, canExtend, leastDollars }: NonNullable<VenueInstrument['parts']>,
): Refusal | undefined {
  const refused = (why: string) => new Refusal('PARTS_NOT_TAKEN', `${why}. Nothing was sent.`, 'Whole shares go there')
  if (side === 'sell' && !canShort)
    return refused(`The venue sells no part of a share short, and ${quantityText(quantity)} ${symbol} has one`)
  if (isExtended && !canExtend)
    return refused(`The venue trades parts of a share of ${symbol} in its regular session only`)
  const worth = quantity.times(price)
  if (worth.gte(leastDollars)) return undefined
  return new Refusal(
    'PARTS_NOT_TAKEN',
    `An order for a part of a share is worth ${dollarsText(leastDollars)} at the venue at least, and ${quantityText(quantity)} ${symbol} is worth ${dollarsText(worth)}. Nothing was sent.`,
    'A larger quantity goes there',
  )
}

function noShorts(symbol: string, words?: string): Refusal {
  const sentence = `${symbol} cannot be sold short there now${words ? `: ${words}` : ', as the venue has no shares to borrow for it'}. Nothing was sent.`
  return new Refusal('NOT_SHORTABLE', sentence, '`buy` works; a short position needs shares to borrow')
}

/** The refusal of an order for extended hours that cannot be one; undefined when it can be sent, and for any other order. */
export function unfitExtended(
  { isExtended, limitPrice, stopPrice }: { isExtended?: boolean; limitPrice?: Big; stopPrice?: Big },
  { canExtend }: Pick<VenueCapabilities, 'canExtend'>,
): Refusal | undefined {
  if (!isExtended) return undefined
  if (!canExtend) {
    const sentence = 'The venue has no hours before and after the session. Nothing was done.'
    return new Refusal('EXTENDED_NOT_TAKEN', sentence, 'Leave `extended` out')
  }
  if (limitPrice && !stopPrice) return undefined
  const sentence =
    'Before and after the session the venue takes only orders with a limit, and no stop. Nothing was done.'
  return new Refusal('EXTENDED_NOT_TAKEN', sentence, 'Such as `buy 100 AMD @ 118 extended`')
}
