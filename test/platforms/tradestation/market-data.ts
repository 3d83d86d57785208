import { Big, zero } from '../../../src/base/amounts.ts'
import type { Answer, Heard } from '../broker/answering.ts'
import { type BarQuery, type Bars, createBars, readBarQuery } from './bars.ts'
import { difference } from './brokerage.ts'
import { createOptions, type Options } from './options.ts'
import { malformed, notFound } from './refusals.ts'
import type { Stream, Streams } from './streams.ts'
import { type Instrument, type Level, plain, type Quote, type User, type World } from './world.ts'

type Json = Record<string, unknown>

/** The data of the market, and its streams. */
export interface MarketData {
  serve(user: User, heard: Heard): Answer
  /** A symbol has another price, book or state. */
  moved(symbol: string): void
  giveBars: Bars['give']
  options: Options
}

/** The data of a world without bars and options. */
export function createMarketData(world: World, streams: Streams): MarketData {
  const bars = createBars()
  const options = createOptions(world)
  /** The last that each stream has said, by symbol or bar. */
  const said = new WeakMap<Stream, Map<string, Json>>()
  const refreshes = new WeakMap<Stream, () => void>()

  function quoteJson(symbol: string): Json {
    const { bids, asks, last, at } = world.quotes.get(symbol)!
    const { today, before } = bars.days(symbol, world.now())
    const close = before ? new Big(before.c) : last
    const change = last.minus(close)
    return {
      Symbol: symbol,
      Open: String(today?.o ?? last),
      High: String(today?.h ?? last),
      Low: String(today?.l ?? last),
      PreviousClose: String(close),
      Last: String(last),
      Ask: String(asks[0]?.price ?? zero),
      AskSize: sizeOf(asks[0]),
      Bid: String(bids[0]?.price ?? zero),
      BidSize: sizeOf(bids[0]),
      NetChange: String(change),
      NetChangePct: close.eq(0) ? '0' : String(change.div(close).times(100).round(4)),
      High52Week: String(last),
      High52WeekTimestamp: plain(at),
      Low52Week: String(last),
      Low52WeekTimestamp: plain(at),
      Volume: String(today?.v ?? 0),
      PreviousVolume: String(before?.v ?? 0),
      Close: String(last),
      DailyOpenInterest: '0',
      TradeTime: plain(at),
      TickSizeTier: '0',
      MarketFlags: {
        IsDelayed: false,
        IsHardToBorrow: world.instruments.get(symbol)!.isHardToBorrow,
        IsBats: false,
        IsHalted: world.halted.has(symbol),
      },
      LastSize: '100',
      LastVenue: 'ARCX',
      VWAP: String(last),
    }
  }

  /** The stream's change in percent is a part of one, and the snapshot's is in hundredths. */
  function streamedQuote(symbol: string): Json {
    const quote = quoteJson(symbol)
    return { ...quote, NetChangePct: String(new Big(String(quote.NetChangePct)).div(100)) }
  }

  const symbolsIn = (text: string, atMost: number) => {
    const symbols = decodeURIComponent(text).split(',')
    if (symbols.length > atMost) throw malformed(`No more than ${atMost} symbols`)
    return symbols
  }
  const isQuoted = (symbol: string) => world.quotes.has(symbol)

  function snapshots(text: string): Answer {
    const symbols = symbolsIn(text, 100)
    const errors = symbols.filter((symbol) => !isQuoted(symbol)).map(unknown)
    const body = { Quotes: symbols.filter(isQuoted).map(quoteJson), Errors: errors }
    return { status: 200, body }
  }

  const unknown = (symbol: string) => ({ Symbol: symbol, Error: 'FAILED, INVALID SYMBOL' })

  function streamQuotes(user: User, text: string): Answer {
    const symbols = symbolsIn(text, 100)
    return streams.open('quotes', user, symbols, (stream) => {
      said.set(stream, new Map())
      for (const symbol of symbols) {
        if (!isQuoted(symbol)) stream.say(unknown(symbol))
        else {
          const quote = streamedQuote(symbol)
          said.get(stream)!.set(symbol, quote)
          stream.say(quote)
        }
      }
    })
  }

  function streamBars(user: User, symbol: string, query: BarQuery): Answer {
    mustBeKnown(symbol)
    const shown = () => bars.shown(symbol, { ...query, last: world.now() }, world.now())
    return streams.open('bars', user, [symbol], (stream) => {
      const history = shown()
      const known = new Map<string, Json>()
      for (const [index, bar] of history.entries()) {
        known.set(String(bar.Epoch), bar)
        stream.say({ ...bar, IsEndOfHistory: index === history.length - 1 })
      }
      refreshes.set(stream, () => {
        for (const bar of shown()) {
          if (JSON.stringify(known.get(String(bar.Epoch))) === JSON.stringify(bar)) continue
          known.set(String(bar.Epoch), bar)
          stream.tell({ ...bar, IsRealtime: true })
        }
      })
    })
  }

  function streamDepth(user: User, kind: string, symbol: string, query: URLSearchParams): Answer {
    const levels = Number(query.get('maxlevels') ?? 20)
    if (!Number.isInteger(levels) || levels < 1) throw malformed('maxlevels must be a positive integer')
    mustBeKnown(symbol)
    const shown = () => {
      const quote = world.quotes.get(symbol)
      if (!quote) return { Bids: [], Asks: [] }
      return kind === 'quotes' ? depthQuotes(quote, levels) : depthAggregates(quote, levels)
    }
    return streams.open('depth', user, [symbol], (stream) => {
      stream.say(shown())
      refreshes.set(stream, () => stream.tell(shown()))
    })
  }

  function streamChain(user: User, underlying: string, query: URLSearchParams): Answer {
    options.chain(underlying, query)
    return streams.open('option chains', user, [underlying], (stream) => {
      for (const spread of options.chain(underlying, query)) stream.say(spread)
      refreshes.set(stream, () => {
        for (const spread of options.chain(underlying, query)) stream.tell(spread)
      })
    })
  }

  function streamContract(user: User, query: URLSearchParams): Answer {
    const symbol = query.get('legs[0].Symbol') ?? query.get('Legs[0].Symbol') ?? ''
    options.quote(symbol)
    return streams.open('option quotes', user, [symbol.split(' ')[0]!], (stream) => {
      stream.say(options.quote(symbol))
      refreshes.set(stream, () => stream.tell(options.quote(symbol)))
    })
  }

  function mustBeKnown(symbol: string): void {
    if (!world.instruments.has(symbol)) throw notFound(`Invalid symbol: ${symbol}`)
  }

  function details(text: string): Answer {
    const symbols = symbolsIn(text, 50)
    const errors = symbols
      .filter((symbol) => !world.instruments.has(symbol))
      .map((symbol) => ({ Symbol: symbol, Error: 'NotFound', Message: 'Symbol not found' }))
    const found = symbols.flatMap((symbol) => world.instruments.get(symbol) ?? []).map(detailJson)
    return { status: 200, body: { Symbols: found, Errors: errors } }
  }

  /** Shares whose symbol or name begins with a text. */
  function suggestions(text: string, most: number): Answer {
    const wanted = decodeURIComponent(text).toUpperCase()
    const isNamed = ({ symbol, description }: Instrument) =>
      symbol.startsWith(wanted) || description.toUpperCase().startsWith(wanted)
    const found = [...world.instruments.values()].filter(isNamed).slice(0, most)
    // The second version spells its type of content like this.
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }
    return { status: 200, body: found.map(suggestionJson), headers }
  }

  function get(user: User, path: string, query: URLSearchParams): Answer {
    const [, first = '', second = '', third = '', fourth = ''] = path.split('/').slice(2).map(decodeURIComponent)
    if (first === 'quotes') return snapshots(second)
    if (first === 'symbols') return details(second)
    if (first === 'symbollists') return { status: 200, body: { SymbolNames: [] } }
    if (first === 'barcharts') {
      const asked = readBarQuery(query, world.now())
      mustBeKnown(second)
      return { status: 200, body: { Bars: bars.shown(second, asked, world.now()) } }
    }
    if (first === 'options' && second === 'expirations') return { status: 200, body: options.expirations(third) }
    if (first === 'options' && second === 'strikes') return { status: 200, body: options.strikes(third, query) }
    if (first === 'options' && second === 'spreadtypes') return { status: 200, body: spreadTypes }
    if (first !== 'stream') throw notFound('Not Found')
    if (second === 'quotes') return streamQuotes(user, third)
    if (second === 'barcharts') return streamBars(user, third, readBarQuery(query, world.now()))
    if (second === 'marketdepth') return streamDepth(user, third, fourth, query)
    if (second === 'options' && third === 'chains') return streamChain(user, fourth, query)
    if (second === 'options' && third === 'quotes') return streamContract(user, query)
    throw notFound('Not Found')
  }

  return {
    serve(user, { method, path, query }) {
      if (method !== 'GET') throw notFound('Not Found')
      const suggested = /^\/v2\/data\/symbols\/suggest\/([^/]+)$/.exec(path)?.[1]
      if (suggested) return suggestions(suggested, Number(query.get('$top') ?? 20))
      const criteria = /^\/v2\/data\/symbols\/search\/([^/]+)$/.exec(path)?.[1]
      if (criteria) return suggestions(new URLSearchParams(decodeURIComponent(criteria)).get('N') ?? '', 100)
      return get(user, path, query)
    },
    moved(symbol) {
      for (const stream of streams.of(symbol)) {
        const known = stream.kind === 'quotes' ? said.get(stream) : undefined
        if (known) {
          const quote = streamedQuote(symbol)
          const before = known.get(symbol)
          known.set(symbol, quote)
          const changed = before ? difference(before, quote) : quote
          if (Object.keys(changed).length > 0) stream.tell({ ...changed, Symbol: symbol })
        } else if (stream.kind !== 'bars') refreshes.get(stream)?.()
      }
    },
    giveBars(symbol, timeframe, given) {
      bars.give(symbol, timeframe, given)
      for (const stream of streams.of(symbol, 'bars')) refreshes.get(stream)?.()
    },
    options,
  }
}

