import { Big } from '../../base/amounts.ts'
import { averageText, changeText, percentText, priceText } from '../../base/format.ts'
import type { around, Level } from './levels.ts'
import type { Macd } from './macd.ts'
import type { RelativeVolume } from './rvol.ts'
import type { VolumeProfile } from './volume-profile.ts'

// The usual meaning of a number, in one line. None of these lines is a forecast.

/** Formats dollars that were computed in plain numbers. */
export const dollars = (price: number) => averageText(new Big(price))

/** Formats a quoted price, with all of its decimals. */
export const quoted = (price: number) => priceText(new Big(price))

/** Formats a difference of computed prices with its sign, as profits are written. */
export const signed = (amount: number) => changeText(new Big(amount))

/** The distance of a price from another, as a percentage of the other: `1.20%`, without a sign. */
const apart = (price: number, from: number) => percentText(new Big(Math.abs(price / from - 1))).slice(1)

/** The meaning of an RSI: 70 and 30 are Wilder's own thresholds. */
export function rsiMeaning(value: number): string {
  if (value >= 70) {
    return 'overbought; momentum is strong, a pullback is more likely than usual, but a strong trend can stay here for long'
  }
  if (value <= 30) {
    return 'oversold; selling is heavy, a bounce is more likely than usual, but a strong trend can stay here for long'
  }
  if (value > 55) return 'gains outweigh losses; not extreme'
  return value < 45 ? 'losses outweigh gains; not extreme' : 'gains and losses are about even'
}

/** The meaning of the last two values of a MACD. */
export function macdMeaning(now: Macd, before: Macd | undefined): string {
  const isAbove = now.histogram > 0
  if (now.histogram === 0) return 'MACD is on its signal line: no momentum either way'
  if (before && before.histogram > 0 !== isAbove && before.histogram !== 0) {
    return isAbove
      ? 'MACD has just crossed above its signal line: momentum turned up'
      : 'MACD has just crossed below its signal line: momentum turned down'
  }
  const grows = before && Math.abs(now.histogram) > Math.abs(before.histogram)
  const way = isAbove ? 'up' : 'down'
  return `MACD is ${isAbove ? 'above' : 'below'} its signal line: momentum points ${way}${before ? (grows ? ' and grows' : ' and fades') : ''}`
}

/** The meaning of an average true range for a price and bars of this length. */
export function atrMeaning(range: number, price: number, length: string): string {
  if (range === 0) return 'the price does not move at all'
  return `an ordinary ${length} bar covers about ${dollars(range)}, ${percentText(new Big(range / price)).slice(1)} of the price; a stop nearer than that is within the noise`
}

/** The meaning of a price relative to the volume-weighted average. */
export function vwapMeaning(price: number, average: number): string {
  if (Math.abs(price / average - 1) < 0.0005) return 'the price is at VWAP: nobody of this session is ahead on average'
  return price > average
    ? `the price is ${apart(price, average)} above VWAP: who bought in this session is ahead on average`
    : `the price is ${apart(price, average)} below VWAP: who bought in this session is behind on average`
}

/** The meaning of a relative volume. */
export function rvolMeaning({ ratio }: Pick<RelativeVolume, 'ratio'>): string {
  if (ratio >= 2) return 'unusually busy: something draws attention, and moves are larger than usual on such days'
  if (ratio >= 1.25) return 'busier than usual'
  if (ratio > 0.8) return 'as busy as usual'
  return ratio > 0.5
    ? 'quieter than usual'
    : 'unusually quiet: few trade, spreads cost more, and moves fail more easily'
}

/** The meaning of a price relative to a volume profile. */
export function profileMeaning(price: number, { pointOfControl, valueArea }: VolumeProfile): string {
  if (price > valueArea.high)
    return 'the price is above the value area: most was traded cheaper, and buyers accept more'
  if (price < valueArea.low) return 'the price is below the value area: most was traded dearer, and sellers accept less'
  if (Math.abs(price / pointOfControl - 1) < 1e-9) return 'the price is at the point of control, where most was traded'
  const side = price > pointOfControl ? 'upper' : 'lower'
  return `the price is in the ${side} part of the value area, where most of the trading was`
}

/** The meaning of the levels around a price. */
export function levelsMeaning(price: number, { supports, resistances }: ReturnType<typeof around>): string {
  const side = (level: Level | undefined, name: string, where: string) =>
    level?.price === price
      ? `the nearest ${name} is at the price`
      : level
        ? `the nearest ${name} is ${apart(level.price, price)} ${where}`
        : `no ${name} ${where} in these bars`
  return `${side(supports[0], 'support', 'below')}, ${side(resistances[0], 'resistance', 'above')}; levels are where others turned, and break too`
}
