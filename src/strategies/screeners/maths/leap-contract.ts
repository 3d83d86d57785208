import { callDelta, callValue, impliedVolatility, strikeOfDelta } from './black-scholes.ts'
import type { CallQuote, OptionChain } from './option-chain.ts'

/** Days until a call expires, at least. */
export const leastDays = 365
/** 18 to 30 months. */
export const preferredDays = { from: 548, to: 913 }
const deltas = { from: 0.7, wanted: 0.75, to: 0.8 }

/** The call to buy, with its measures. */
export interface LeapContract extends CallQuote {
  days: number
  /** Between bid and ask, in dollars. */
  middle: number
  delta: number
  volatility: number
  /** The part of the middle that time takes away, a year, as a share of the stock's price. */
  extrinsicPerYear: number
}

/**
 * The call of a chain for an entry: a year or longer, of 18 to 30 months where there is one, with a delta of .70 to .80, and the
 * nearest to .75 of these. Undefined when none is quoted so.
 */
export function leapContractOf(chain: OptionChain, today: string): LeapContract | undefined {
  const fitting = chain.calls.flatMap((quote) => measured(quote, chain, today) ?? [])
  const preferred = fitting.filter(({ days }) => days >= preferredDays.from && days <= preferredDays.to)
  return (preferred.length > 0 ? preferred : fitting).reduce<LeapContract | undefined>(
    (best, each) => (best && !isBetter(each, best) ? best : each),
    undefined,
  )
}

function measured(quote: CallQuote, chain: OptionChain, today: string): LeapContract | undefined {
  const { bid, ask, strike, expires } = quote
  const { spot } = chain
  const days = (Date.parse(expires) - Date.parse(today)) / 86_400_000
  if (!(bid > 0 && ask >= bid && strike > 0 && days >= leastDays)) return undefined
  const call = { spot, strike, years: days / 365, rate: chain.rate, dividendYield: chain.dividendYield }
  const middle = (bid + ask) / 2
  const volatility = quote.impliedVolatility ?? impliedVolatility(call, middle)
  if (!volatility || !(volatility > 0)) return undefined
  const delta = quote.delta ?? callDelta(call, volatility)
  if (!(delta >= deltas.from && delta <= deltas.to)) return undefined
  const extrinsic = middle - Math.max(0, spot - strike)
  return { ...quote, days, middle, delta, volatility, extrinsicPerYear: extrinsic / spot / call.years }
}

/** By distance of delta, then by open interest, then the earlier, then the lower strike: the same in any order of the chain. */
function isBetter(a: LeapContract, b: LeapContract): boolean {
  const distance = ({ delta }: LeapContract) => Math.abs(delta - deltas.wanted)
  return (distance(a) - distance(b) || b.openInterest - a.openInterest || a.days - b.days || a.strike - b.strike) < 0
}

/** The cost of such a call by the formula alone. */
export interface LeapEstimate {
  strike: number
  /** In dollars a share, at the volatility and at a quarter more. */
  price: number
  priceAtMore: number
  /** The part of the price above spot less strike, as a share of the stock's price. */
  extrinsic: number
}

export const estimateLabel =
  'Black–Scholes from 252-day realized volatility, without an option chain; real prices are usually higher'

/** The rate that the estimate assumes, and the years that its call has. */
export const assumed = { rate: 0.04, years: 1.5 }

/** An estimate of a call of 18 months with a delta of .75, without dividends. Undefined without volatility. */
export function leapEstimate(spot: number, volatility: number): LeapEstimate | undefined {
  if (!(volatility > 0)) return undefined
  const call = { spot, years: assumed.years, rate: assumed.rate, dividendYield: 0 }
  const strike = strikeOfDelta(deltas.wanted, call, volatility)
  if (strike === undefined) return undefined
  const [price, priceAtMore] = [volatility, 1.25 * volatility].map((each) => callValue({ ...call, strike }, each))
  return { strike, price: price!, priceAtMore: priceAtMore!, extrinsic: (price! - Math.max(0, spot - strike)) / spot }
}
