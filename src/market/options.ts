import type Big from 'big.js'

/** A contract on a share; prices in dollars a share. */
export interface OptionContract {
  /** The source's own symbol: `MSFT 270115C420`. */
  symbol: string
  kind: 'call' | 'put'
  strike: Big
  /** The day on which it expires: `2027-01-15`. */
  expires: string
  /** Absent when nobody wants or offers it. */
  bid?: Big
  ask?: Big
  last?: Big
  /** Contracts. */
  openInterest: number
  volume: number
  /** Annual: .25 is 25%. */
  impliedVolatility?: number
  /** Absent where the source does not say them all. */
  greeks?: Greeks
}

/** The change of a contract's value in dollars a share: with a dollar of the share (delta; gamma is that of delta), a day, a point. */
export interface Greeks {
  delta: number
  gamma: number
  /** A day. */
  theta: number
  /** A point of volatility. */
  vega: number
  /** A point of the interest rate. */
  rho: number
}

/** The part of a chain that is wanted: contracts of one day with strikes from one price to another, in dollars. */
export interface ChainWanted {
  expires: string
  /** Absent: both kinds. */
  kind?: OptionContract['kind']
  from: Big
  to: Big
}

/** A source of options on shares. All throw when it cannot answer; a share without options has none. */
export interface OptionSource {
  /** `tradestation` */
  name: string
  /** The days on which contracts on a share expire, the next one first. */
  expirations(symbol: string): Promise<string[]>
  /** The strikes of a day in dollars, the lowest first. */
  strikes(symbol: string, expires: string): Promise<Big[]>
  /** Contracts by strike, a call before a put. */
  chain(symbol: string, wanted: ChainWanted): Promise<OptionContract[]>
}
