import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import { slices } from '../../../base/slices.ts'
import { together } from '../../../base/together.ts'
import { keptBars } from '../../bars/kept-bars.ts'
import { sessionAt } from '../../calendar.ts'
import type { Instrument, Market, Quote } from '../../market.ts'
import { createSubscribers } from '../../subscribers.ts'
import { createBudget } from '../budget.ts'
import type { AlpacaSettings, FeedOptions } from '../feed-options.ts'
import { NoData } from '../shared/no-data.ts'
import { type Asset, askAsset, assetsForMs, readAssets } from './assets.ts'
import { alpacaBars, barsAtOnce } from './bars.ts'
import { createDataClient } from './client.ts'
import {
  type DataStream,
  type Frame,
  freeSymbols,
  openDataStream,
  type StreamTimes,
  streamTimes,
} from './data-stream.ts'
import { createHealth } from './health.ts'
import { createInterest } from './interest.ts'
import {
  fitting,
  snapshotPayload,
  streamedCorrection,
  streamedQuote,
  streamedStatus,
  streamedTrade,
} from './payloads.ts'
import { delayMs, type Prices, quoteOf, withCorrection, withQuote, withStatus, withTrade } from './prices.ts'

/** Waits in milliseconds; tests have shorter ones. */
export interface AlpacaTimes {
  /** Between two polls of the symbols that are not streamed. A polled price of this age is not asked for again. */
  pollMs: number
  stream: StreamTimes
}

const usualTimes: AlpacaTimes = { pollMs: 4000, stream: streamTimes }
/** The requests that the provider allows in a minute, until it says another number. */
const requests = { of: 200, perMs: 60_000 }
/** The symbols of one request. */
const mostSymbols = 200
/** A list that could not be read anew is tried again after this time, in milliseconds. */
const listAgainMs = 3_600_000
const [cent, hundredth] = [new Big('0.01'), new Big('0.0001')]

/** A symbol as far as this process knows it. */
interface Known {
  prices: Prices
  /** The last time at which the provider was asked for it and answered, in milliseconds of the monotonic clock. */
  polledAt: number
  /** The stream brings all that happened since the last answer. */
  isStreamed: boolean
}

/**
 * Alpaca's prices of US shares. Symbols that are watched, or were asked for within two minutes, come by the stream where this
 * process has the key's one connection, and are polled otherwise. Throws `MarketError` when there is no list of shares.
 */
