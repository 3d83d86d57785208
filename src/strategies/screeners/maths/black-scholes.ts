import { normal, risesTo } from './normal.ts'

/** A European call and its surroundings. Prices in dollars; rates and yields a year, continuous: .04 is 4%. */
export interface Call {
  spot: number
  strike: number
  /** Until it expires, above 0. */
  years: number
  rate: number
  dividendYield: number
}

/** Nothing is more volatile: 1,000% a year. */
const mostVolatile = 10

/**
 * The value of a call, in dollars a share (Black and Scholes 1973, with Merton's dividend yield; Hull, "Options, Futures, and
 * Other Derivatives"). `volatility` is annual: .25 is 25%. Without volatility it is the value of the certain payment.
 */
export function callValue(call: Call, volatility: number): number {
  const { spot, strike, years, rate, dividendYield } = call
  const [stock, bond] = [spot * Math.exp(-dividendYield * years), strike * Math.exp(-rate * years)]
  if (volatility === 0) return Math.max(0, stock - bond)
  const d1 = firstOf(call, volatility)
  return stock * normal(d1) - bond * normal(d1 - volatility * Math.sqrt(years))
}

/** The change of a call's value with a dollar more of the stock, 0..1. `volatility` is above 0. */
export function callDelta(call: Call, volatility: number): number {
  return Math.exp(-call.dividendYield * call.years) * normal(firstOf(call, volatility))
}

/**
 * The annual volatility at which a call has this value; undefined when no volatility gives it: at or below the value that it
 * has without any, or at or above the price of the stock.
 */
export function impliedVolatility(call: Call, value: number): number | undefined {
  // Where the value without volatility is already this one, every small volatility would do.
  if (!(value > callValue(call, 0) + call.spot * 1e-12)) return undefined
  return risesTo(value, (volatility) => callValue(call, volatility), 0, mostVolatile)
}

/** The strike at which a call has this delta, 0 < delta < 1; undefined when the dividends leave no call with that much. */
export function strikeOfDelta(delta: number, call: Omit<Call, 'strike'>, volatility: number): number | undefined {
  const { spot, years, rate, dividendYield } = call
  const d1 = risesTo(delta * Math.exp(dividendYield * years), normal, -8, 8)
  if (d1 === undefined) return undefined
  const drift = (rate - dividendYield + volatility ** 2 / 2) * years
  return spot * Math.exp(drift - d1 * volatility * Math.sqrt(years))
}

/** The d1 of the formula. */
function firstOf({ spot, strike, years, rate, dividendYield }: Call, volatility: number): number {
  const spread = volatility * Math.sqrt(years)
  return (Math.log(spot / strike) + (rate - dividendYield + volatility ** 2 / 2) * years) / spread
}
