import type { Big } from '../../base/amounts.ts'
import type { OptionContract, OptionSource } from '../../market/options.ts'
import { assumed, leastDays, preferredDays } from '../screeners/maths/leap-contract.ts'
import type { CallQuote, OptionChain } from '../screeners/maths/option-chain.ts'

/** Days on which the calls expire that are asked for: each costs two questions. */
const mostDays = 2
/** Calls with a delta of .70 to .80 have strikes between these shares of the price, also when it moves much. */
const strikes = { from: '0.5', to: '1.2' }

/**
 * The calls on a share that may be bought as a LEAP, a year or longer: those of the days in the middle of 18 to 30 months, or else the
 * last ones. Undefined when there are none. Throws when the source does not answer.
 *
 * @param spot the price of the share now, in dollars.
 */
export async function leapChain(
  options: OptionSource,
  symbol: string,
  spot: Big,
  today: string,
): Promise<OptionChain | undefined> {
  const quotes: CallQuote[] = []
  const [from, to] = [spot.times(strikes.from), spot.times(strikes.to)]
  for (const expires of daysToAsk(await options.expirations(symbol), today)) {
    const calls = await options.chain(symbol, { expires, kind: 'call', from, to })
    quotes.push(...calls.flatMap((call) => quoteOf(call) ?? []))
  }
  if (quotes.length === 0) return undefined
  return { source: options.name, spot: spot.toNumber(), calls: quotes, rate: assumed.rate, dividendYield: 0 }
}

/** The days to ask for; none when no call runs for a year. */
export function daysToAsk(expirations: readonly string[], today: string): string[] {
  const middle = (preferredDays.from + preferredDays.to) / 2
  const long = expirations
    .map((day) => ({ day, days: (Date.parse(day) - Date.parse(today)) / 86_400_000 }))
    .filter(({ days }) => days >= leastDays)
  const preferred = long.filter(({ days }) => days >= preferredDays.from && days <= preferredDays.to)
  const nearest = preferred.toSorted((a, b) => Math.abs(a.days - middle) - Math.abs(b.days - middle))
  return (preferred.length > 0 ? nearest.slice(0, mostDays) : long.slice(-mostDays)).map(({ day }) => day).sort()
}

function quoteOf({ strike, expires, bid, ask, openInterest, impliedVolatility, greeks }: OptionContract) {
  if (!bid || !ask) return undefined
  return {
    ...{ strike: strike.toNumber(), expires, bid: bid.toNumber(), ask: ask.toNumber(), openInterest },
    ...(impliedVolatility !== undefined && { impliedVolatility }),
    ...(greeks && { delta: greeks.delta }),
  }
}
