import type Big from 'big.js'
import { z } from 'zod'
import type { ChainWanted, Greeks, OptionContract, OptionSource } from '../../options.ts'
import { NoData } from '../shared/no-data.ts'
import { amountIn, priceIn } from '../shared/prices.ts'
import type { DataClient } from './client.ts'
import type { StreamReader } from './stream-reader.ts'

const expirationsPayload = z.object({ Expirations: z.array(z.object({ Date: z.string() })).nullish() })
const strikesPayload = z.object({ Strikes: z.array(z.array(z.string())).nullish() })
const figure = z.union([z.string(), z.number()]).nullish()
const spreadPayload = z.object({
  Legs: z
    .array(z.object({ Symbol: z.string(), StrikePrice: z.string(), Expiration: z.string(), OptionType: z.string() }))
    .length(1),
  Bid: figure,
  Ask: figure,
  Last: figure,
  DailyOpenInterest: figure,
  Volume: figure,
  ImpliedVolatility: figure,
  Delta: figure,
  Gamma: figure,
  Theta: figure,
  Vega: figure,
  Rho: figure,
})

/** TradeStation's options on US shares. A chain is read from its stream until all that was wanted is there. */
export function tradeStationOptions(client: DataClient, read: StreamReader): OptionSource {
  /** A refusal of the question itself means that there are no such options. */
  const orNone = async <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> =>
    asked.catch((cause) => {
      if (cause instanceof NoData && (cause.status === 400 || cause.status === 404)) return undefined
      throw cause
    })

  async function strikes(symbol: string, expires: string): Promise<Big[]> {
    const path = `/options/strikes/${encodeURIComponent(symbol)}`
    const said = await orNone(client.get(path, { spreadType: 'Single', expiration: written(expires) }, strikesPayload))
    const all = (said?.Strikes ?? []).flatMap(([strike]) => priceIn(strike) ?? [])
    return all.sort((one, other) => one.cmp(other))
  }

  return {
    name: 'tradestation',
    strikes,
    async expirations(symbol) {
      const path = `/options/expirations/${encodeURIComponent(symbol)}`
      const said = await orNone(client.get(path, {}, expirationsPayload))
      return [...new Set((said?.Expirations ?? []).map(({ Date: day }) => day.slice(0, 10)))].sort()
    },
    async chain(symbol, wanted) {
      const { expires, kind, from, to } = wanted
      const among = (await strikes(symbol, expires)).filter((strike) => strike.gte(from) && strike.lte(to))
      if (among.length === 0) return []
      const most = among.length * (kind ? 1 : 2)
      const found = new Map<string, OptionContract>()
      await read({
        path: `/options/chains/${encodeURIComponent(symbol)}`,
        query: {
          ...{ spreadType: 'Single', expiration: written(expires), enableGreeks: 'true' },
          optionType: kind === 'call' ? 'Call' : kind === 'put' ? 'Put' : 'All',
          priceCenter: among[Math.floor((among.length - 1) / 2)]!.toFixed(),
          strikeProximity: String(Math.ceil(among.length / 2)),
        },
        take(frame) {
          const contract = contractIn(frame)
          if (contract && isWanted(contract, wanted)) found.set(contract.symbol, contract)
          return found.size >= most
        },
        // A contract that nobody quotes may not be shown.
        isUsable: () => found.size > 0,
      })
      return [...found.values()].sort(
        (one, other) => one.strike.cmp(other.strike) || one.kind.localeCompare(other.kind),
      )
    },
  }
}

const isWanted = ({ expires, kind, strike }: OptionContract, wanted: ChainWanted) =>
  expires === wanted.expires && (wanted.kind ?? kind) === kind && strike.gte(wanted.from) && strike.lte(wanted.to)

/** A day as TradeStation writes it. */
const written = (day: string) => `${day}T00:00:00Z`

/** The contract of a frame; undefined of anything else. */
function contractIn(frame: unknown): OptionContract | undefined {
  const said = spreadPayload.safeParse(frame).data
  const leg = said?.Legs[0]
  const strike = priceIn(leg?.StrikePrice)
  const kind = leg?.OptionType.toLowerCase()
  if (!said || !leg || !strike || (kind !== 'call' && kind !== 'put')) return undefined
  const [bid, ask, last] = [said.Bid, said.Ask, said.Last].map(priceIn)
  const volatility = priceIn(said.ImpliedVolatility)?.toNumber()
  const greeks = greeksIn(said)
  return {
    ...{ symbol: leg.Symbol, kind, strike, expires: leg.Expiration.slice(0, 10) },
    ...(bid && { bid }),
    ...(ask && { ask }),
    ...(last && { last }),
    openInterest: amountIn(said.DailyOpenInterest)?.toNumber() ?? 0,
    volume: amountIn(said.Volume)?.toNumber() ?? 0,
    ...(volatility !== undefined && { impliedVolatility: volatility }),
    ...(greeks && { greeks }),
  }
}

function greeksIn(said: z.infer<typeof spreadPayload>): Greeks | undefined {
  const written = [said.Delta, said.Gamma, said.Theta, said.Vega, said.Rho]
  const values = written.map((value) => (value == null || value === '' ? Number.NaN : Number(value)))
  const [delta, gamma, theta, vega, rho] = values as [number, number, number, number, number]
  return values.every(Number.isFinite) ? { delta, gamma, theta, vega, rho } : undefined
}
