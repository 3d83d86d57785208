import type { Disagreement, Quote } from './market.ts'

/** Two sources that differ by more say different prices. Basis points. */
export const mostBasisPoints = 50

/** The distance of two prices in basis points of the price halfway between them. */
export function distanceOf(one: Quote, other: Quote): number {
  const middle = one.last.plus(other.last).div(2)
  return one.last.minus(other.last).abs().div(middle).times(10_000).toNumber()
}

/** The quotes of one symbol from several sources, asked at the same time. */
export interface Opinions {
  at: Date
  /** Fresh quotes only, in order of preference. */
  quotes: Quote[]
}

/** The first two sources of different prices; undefined while all agree. */
export function disagreementIn({ at, quotes }: Opinions): Disagreement | undefined {
  const [first, ...others] = quotes
  const other = first && others.find((one) => distanceOf(first, one) > mostBasisPoints)
  if (!first || !other) return undefined
  const priceOf = ({ source, last }: Quote) => ({ source, price: last })
  return {
    symbol: first.symbol,
    prices: [priceOf(first), priceOf(other)],
    basisPoints: Math.round(distanceOf(first, other)),
    since: at,
  }
}

/**
 * The quote with the reason why it alone triggers nothing on a linked account: sources disagree, or its own weakness, unless a
 * source without one says nearly the same.
 */
export function assessed(quote: Quote, opinions: Opinions | undefined, disagreement: Disagreement | undefined): Quote {
  if (disagreement) {
    const [one, other] = disagreement.prices
    const says = ({ source, price }: typeof one) => `${source} says $${price.toFixed()}`
    return { ...quote, weak: `${says(one)} and ${says(other)} (${disagreement.basisPoints} bp apart)` }
  }
  if (!quote.weak) return quote
  const isConfirmed = opinions?.quotes.some(
    (one) => one.source !== quote.source && !one.weak && distanceOf(one, quote) <= mostBasisPoints,
  )
  if (!isConfirmed) return quote
  const { weak: _, ...confirmed } = quote
  return confirmed
}
