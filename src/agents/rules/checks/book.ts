import { Big, sum } from '../../../base/amounts.ts'
import type { Side } from '../../../trading/positions/rules/position.ts'
import type { Facts } from '../facts.ts'

/** A part of the book: a position, or a live order that opens or adds, as if it were filled. */
export interface Part {
  symbol: string
  side: Side
  units: Big
  /** Dollars a unit. */
  price: Big
  stop?: Big
}

/** All parts of the book, positions first. Working orders count, because any of them may be filled before the next decision. */
export function partsOf({ positions, working }: Pick<Facts, 'positions' | 'working'>): Part[] {
  return [
    ...positions.map(
      ({ symbol, signedQuantity, mark, stop }): Part => ({
        ...{ symbol, side: signedQuantity.lt(0) ? 'sell' : 'buy' },
        ...{ units: signedQuantity.abs(), price: mark, stop },
      }),
    ),
    ...working.map(({ symbol, side, left, price, stop }): Part => ({ symbol, side, units: left, price, stop })),
  ].filter(({ units }) => units.gt(0))
}

/** The dollars in some parts, long and short added up. */
export function grossOf(parts: readonly Part[]): Big {
  return sum(parts.map(({ units, price }) => units.times(price)))
}

/** The sector of symbols of which nobody knows one. */
export const unknownSector = 'unknown sector'

/** The sector of a symbol. */
export function sectorOf(facts: Pick<Facts, 'sectors'>, symbol: string): string {
  return facts.sectors.get(symbol) ?? unknownSector
}

const half = new Big('0.5')

/**
 * The dollars that one unit loses when its stop is touched, with half of its mean range for what comes after. Without a stop, or without
 * a known range, it is the whole price.
 */
export function heatOf({ symbol, price, stop }: Omit<Part, 'units' | 'side'>, ranges: Facts['ranges']): Big {
  const range = ranges.get(symbol)
  return stop && range ? price.minus(stop).abs().plus(range.times(half)) : price
}
