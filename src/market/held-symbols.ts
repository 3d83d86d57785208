import { Big } from '../base/amounts.ts'
import type { Instrument, Market } from './market.ts'

/** Units below a whole one that a broker may keep. */
const finest = new Big('0.000000001')
const cent = new Big('0.01')

/**
 * A market that always knows the symbols of open positions: a company may have taken a symbol that no list has yet, and an exit waits
 * for no list. Symbols that its source knows have its terms; others have usual ones, and no price.
 */
export function alsoHeld(market: Market, isHeld: (symbol: string) => Promise<boolean>): Market {
  const learned = new Map<string, Instrument>()

  async function lookUp(named: string): Promise<Instrument | undefined> {
    const symbol = named.toUpperCase()
    const known = market.instrument(symbol)
    if (known) return known
    const found = await market.lookUp?.(symbol).catch(() => undefined)
    if (found) return found
    if (!(await isHeld(symbol))) return undefined
    const instrument = { symbol, name: symbol, lot: finest, tick: cent }
    learned.set(symbol, instrument)
    return instrument
  }

  return {
    ...market,
    instrument: (symbol) => market.instrument(symbol) ?? learned.get(symbol.toUpperCase()),
    lookUp,
    watch(symbols) {
      market.watch?.(symbols)
      const unknown = [...symbols].filter((symbol) => market.instrument(symbol) === undefined)
      // The market reads what is watched by itself once it knows the symbol.
      for (const symbol of unknown) lookUp(symbol).catch(() => {})
    },
  }
}

/** The instrument of a symbol, for which the source is asked when the list does not have it. A source that does not answer leaves it unknown. */
export async function instrumentNamed(market: Market, symbol: string): Promise<Instrument | undefined> {
  return market.instrument(symbol) ?? (await market.lookUp?.(symbol).catch(() => undefined))
}