export async function openAlpacaMarket(
  options: FeedOptions & { settings: AlpacaSettings; times?: AlpacaTimes },
): Promise<Market> {
  const { db, clock, log, settings, times = usualTimes } = options
  const { feed, keyId, secret } = settings
  const now = () => clock.now()
  const budget = createBudget(requests.of, requests.perMs)
  const health = createHealth(now)
  const streamHealth = createHealth(now)
  const client = createDataClient({ keyId, secret, budget, health })
  const known = new Map<string, Known>()
  const interest = createInterest()
  const subscribers = createSubscribers(log)
  const bars = keptBars(db, alpacaBars({ client, dataApi: settings.dataApi, feed, now }), { clock, log })
  let stream: DataStream | undefined
  let isClosed = false

  let bySymbol = new Map<string, Asset>()
  let instruments: Instrument[] = []
  let listedAt = new Date(0)
  async function list(): Promise<void> {
    const { assets, readAt, fault } = await readAssets(db, client, settings, now())
    if (fault) log?.warn({ err: fault }, 'the list of shares is the one of before')
    bySymbol = new Map(assets.map((asset) => [asset.symbol, asset]))
    instruments = assets.map(instrumentOf)
    byInstrument = new Map(instruments.map((one) => [one.symbol, one]))
    listedAt = readAt
    interest.watch(ofList(watched))
  }
  const instrumentOf = ({ symbol, name }: Asset): Instrument => ({
    symbol,
    name,
    lot: new Big(1),
    // A share under a dollar is quoted in hundredths of a cent (SEC Rule 612).
    get tick() {
      return known.get(symbol)?.prices.last?.lt(1) ? hundredth : cent
    },
  })
  /** All symbols that are to be watched, also those that the list does not have yet. */
  let watched: ReadonlySet<string> = new Set()
  const ofList = (symbols: Iterable<string>) => [...symbols].filter((symbol) => bySymbol.has(symbol))

  /** A share may be listed, or have taken another symbol, since the list was read. */
  async function lookUp(asked: string): Promise<Instrument | undefined> {
    const symbol = asked.toUpperCase()
    const before = byInstrument.get(symbol)
    if (before) return before
    const asset = await askAsset(client, settings, symbol)
    if (!asset) return undefined
    const instrument = byInstrument.get(symbol) ?? instrumentOf(asset)
    if (!byInstrument.has(symbol)) instruments = [...instruments, instrument]
    bySymbol.set(symbol, asset)
    byInstrument.set(symbol, instrument)
    interest.watch(ofList(watched))
    return instrument
  }
  let byInstrument = new Map<string, Instrument>()
  await list()

  function knownOf(symbol: string): Known {
    let one = known.get(symbol)
    if (!one) {
      one = { prices: {}, polledAt: Number.NEGATIVE_INFINITY, isStreamed: false }
      known.set(symbol, one)
    }
    return one
  }

  /** The last moment at which the provider confirmed a price, on the monotonic clock. */
  const confirmedAt = (symbol: string, { polledAt, isStreamed }: Known) =>
    isStreamed && stream?.has(symbol) ? Math.max(polledAt, stream.aliveAt()) : polledAt

  function quoteNow(symbol: string): Quote | undefined {
    const one = known.get(symbol)
    if (!one || one.polledAt === Number.NEGATIVE_INFINITY) return undefined
    const ageMs = performance.now() - confirmedAt(symbol, one)
    const at = now()
    return quoteOf(symbol, one.prices, {
      feed,
      confirmedAt: new Date(at.getTime() - Math.max(0, Math.round(ageMs))),
      isOpen: sessionAt(at) !== undefined,
    })
  }

  /** Asks for the prices of symbols; all of them count as confirmed, also those that the provider left out. */
  async function poll(symbols: string[]): Promise<void> {
    for (const some of slices(symbols, mostSymbols)) await pollSome(some)
  }

  /** One request. A symbol that the provider refuses is looked for by halves, so that the others have their prices. */
  async function pollSome(some: string[]): Promise<void> {
    const streamed = new Set(some.filter((symbol) => stream?.has(symbol)))
    let answer: Record<string, unknown>
    try {
      answer = await client.get(
        `${settings.dataApi}/v2/stocks/snapshots`,
        { symbols: some.join(','), feed },
        z.record(z.string(), z.unknown()),
        'urgent',
      )
    } catch (cause) {
      const isOfSymbols = cause instanceof NoData && (cause.status === 400 || cause.status === 422)
      if (!isOfSymbols || some.length === 1) throw cause
      const half = Math.ceil(some.length / 2)
      const halves = await Promise.allSettled([pollSome(some.slice(0, half)), pollSome(some.slice(half))])
      if (halves.every(({ status }) => status === 'rejected')) throw cause
      return
    }
    const at = performance.now()
    for (const symbol of some) {
      const one = knownOf(symbol)
      const [snapshot] = fitting([answer[symbol]], snapshotPayload)
      let { prices } = one
      if (snapshot?.latestTrade) prices = withTrade(prices, snapshot.latestTrade)
      if (snapshot?.latestQuote) prices = withQuote(prices, snapshot.latestQuote)
      one.polledAt = at
      one.isStreamed = streamed.has(symbol)
      take(symbol, one, prices)
    }
  }

  function take(symbol: string, one: Known, prices: Prices): void {
    if (prices === one.prices) return
    one.prices = prices
    if (subscribers.size() === 0) return
    const quote = quoteNow(symbol)
    if (quote) subscribers.tell(quote)
  }

  function heard(frames: Frame[]): void {
    const changed = new Map<string, Prices>()
    const of = (symbol: string) => changed.get(symbol) ?? knownOf(symbol).prices
    for (const frame of frames) {
      if (frame.T === 't')
        for (const one of fitting([frame], streamedTrade)) changed.set(one.S, withTrade(of(one.S), one))
      if (frame.T === 'q')
        for (const one of fitting([frame], streamedQuote)) changed.set(one.S, withQuote(of(one.S), one))
      if (frame.T === 's')
        for (const one of fitting([frame], streamedStatus)) changed.set(one.S, withStatus(of(one.S), one))
      if (frame.T === 'c' || frame.T === 'x')
        for (const one of fitting([frame], streamedCorrection))
          changed.set(one.S, withCorrection(of(one.S), one.op ?? one.p, one.cp))
    }
    for (const [symbol, prices] of changed) {
      const one = knownOf(symbol)
      // A price before the first answer would lack its other half.
      if (one.polledAt === Number.NEGATIVE_INFINITY) one.prices = prices
      else take(symbol, one, prices)
    }
  }

  /** One request for all symbols that are asked for at the same time. */
  const askTogether = together(
    async (symbols: string[]) => {
      await poll([...new Set(symbols)])
      return symbols.map(() => true)
    },
    { most: mostSymbols },
  )

  let isPolling = false
  async function pollWhatIsDue(): Promise<void> {
    if (isPolling || isClosed) return
    isPolling = true
    try {
      const { streamed, polled } = interest.plan(stream?.limit() ?? 0)
      stream?.want(streamed)
      const due = [...streamed].filter((symbol) => !(known.get(symbol)?.isStreamed && stream?.has(symbol)))
      await poll([...due, ...polled])
    } catch {
      // Noted by the client; the prices age until the next poll.
    } finally {
      isPolling = false
    }
  }

  let listing: Promise<void> = Promise.resolve()
  function listAnew(): void {
    if (now().getTime() - listedAt.getTime() <= assetsForMs) return
    // Not before an hour, whatever comes of it.
    listedAt = new Date(now().getTime() - assetsForMs + listAgainMs)
    listing = list().catch((cause) => log?.warn({ err: cause }, 'the list of shares could not be read anew'))
  }
  let working: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    working = working.then(pollWhatIsDue)
    listAnew()
  }, times.pollMs)
  timer.unref()

  return {
    name: 'alpaca',
    instruments: () => instruments,
    instrument: (symbol) => byInstrument.get(symbol.toUpperCase()),
    lookUp,
    async quote(asked) {
      const symbol = bySymbol.get(asked.toUpperCase())?.symbol
      if (!symbol) return undefined
      interest.asked(symbol)
      const one = known.get(symbol)
      if (one && performance.now() - confirmedAt(symbol, one) <= times.pollMs * 1.5) return quoteNow(symbol)
      try {
        await askTogether(symbol)
      } catch (cause) {
        const old = quoteNow(symbol)
        // An old quote tells its age; the first one has none.
        if (!old) throw cause
        return old
      }
      return quoteNow(symbol)
    },
    barsAtOnce,
    hasOnlyOutside: bars.isOutside,
    bars: async (symbol, minutes, count) => (bySymbol.has(symbol.toUpperCase()) ? bars(symbol, minutes, count) : []),
    subscribe: (onQuote) => subscribers.add(onQuote),
    watch(symbols) {
      watched = new Set(symbols)
      interest.watch(ofList(watched))
      // The key's one connection belongs to a process that watches positions.
      stream ??= openDataStream({
        url: `${settings.dataStream}/v2/${feed}`,
        keyId,
        secret,
        most: feed === 'sip' ? Number.POSITIVE_INFINITY : freeSymbols,
        times: times.stream,
        health: streamHealth,
        log,
        onFrames: heard,
        onSubscribed: (fresh) => {
          for (const symbol of fresh) knownOf(symbol).isStreamed = false
          working = working.then(pollWhatIsDue)
        },
      })
      working = working.then(pollWhatIsDue)
    },
    providers: () => [
      { name: 'alpaca', feed, ...(feed === 'delayed_sip' && { delayMs }), ...health.status(), budget: budget.state() },
      ...(stream
        ? [{ name: 'alpaca stream', feed, ...(feed === 'delayed_sip' && { delayMs }), ...streamHealth.status() }]
        : []),
    ],
    async close() {
      isClosed = true
      clearInterval(timer)
      stream?.close()
      subscribers.clear()
      await Promise.all([working, listing])
    },
  }
}
