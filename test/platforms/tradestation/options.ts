import { malformed } from './refusals.ts'
import type { World } from './world.ts'

/** The option chain of a share, as a test sets it. */
export interface ChainTerms {
  /** Dates on which contracts end: `2027-01-15`. */
  expirations: string[]
  /** Dollars. */
  strikes: string[]
  /** Of a year: 0.5 is 50%. */
  volatility?: number
}

/** What a test says of a contract in place of the model's numbers. */
export interface ContractFacts {
  bid?: string
  ask?: string
  last?: string
  volume?: number
  openInterest?: number
  impliedVolatility?: string
}

/** The options on shares. */
export interface Options {
  setChain(underlying: string, terms: ChainTerms): void
  /** `MSFT 270115C420`. */
  setContract(symbol: string, facts: ContractFacts): void
  /** Streams of chains leave a contract out. */
  hideContract(symbol: string): void
  expirations(underlying: string): Record<string, unknown>
  strikes(underlying: string, query: URLSearchParams): Record<string, unknown>
  /** The spreads of a chain as its stream says them. */
  chain(underlying: string, query: URLSearchParams): Record<string, unknown>[]
  /** One contract. */
  quote(symbol: string): Record<string, unknown>
}

type Kind = 'Call' | 'Put'

const dayMs = 86_400_000
const rate = 0.04

/** Options of a world; their prices come from the model of Black and Scholes, a cent around it. */
export function createOptions(world: World): Options {
  const chains = new Map<string, Required<ChainTerms>>()
  const contracts = new Map<string, ContractFacts>()
  const hidden = new Set<string>()

  function chainOf(underlying: string): Required<ChainTerms> {
    const found = chains.get(underlying)
    if (!found) throw malformed(`Invalid underlying symbol: ${underlying}`)
    return found
  }

  function expirationOf(underlying: string, query: URLSearchParams): string {
    const { expirations } = chainOf(underlying)
    const said = query
      .get('expiration')
      ?.replace(/^(\d\d)-(\d\d)-(\d{4})$/, '$3-$1-$2')
      .slice(0, 10)
    const today = world.now().toISOString().slice(0, 10)
    const found = said ? expirations.find((day) => day === said) : expirations.find((day) => day >= today)
    if (!found) throw malformed(`Invalid expiration: ${said}`)
    return found
  }

  function mustBeSingle(query: URLSearchParams): void {
    if ((query.get('spreadType') ?? 'Single') !== 'Single') throw malformed('This server has single options alone')
  }

  function spread(underlying: string, expiration: string, strike: string, kind: Kind, hasGreeks = true) {
    const { volatility } = chainOf(underlying)
    const symbol = `${underlying} ${expiration.slice(2).replaceAll('-', '')}${kind[0]}${strike}`
    const facts = contracts.get(symbol) ?? {}
    const price = Number(world.price(underlying))
    const years = Math.max(Date.parse(expiration) + dayMs - world.now().getTime(), 0) / dayMs / 365
    const sigma = Number(facts.impliedVolatility ?? volatility)
    const model = modelled(price, Number(strike), years, sigma, kind)
    const [bid, ask] = [facts.bid ?? cents(Math.max(0, model.value - 0.01)), facts.ask ?? cents(model.value + 0.01)]
    const last = facts.last ?? cents(model.value)
    const inside = Math.max(0, kind === 'Call' ? price - Number(strike) : Number(strike) - price)
    const middle = (Number(bid) + Number(ask)) / 2
    return {
      ...(hasGreeks && {
        Delta: shown(model.delta),
        Theta: shown(model.theta),
        Gamma: shown(model.gamma),
        Rho: shown(model.rho),
        Vega: shown(model.vega),
        ImpliedVolatility: facts.impliedVolatility ?? shown(volatility),
        IntrinsicValue: shown(inside),
        ExtrinsicValue: shown(Math.max(0, middle - inside)),
        TheoreticalValue: shown(model.value),
        ProbabilityITM: shown(model.chance),
        ProbabilityOTM: shown(1 - model.chance),
        ProbabilityITM_IV: shown(model.chance),
        ProbabilityOTM_IV: shown(1 - model.chance),
        TheoreticalValue_IV: shown(model.value),
      }),
      DailyOpenInterest: facts.openInterest ?? 100,
      Ask: ask,
      Bid: bid,
      Mid: shown(middle),
      AskSize: 10,
      BidSize: 10,
      Close: last,
      High: last,
      Last: last,
      Low: last,
      NetChange: '0',
      NetChangePct: '0',
      Open: last,
      PreviousClose: last,
      Volume: facts.volume ?? 10,
      Side: kind,
      Strikes: [strike],
      Legs: [
        {
          Symbol: symbol,
          Ratio: 1,
          StrikePrice: strike,
          Expiration: `${expiration}T00:00:00Z`,
          OptionType: kind,
          AssetType: 'StockOption',
        },
      ],
    }
  }

  return {
    setChain(underlying, terms) {
      const strikes = terms.strikes.toSorted((one, other) => Number(one) - Number(other))
      chains.set(underlying, { volatility: 0.5, ...terms, strikes, expirations: terms.expirations.toSorted() })
    },
    setContract: (symbol, facts) => void contracts.set(symbol, { ...contracts.get(symbol), ...facts }),
    hideContract: (symbol) => void hidden.add(symbol),
    expirations: (underlying) => ({
      Expirations: chainOf(underlying).expirations.map((day) => ({ Date: `${day}T00:00:00Z`, Type: typeOf(day) })),
    }),
    strikes(underlying, query) {
      mustBeSingle(query)
      expirationOf(underlying, query)
      return { SpreadType: 'Single', Strikes: chainOf(underlying).strikes.map((strike) => [strike]) }
    },
    chain(underlying, query) {
      mustBeSingle(query)
      const expiration = expirationOf(underlying, query)
      const { strikes } = chainOf(underlying)
      const price = Number(world.price(underlying))
      const center = Number(query.get('priceCenter') ?? price)
      const near = Number(query.get('strikeProximity') ?? 5)
      const above = strikes.filter((strike) => Number(strike) > center).slice(0, near)
      const below = strikes.filter((strike) => Number(strike) <= center).slice(-near)
      const type = query.get('optionType') ?? 'All'
      const kinds = (['Call', 'Put'] as const).filter((kind) => type === 'All' || type === kind)
      const range = query.get('strikeRange') ?? 'All'
      const isIn = (strike: string, kind: Kind) => {
        const isInside = kind === 'Call' ? Number(strike) < price : Number(strike) > price
        return range === 'All' || (range === 'ITM') === isInside
      }
      return [...below, ...above].flatMap((strike) =>
        kinds
          .filter((kind) => isIn(strike, kind))
          .map((kind) => spread(underlying, expiration, strike, kind, query.get('enableGreeks') !== 'false'))
          .filter(({ Legs: [leg] }) => !hidden.has(leg!.Symbol)),
      )
    },
    quote(symbol) {
      const [, underlying, digits, letter, strike] = /^(\S+) (\d{6})([CP])([\d.]+)$/.exec(symbol) ?? []
      const day = digits?.replace(/(..)(..)(..)/, '20$1-$2-$3')
      const known = underlying === undefined ? undefined : chains.get(underlying)
      if (!known?.expirations.includes(day!) || !known.strikes.includes(strike!)) {
        throw malformed(`Invalid option symbol: ${symbol}`)
      }
      return spread(underlying!, day!, strike!, letter === 'C' ? 'Call' : 'Put')
    },
  }
}

