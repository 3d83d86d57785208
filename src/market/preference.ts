import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../base/clock.ts'
import { assessed, disagreementIn, type Opinions } from './agreement.ts'
import type { Depth } from './depth.ts'
import { createFailover } from './failover.ts'
import type { MarketLog } from './log.ts'
import type { Bar, BarsRoom, Disagreement, Instrument, Market, Quote } from './market.ts'
import { createSubscribers } from './subscribers.ts'

/** Waits in milliseconds; tests have shorter ones. */
export interface PreferenceTimes {
  /** Between two comparisons of the watched symbols among several sources. */
  compareMs: number
  /** Two sources that differ are looked at once more after this time, before they count as different. */
  secondLookMs: number
  /** A source that takes longer with its opinion has none. */
  opinionMs: number
}

const usualTimes: PreferenceTimes = { compareMs: 10_000, secondLookMs: 500, opinionMs: 1500 }

/**
 * Combines several markets into one. For each symbol the first market with a fresh quote serves it; when none is fresh, the
 * first that has a quote at all, marked stale. A provider that was just away goes behind the others for half a minute. A single
 * market goes through here too: this is where old quotes become stale.
 */
export function inPreference(
  markets: Market[],
  options: { clock: Clock; maxAgeMs: number; log?: MarketLog; times?: PreferenceTimes },
): Market {
  const { clock, maxAgeMs, log, times = usualTimes } = options
  const failover = createFailover()
  const opinions = new Map<string, Opinions>()
  const disagreements = new Map<string, Disagreement>()
  let watched: ReadonlySet<string> = new Set()
  let comparing: NodeJS.Timeout | undefined
  let compared: Promise<void> = Promise.resolve()
  let isClosed = false
  let stops: (() => void)[] = []
  const subscribers = createSubscribers(
    log,
    () => {
      stops = markets.map((market) => market.subscribe((quote) => pass(market, quote)))
    },
    () => {
      for (const stop of stops.splice(0)) stop()
    },
  )

  /** Passes on only the quotes of the market that serves the symbol; otherwise two sources would alternate in one stream. */
  async function pass(market: Market, quote: Quote): Promise<void> {
    if (markets.length === 1) return subscribers.tell(judged(quote, clock, maxAgeMs))
    const serving = await servingQuote(quote.symbol).catch((cause) => {
      log?.warn({ err: cause, symbol: quote.symbol }, 'no source serves a symbol that was pushed')
      return undefined
    })
    if (serving?.market === market) subscribers.tell(serving.quote)
  }

  /** Throws the first error when no market has an answer. */
  async function servingQuote(symbol: string): Promise<{ market: Market; quote: Quote } | undefined> {
    const key = `quote ${symbol.toUpperCase()}`
    const faults: unknown[] = []
    let heldBack: { market: Market; quote: Quote } | undefined
    let stale: { market: Market; quote: Quote } | undefined
    for (const [index, market] of markets.entries()) {
      const found = await market.quote(symbol).catch((cause) => {
        faults.push(cause)
        failover.away(index, key)
        return undefined
      })
      if (!found) continue
      const quote = assess(judged(found, clock, maxAgeMs))
      // A halt is for all sources, whatever the others still show.
      if (quote.isHalted && ageOf(quote, clock) <= maxAgeMs) return { market, quote }
      if (quote.stale) {
        failover.away(index, key)
        stale ??= { market, quote }
      } else if (isProvider(market) && failover.isHeldBack(index, key)) heldBack ??= { market, quote }
      else return { market, quote }
    }
    const best = heldBack ?? stale
    if (!best && faults.length > 0) throw faults[0]
    return best
  }

  function assess(quote: Quote): Quote {
    const known = opinions.get(quote.symbol)
    const isNew = known && clock.now().getTime() - known.at.getTime() <= maxAgeMs
    return assessed(quote, isNew ? known : undefined, disagreements.get(quote.symbol))
  }

  /** Asks all sources at the same time. Late feeds have no opinion on the price of now. */
  async function askAll(symbol: string): Promise<Opinions> {
    const asked = markets.filter((market) => !isLate(market)).map((market) => opinionOf(market, symbol))
    const quotes = (await Promise.all(asked)).filter((quote) => quote !== undefined && !quote.stale) as Quote[]
    return { at: clock.now(), quotes }
  }

  async function opinionOf(market: Market, symbol: string): Promise<Quote | undefined> {
    const over = new AbortController()
    const late = wait(times.opinionMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
    const quote = await Promise.race([market.quote(symbol).catch(() => undefined), late]).finally(() => over.abort())
    return quote && judged(quote, clock, maxAgeMs)
  }

  /** Asks all sources, twice when they differ, and notes the outcome. */
  async function compare(symbol: string): Promise<void> {
    let now = await askAll(symbol)
    let found = disagreementIn(now)
    if (found && !disagreements.has(symbol)) {
      await wait(times.secondLookMs, undefined, { ref: false })
      now = await askAll(symbol)
      found = disagreementIn(now)
    }
    opinions.set(symbol, now)
    // A source that is silent leaves a disagreement as it was.
    if (found) disagreements.set(symbol, { ...found, since: disagreements.get(symbol)?.since ?? found.since })
    else if (now.quotes.length > 1) disagreements.delete(symbol)
  }

  async function compareWatched(): Promise<void> {
    for (const known of [opinions, disagreements]) {
      for (const symbol of known.keys()) if (!watched.has(symbol)) known.delete(symbol)
    }
    await Promise.all([...watched].map(compare))
  }

  function compareLater(): void {
    if (comparing || isClosed || markets.filter((market) => isProvider(market) && !isLate(market)).length < 2) return
    comparing = setTimeout(() => {
      compared = compareWatched()
        .catch((cause) => log?.warn({ err: cause }, 'sources could not be compared'))
        .then(() => {
          comparing = undefined
          if (watched.size > 0) compareLater()
        })
    }, times.compareMs)
    comparing.unref()
  }

  /** The bars of one source, never of two: the first that has some. */
  async function bars(symbol: string, minutes: number, count: number): Promise<Bar[]> {
    const isAllReal = markets.every(isProvider)
    const serving = isAllReal ? undefined : (await servingQuote(symbol))?.market
    // The bars of another market would not fit the quote's prices, unless both are of the real one.
    if (!isAllReal && !(serving && isProvider(serving))) return serving?.bars(symbol, minutes, count) ?? []
    const found = await askInTurn(
      `bars ${symbol.toUpperCase()} ${minutes}`,
      markets.filter(isProvider),
      async (market) => {
        const some = await market.bars(symbol, minutes, count)
        return some.length > 0 ? some : undefined
      },
    )
    return found ?? []
  }

  /** Asks the sources for something that only some of them have, those that were away last. Undefined: none of them knows it. */
  async function askInTurn<Answer>(
    wanted: string,
    among: Market[],
    ask: (market: Market) => Promise<Answer | undefined>,
  ) {
    const all = among.map((market) => [markets.indexOf(market), market] as const)
    const isBack = ([index]: readonly [number, Market]) => failover.isHeldBack(index, wanted)
    const faults: unknown[] = []
    for (const [index, market] of [...all.filter((one) => !isBack(one)), ...all.filter(isBack)]) {
      try {
        const found = await ask(market)
        if (found !== undefined) return found
      } catch (cause) {
        if (cause instanceof RangeError) throw cause
        faults.push(cause)
        failover.away(index, wanted)
      }
    }
    if (faults.length > 0 && faults.length === all.length) throw faults[0]
    return undefined
  }

  const withDepth = markets.filter((market) => market.depth)
  const depth = (symbol: string, levels: number): Promise<Depth | undefined> =>
    askInTurn(`depth ${symbol.toUpperCase()}`, withDepth, (market) => market.depth!(symbol, levels))

  const optionSource = markets.find((market) => market.options)?.options

  const short = markets.flatMap(({ barsRoom }) => barsRoom ?? [])

  /** The bars that no source has kept, and those that all together may be asked for. */
  async function barsRoom(symbols: string[]): Promise<BarsRoom> {
    const rooms = await Promise.all(short.map((room) => room(symbols)))
    const missing = symbols.filter((symbol) => rooms.every((room) => room.missing.includes(symbol)))
    return { missing, fits: rooms.reduce((all, { fits }) => all + fits, 0) }
  }

  return {
    name: markets.map(({ name }) => name).join(','),
    instruments: listsOf(markets),
    instrument(symbol) {
      for (const market of markets) {
        const instrument = market.instrument(symbol)
        if (instrument) return instrument
      }
      return undefined
    },
    async lookUp(symbol) {
      for (const market of markets) {
        const found = market.instrument(symbol) ?? (await market.lookUp?.(symbol))
        if (found) return found
      }
      return undefined
    },
    quote: async (symbol) => (await servingQuote(symbol))?.quote,
    bars,
    ...(withDepth.length > 0 && { depth }),
    ...(optionSource && { options: optionSource }),
    barsAtOnce: markets[0]?.barsAtOnce,
    ...(short.length === markets.length && { barsRoom }),
    hasOnlyOutside: (symbol) => markets.some((market) => market.hasOnlyOutside?.(symbol)),
    async confirmed(symbol) {
      if (markets.length > 1) await compare(symbol.toUpperCase())
      return (await servingQuote(symbol))?.quote
    },
    watch(symbols) {
      watched = new Set(symbols)
      for (const market of markets) market.watch?.(watched)
      compareLater()
    },
    newsSources: () => markets.flatMap((market) => market.newsSources?.() ?? []),
    providers: () => markets.flatMap((market) => market.providers?.() ?? []),
    disagreements: () => [...disagreements.values()],
    subscribe: (onQuote) => subscribers.add(onQuote),
    replays: () => markets.flatMap((market) => market.replays?.() ?? []),
    async close() {
      isClosed = true
      clearTimeout(comparing)
      subscribers.clear()
      await compared
      await Promise.all(markets.map((market) => market.close()))
    },
  }
}

/** A source of real prices over the network. */
const isProvider = (market: Market) => market.providers !== undefined

/** A source that is late by its own word. */
const isLate = (market: Market) => market.providers?.().some(({ delayMs = 0 }) => delayMs > 0) ?? false

/** The instruments of all markets, joined again only when a market has another list. */
function listsOf(markets: Market[]): () => Instrument[] {
  let lists: Instrument[][] = []
  let joined: Instrument[] = []
  return () => {
    const now = markets.map((market) => market.instruments())
    if (now.length === 1) return now[0]!
    if (now.some((list, index) => list !== lists[index])) {
      const bySymbol = new Map<string, Instrument>()
      for (const instrument of now.flat()) {
        if (!bySymbol.has(instrument.symbol)) bySymbol.set(instrument.symbol, instrument)
      }
      lists = now
      joined = [...bySymbol.values()]
    }
    return joined
  }
}

const ageOf = (quote: Quote, clock: Clock) => clock.now().getTime() - quote.at.getTime()

/** The quote, marked stale when it is older than the limit; a reason from its market stays. */
function judged(quote: Quote, clock: Clock, maxAgeMs: number): Quote {
  if (quote.stale) return quote
  const age = ageOf(quote, clock)
  if (age <= maxAgeMs) return quote
  return { ...quote, stale: `the quote is ${spoken(age)} old (limit ${spoken(maxAgeMs)})` }
}

function spoken(ms: number): string {
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`
  return `${Math.round(ms / 86_400_000)} days`
}
