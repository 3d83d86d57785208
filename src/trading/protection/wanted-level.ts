import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Quote } from '../../market/market.ts'
import type { Position } from '../positions/rows/positions.ts'
import { averageEntryPrice } from '../positions/rules/position.ts'
import type { Level, ProtectionKind } from './rows/protective-orders.ts'
import { isAhead, priceAtReturn, shareOf, stopOf, type Trail, toGrain, trailLimits } from './rules/protection.ts'

/** A wanted level. Its price in dollars depends on the position and the market price. */
export type WantedLevel = { kind: ProtectionKind } & (
  | { at: 'price'; price: Big }
  /** Return on the average entry price, as a share of one: a stop at -0.05 loses 5%. */
  | { at: 'return'; share: Big }
  /** The average entry price. */
  | { at: 'entry' }
  /** The distance of a trailing stop from the best price from now on, as a share of one. */
  | { at: 'trail'; share: Big }
  /** The same distance in dollars a unit. */
  | { at: 'trail'; dollars: Big }
)

/** A level that differs from the price by more than this factor is a typing mistake. */
const unreasonable = 10

/**
 * The refusal of a level that makes no sense for a position at this price; undefined when it does. Setting the level computes
 * its final price.
 */
export function reasonAgainst(position: Position, wanted: WantedLevel, quote: Quote): Refusal | undefined {
  return reasonAgainstLevel(position, levelOf(position, wanted, quote), quote)
}

/** A wanted level in dollars, at this price. */
export function levelOf(
  position: Position,
  wanted: WantedLevel,
  quote: Quote,
): Pick<Level, 'kind' | 'price' | 'trail'> {
  const { kind } = wanted
  switch (wanted.at) {
    case 'price':
      // To the decimals that people are shown: what is told is then what is set.
      return { kind, price: toGrain(wanted.price) }
    case 'return':
      return { kind, price: priceAtReturn(position, wanted.share) }
    case 'entry':
      return { kind, price: toGrain(averageEntryPrice(position)) }
    case 'trail': {
      const distance =
        'share' in wanted ? { share: wanted.share } : { share: wanted.dollars.div(quote.last), dollars: wanted.dollars }
      const trail = { ...distance, bestPrice: quote.last }
      return { kind, price: stopOf(position.signedQuantity, trail), trail }
    }
  }
}

/** The refusal of a level in dollars that makes no sense at this price. */
export function reasonAgainstLevel(
  position: Position,
  { kind, price }: Pick<Level, 'kind' | 'price'>,
  quote: Quote,
): Refusal | undefined {
  const { symbol, signedQuantity } = position
  const isLong = signedQuantity.gt(0)
  const again = { askAgain: true }
  if (price.lte(0)) {
    return new Refusal(
      'LEVEL_NOT_POSITIVE',
      `That is a ${kind} at less than nothing: the price cannot get there. Nothing was done.`,
      'Use less than 100%',
      again,
    )
  }
  // A close would trade at this side of the quote. A level between it and the last price would be touched at once.
  const closing = isLong ? quote.bid : quote.ask
  const passed = [quote.last, closing].find((now) => !isAhead(kind, signedQuantity, price, now))
  if (passed) {
    const side = isLong === (kind === 'stop') ? 'below' : 'above'
    const direction = isLong ? 'long' : 'short'
    return new Refusal(
      kind === 'stop' ? 'STOP_WRONG_SIDE' : 'TARGET_WRONG_SIDE',
      `The ${kind} of a ${direction} position must be ${side} the price: ${priceText(price)} is not ${side} ${priceText(passed)}. Nothing was done.`,
      kind === 'stop'
        ? `\`trail ${symbol} 5%\` keeps 5% from the price; \`close ${symbol}\` is out now`
        : `A price ${side} ${priceText(quote.last)}, or \`close ${symbol}\` to take what there is now`,
      again,
    )
  }
  if (price.gt(quote.last.times(unreasonable)) || price.times(unreasonable).lt(quote.last)) {
    return new Refusal(
      'LEVEL_UNREASONABLE',
      `A ${kind} at ${priceText(price)} is more than ${unreasonable} times away from the price, ${priceText(quote.last)}. Nothing was done.`,
      'Check the decimal point; a percentage needs its %',
      again,
    )
  }
  return undefined
}

/** The refusal of a distance in dollars that is too small or too large for the price. */
export function outOfRange(trail: Trail, { symbol, last }: Quote): Refusal | undefined {
  const share = shareOf(trail)
  if (!trail.dollars || (share.gte(trailLimits.least) && share.lte(trailLimits.most))) return undefined
  const [least, most] = [trailLimits.least, trailLimits.most].map((limit) => priceText(last.times(limit)))
  const sentence = `A stop trails by 0.1% to 50% of the price, for ${symbol} at ${priceText(last)} by ${least} to ${most}; ${priceText(trail.dollars)} is not between them. Nothing was done.`
  return new Refusal('TRAIL_OUT_OF_RANGE', sentence, `Such as \`trail ${symbol} 4%\``, { askAgain: true })
}

/** The refusal of a level when there is no fresh price to check it against. */
export function noFreshPrice(symbol: string, why: string): Refusal {
  return new Refusal(
    'NO_FRESH_PRICE',
    `A level for ${symbol} cannot be checked against the market now: ${why}. Nothing was set.`,
    'Try again when the price is fresh',
  )
}

/** One touch closes a position once: no further level joins in. `kinds` are the levels that are not set. */
export function beingClosed(symbol: string, kinds: string, touched: ProtectionKind): Refusal {
  return new Refusal(
    'POSITION_BUSY',
    `${symbol} is being closed: its ${touched} was touched. No ${kinds} was set.`,
    `\`positions\` shows what is left, \`close ${symbol}\` tries at once`,
  )
}