/** The third Friday of a month ends the monthly contracts. */
const typeOf = (day: string) => {
  const at = new Date(day)
  return at.getUTCDay() === 5 && at.getUTCDate() > 14 && at.getUTCDate() < 22 ? 'Monthly' : 'Weekly'
}

/** The value and greeks of an option by Black and Scholes: theta a day, vega and rho a point. */
function modelled(price: number, strike: number, years: number, sigma: number, kind: Kind) {
  const sign = kind === 'Call' ? 1 : -1
  const inside = Math.max(0, sign * (price - strike))
  if (years <= 0 || price <= 0)
    return {
      value: inside,
      delta: inside > 0 ? sign : 0,
      gamma: 0,
      theta: 0,
      vega: 0,
      rho: 0,
      chance: inside > 0 ? 1 : 0,
    }
  const root = sigma * Math.sqrt(years)
  const one = (Math.log(price / strike) + (rate + sigma ** 2 / 2) * years) / root
  const two = one - root
  const discounted = strike * Math.exp(-rate * years)
  const density = Math.exp(-(one ** 2) / 2) / Math.sqrt(2 * Math.PI)
  return {
    value: sign * (price * normal(sign * one) - discounted * normal(sign * two)),
    delta: sign * normal(sign * one),
    gamma: density / (price * root),
    theta: ((-price * density * sigma) / (2 * Math.sqrt(years)) - sign * rate * discounted * normal(sign * two)) / 365,
    vega: (price * density * Math.sqrt(years)) / 100,
    rho: (sign * discounted * years * normal(sign * two)) / 100,
    chance: normal(sign * two),
  }
}

/** The normal distribution, by the approximation 26.2.17 of Abramowitz and Stegun. */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series
  return x >= 0 ? 1 - tail : tail
}

const shown = (value: number) => String(Number(value.toFixed(4)))
const cents = (value: number) => String(Number(value.toFixed(2)))
