import { inOneLine, type Refused } from '../shared/rest-client.ts'
import type { VenueRefusal, VenueRefusalCode } from '../venue.ts'

/** By the words, since TradeStation's own codes (`EC602`) stand in them, and most refusals have none. The first that fits counts. */
const byWords: [words: RegExp, code: VenueRefusalCode][] = [
  [/OrderConfirmID|duplicate/i, 'DUPLICATE'],
  [/too many|rate limit|quota/i, 'TOO_MANY_REQUESTS'],
  [/halt/i, 'HALTED'],
  [/market (is )?closed|outside .*hours|session/i, 'MARKET_CLOSED'],
  [/EC602|\b(long|short|hold|own)\b.*\bshares?\b|not enough shares|more than|borrow|short/i, 'NOT_ENOUGH_HELD'],
  [/buying power|insufficient|funds|margin|EC601|day.?trad/i, 'NOT_ENOUGH_MONEY'],
  [/invalid order ?id|order (was )?not found|no such order/i, 'NO_SUCH_ORDER'],
  [/not an open order|cannot be (cancel|replac|chang)|already/i, 'NOT_CHANGEABLE'],
  [/price|increment|tick/i, 'BAD_PRICE'],
  [/quantity|round lot|lot size/i, 'BAD_QUANTITY'],
  [/symbol|not (tradable|tradeable)/i, 'NOT_TRADED'],
]

/** The code of a refusal by TradeStation's words. */
export function codeOf(words: string): VenueRefusalCode {
  return byWords.find(([pattern]) => pattern.test(words))?.[1] ?? 'OTHER'
}

/** The refusal of an order or of a change of one, by an answer with an error's status. */
export function refusalOf({ status, message }: Refused): VenueRefusal {
  if (status === 401) {
    const words = `TradeStation does not take the sign-in of this account (${message}); link it again`
    return { outcome: 'refused', code: 'OTHER', words }
  }
  const found = codeOf(message)
  const code = status === 429 ? 'TOO_MANY_REQUESTS' : found === 'OTHER' && status === 404 ? 'NO_SUCH_ORDER' : found
  return { outcome: 'refused', code, words: message }
}

/** The refusal that stands in an answer of 200. `title` is a word such as `FAILED`; the message has the reason. */
export function refusalIn({ Error: title, Message }: { Error?: string; Message?: string }): VenueRefusal {
  const words = inOneLine(Message ?? title ?? 'TradeStation gives no reason')
  return { outcome: 'refused', code: codeOf(words), words }
}

/** Does an answer say that the token is wrong or has expired? */
export const isUnauthorized = ({ status, message }: Refused): boolean =>
  status === 401 || (status === 403 && /token|not authori[sz]ed/i.test(message))
