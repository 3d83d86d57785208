import type { Refused } from '../shared/rest-client.ts'
import type { VenueRefusal, VenueRefusalCode } from '../venue.ts'

/** By the words, since one code of Alpaca's stands for many reasons. The first that fits counts. */
const byWords: [words: RegExp, code: VenueRefusalCode][] = [
  [/client.?order.?id.*(unique|exist|already|duplicate|used)/i, 'DUPLICATE'],
  [/wash trade|opposite side/i, 'OPPOSITE_ORDER'],
  [/too many|rate limit/i, 'TOO_MANY_REQUESTS'],
  [/halt/i, 'HALTED'],
  [/market (is )?closed|outside .*hours/i, 'MARKET_CLOSED'],
  [/minimal amount of order/i, 'BAD_QUANTITY'],
  [/insufficient (qty|quantity|shares)|not enough (qty|shares)|short|borrow/i, 'NOT_ENOUGH_HELD'],
  [/buying power|insufficient (funds|balance|cash)|cost basis|margin/i, 'NOT_ENOUGH_MONEY'],
  [/price|sub-?penny|increment|tick/i, 'BAD_PRICE'],
  [/qty|quantity|fraction|notional/i, 'BAD_QUANTITY'],
  [/order not found|order .*does not exist/i, 'NO_SUCH_ORDER'],
  [
    /not (cancelable|cancellable|replaceable)|cannot be (cancel|replac)|unable to replace|already (in )?["']?(filled|canceled|cancelled|expired|replaced)/i,
    'NOT_CHANGEABLE',
  ],
  [/(asset|symbol).*(not|invalid|unknown|inactive)|(not|invalid|unknown).*(asset|symbol)|not tradable/i, 'NOT_TRADED'],
]

/** The refusal of an order or of a change of one, with Alpaca's words. */
export function refusalOf({ status, message }: Refused): VenueRefusal {
  const code =
    status === 429
      ? 'TOO_MANY_REQUESTS'
      : status === 401
        ? 'OTHER'
        : (byWords.find(([words]) => words.test(message))?.[1] ?? (status === 404 ? 'NO_SUCH_ORDER' : 'OTHER'))
  return { outcome: 'refused', code, words: wordsOf(status, message) }
}

function wordsOf(status: number, message: string): string {
  if (status === 401) return `Alpaca does not take the keys of this account (${message}); link it again`
  return message
}

/**
 * Does an answer say that the credentials are wrong? A 403 may also mean funds, so its words decide; for those a code that begins
 * with 403 stands beside them, too.
 */
export function isUnauthorized({ status, message }: Refused): boolean {
  if (status === 401) return true
  return (
    status === 403 &&
    /access key|request is not authori[sz]ed|verification failed|invalid (api )?(key|token)|^(unauthori[sz]ed|forbidden)\W*$/i.test(
      message,
    )
  )
}
