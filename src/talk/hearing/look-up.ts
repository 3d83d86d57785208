import type { Market } from '../../market/market.ts'
import { symbolNamed } from '../../market/names.ts'
import type { Parts } from '../../trading/parts.ts'
import type { Given } from '../language/slots.ts'

/** The most unknown symbols of a message that a source is asked about. */
const most = 5

/**
 * Asks a market without a complete list about the symbols of a message that it does not know, so that a command finds them. A
 * source that does not answer leaves them unknown.
 */
export async function lookUpSymbols({ market, log }: Pick<Parts, 'market' | 'log'>, given: Given): Promise<void> {
  if (!market.lookUp) return
  const named = [given.symbol, ...(given.symbols?.split(' ') ?? [])]
  const unknown = [...new Set(named)].filter((one) => one !== undefined).filter((one) => !isKnown(market, plain(one)))
  await Promise.all(
    unknown
      .slice(0, most)
      .map((symbol) =>
        market
          .lookUp?.(plain(symbol))
          .catch((cause) => log.warn({ err: cause, symbol }, 'a symbol could not be looked up')),
      ),
  )
}

const plain = (symbol: string) => symbol.replace(/^\$/, '')
const isKnown = (market: Market, symbol: string) =>
  market.instrument(symbol) !== undefined || symbolNamed(market, symbol) !== undefined