const endless = '100000'
const sizeOf = (level: Level | undefined) => String(level ? (level.size ?? endless) : 0)

/** Each market maker's quote by itself. */
function depthQuotes({ bids, asks, at }: Quote, most: number): Json {
  const shown = (side: string, levels: Level[]) =>
    levels.slice(0, most).map((level) => ({
      TimeStamp: plain(at),
      Side: side,
      Price: String(level.price),
      Size: sizeOf(level),
      OrderCount: 1,
      Name: level.name,
    }))
  return { Bids: shown('Bid', bids), Asks: shown('Ask', asks) }
}

/** The quotes of all market makers at each price. */
function depthAggregates({ bids, asks, at }: Quote, most: number): Json {
  const shown = (side: string, levels: Level[]) => {
    const prices = Map.groupBy(levels, ({ price }) => String(price))
    return [...prices].slice(0, most).map(([price, same]) => {
      const sizes = same.map((level) => new Big(sizeOf(level))).sort((one, other) => one.cmp(other))
      return {
        EarliestTime: plain(at),
        LatestTime: plain(at),
        Side: side,
        Price: price,
        TotalSize: String(sizes.reduce((total, size) => total.plus(size), zero)),
        BiggestSize: String(sizes.at(-1)),
        SmallestSize: String(sizes[0]),
        NumParticipants: same.length,
        TotalOrderCount: same.length,
      }
    })
  }
  return { Bids: shown('Bid', bids), Asks: shown('Ask', asks) }
}

function detailJson({ symbol, description, exchange, increment }: Instrument): Json {
  return {
    AssetType: 'STOCK',
    Country: 'United States',
    Currency: 'USD',
    Description: description,
    Exchange: exchange,
    Symbol: symbol,
    Root: symbol,
    PriceFormat: {
      Format: 'Decimal',
      Decimals: String(increment.split('.')[1]?.length ?? 0),
      IncrementStyle: 'Simple',
      Increment: increment,
      PointValue: '1',
    },
    QuantityFormat: {
      Format: 'Decimal',
      Decimals: '0',
      IncrementStyle: 'Simple',
      Increment: '1',
      MinimumTradeQuantity: '1',
    },
  }
}

const suggestionJson = ({ symbol, description, exchange, increment }: Instrument): Json => ({
  Category: 'Stock',
  Country: 'US',
  Currency: 'USD',
  Description: description,
  DisplayType: 0,
  Exchange: exchange,
  ExchangeID: 0,
  MinMove: Number(increment),
  Name: symbol,
  PointValue: 1,
  Root: symbol,
})

const spreadTypes = { SpreadTypes: [{ Name: 'Single', StrikeInterval: false, ExpirationInterval: false }] }
