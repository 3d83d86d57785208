import type { Answer, Heard } from '../broker/answering.ts'
import { Refusal } from './refusals.ts'
import { type Level, type Pair, pairNamed, secondsOf, type World } from './world.ts'

type Json = Record<string, unknown>
/** Bars of a pair: seconds, open, high, low, close, vwap, volume, count. */
export type Bars = Map<string, (string | number)[][]>

/** Answers a request without a key. */
export function servePublic(world: World, bars: Bars, { path, query }: Heard): Answer {
  const ok = (result: Json): Answer => ({ status: 200, body: { error: [], result } })
  const named = (): Pair[] => {
    const names = query.get('pair')
    if (names === null) return [...world.pairs.values()]
    return names.split(',').map((name) => {
      const pair = pairNamed(world, name)
      if (!pair) throw new Refusal('EQuery:Unknown asset pair')
      return pair
    })
  }
  switch (path) {
    case '/0/public/Time':
      return ok({ unixtime: Math.floor(secondsOf(world.now())), rfc1123: world.now().toUTCString() })
    case '/0/public/SystemStatus':
      return ok({ status: 'online', timestamp: world.now().toISOString() })
    case '/0/public/Assets':
      return ok(assets(world))
    case '/0/public/AssetPairs':
      return ok(Object.fromEntries(named().map((pair) => [pair.id, pairJson(pair)])))
    case '/0/public/Ticker':
      return ok(
        Object.fromEntries(
          named().flatMap((pair) => (world.quotes.has(pair.id) ? [[pair.id, tickerJson(world, pair)]] : [])),
        ),
      )
    case '/0/public/OHLC': {
      const [pair] = named()
      const since = Number(query.get('since') ?? 0)
      const all = bars.get(`${pair!.id} ${query.get('interval') ?? '1'}`) ?? []
      const shown = all.filter(([at]) => Number(at) > since).slice(-720)
      return ok({ [pair!.id]: shown, last: Number(shown.at(-2)?.[0] ?? 0) })
    }
    default:
      throw new Refusal('EGeneral:Unknown method')
  }
}

function assets(world: World): Json {
  const all = new Map<string, string>()
  for (const { base, quote, wsname } of world.pairs.values()) {
    const [first, second] = wsname.split('/')
    all.set(base, first!)
    all.set(quote, second!)
  }
  return Object.fromEntries(
    [...all].map(([asset, altname]) => [
      asset,
      { aclass: 'currency', altname, decimals: asset === 'ZUSD' ? 4 : 10, display_decimals: 5, status: 'enabled' },
    ]),
  )
}

const tiers = [
  [0, 0.26],
  [50_000, 0.24],
]

function pairJson(pair: Pair): Json {
  return {
    altname: pair.altname,
    wsname: pair.wsname,
    aclass_base: 'currency',
    base: pair.base,
    aclass_quote: 'currency',
    quote: pair.quote,
    lot: 'unit',
    cost_decimals: 5,
    pair_decimals: pair.priceDecimals,
    lot_decimals: pair.lotDecimals,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: tiers,
    fees_maker: tiers,
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: pair.orderMin,
    costmin: pair.costMin,
    tick_size: (10 ** -pair.priceDecimals).toFixed(pair.priceDecimals),
    status: pair.status,
  }
}

function tickerJson(world: World, { id, priceDecimals }: Pair): Json {
  const { bids, asks, last } = world.quotes.get(id)!
  const price = (level?: Level) => level?.price.toFixed(priceDecimals) ?? '0'
  const side = (level?: Level) => [price(level), '1', level?.size?.toFixed(3) ?? '1000.000']
  const traded = last.toFixed(priceDecimals)
  return {
    a: side(asks[0]),
    b: side(bids[0]),
    c: [traded, '0.10000000'],
    v: ['1000.00000000', '2000.00000000'],
    p: [traded, traded],
    t: [100, 200],
    l: [traded, traded],
    h: [traded, traded],
    o: traded,
  }
}
