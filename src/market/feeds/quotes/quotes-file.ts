import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Big from 'big.js'
import type { Clock } from '../../../base/clock.ts'
import { checkBars } from '../../bars.ts'
import type { MarketLog } from '../../log.ts'
import type { Instrument, Market, Quote } from '../../market.ts'
import { MarketError } from '../../spec.ts'
import { createSubscribers } from '../../subscribers.ts'
import { type Content, readContent } from './quotes-content.ts'
import { type QuoteRow, type QuoteRows, readQuotes } from './quotes-csv.ts'

/** Real milliseconds between two looks at the file: notifications of the file system miss renames and network drives. */
const lookEvery = 150

/** The last good row of a symbol. */
interface Held {
  row: QuoteRow
  instrument: Instrument
  /** Set while the row is bad or missing: the last moment at which the file confirmed it. */
  stoodUntil?: Date
}

/**
 * A file of quotes as a market, without bars. A row is current as long as the file can be read and contains it. A row that
 * turns bad or goes missing keeps its last good price, which ages. Throws `MarketError` when the file cannot be used.
 */
export async function openQuotesFile(options: { file: string; clock: Clock; log?: MarketLog }): Promise<Market> {
  const { file, clock, log } = options
  const name = `quotes:${path.basename(file)}`
  const held = new Map<string, Held>()
  const subscribers = createSubscribers(log)
  let readableAt = clock.now()
  let seen: Content | undefined
  let faults: string[] = []

  function quoteOf({ row, stoodUntil }: Held): Quote {
    const now = clock.now()
    const time = row.time && row.time < now ? row.time : row.time && now
    const { symbol, bid, ask, last } = row
    return { symbol, bid, ask, last, at: time ?? stoodUntil ?? readableAt, source: name }
  }

  function take(read: QuoteRows): void {
    for (const row of read.rows.values()) {
      const before = held.get(row.symbol)
      const now = { row, instrument: instrumentOf(row, before?.instrument) }
      held.set(row.symbol, now)
      if (!before || before.stoodUntil || !sameQuote(before.row, row)) subscribers.tell(quoteOf(now))
    }
  }

  /** Lets the rows that are no longer in the file age from the moment at which it last confirmed them. */
  function letAge(read: QuoteRows): string[] {
    const gone: string[] = []
    for (const [symbol, each] of held) {
      if (read.rows.has(symbol)) continue
      each.stoodUntil ??= readableAt
      gone.push(symbol)
    }
    return read.faults.length === 0 && gone.length > 0 ? [`no row for ${gone.join(', ')}`] : read.faults
  }

  async function look(): Promise<void> {
    const content = await readContent(file, seen)
    if (content !== seen) {
      const read = readQuotes(content.text, clock.now())
      faults = letAge(read)
      readableAt = clock.now()
      take(read)
      seen = content
    }
    readableAt = clock.now()
  }

  try {
    await look()
    // The file was written a moment ago and its last line has no end: wait for that row rather than begin without it.
    while (seen?.cut) {
      await wait(lookEvery)
      await look()
    }
  } catch (cause) {
    throw new MarketError(`MARKET=quotes: ${reasonOf(cause, file)}`, { cause })
  }

  const report = createReport(log, file)
  let closed = false
  let timer: NodeJS.Timeout
  let looking: Promise<void> = Promise.resolve()
  function lookAgainLater(): void {
    timer = setTimeout(() => {
      looking = look()
        .then(() => report(faults.join('; ')))
        .catch((error) => {
          // The previous content no longer counts: the next readable content is taken, even if it is the same.
          seen = undefined
          report(reasonOf(error, file))
        })
        .then(() => {
          if (!closed) lookAgainLater()
        })
    }, lookEvery).unref()
  }
  lookAgainLater()

  return {
    name,
    instruments: () => [...held.values()].map(({ instrument }) => instrument),
    instrument: (symbol) => held.get(symbol.toUpperCase())?.instrument,
    quote: async (symbol) => {
      const found = held.get(symbol.toUpperCase())
      return found && quoteOf(found)
    },
    bars: async (_symbol, minutes, count) => {
      checkBars(minutes, count)
      return []
    },
    subscribe: (onQuote) => subscribers.add(onQuote),
    async close() {
      closed = true
      clearTimeout(timer)
      subscribers.clear()
      await looking
    },
  }
}

/** Logs a problem once, when two looks in a row find it: a file that is just being written recovers by itself. */
function createReport(log: MarketLog | undefined, file: string): (trouble: string) => void {
  let previous = ''
  let told = ''
  return (trouble) => {
    if (trouble === previous && trouble !== told) {
      told = trouble
      if (trouble) log?.warn({ file, trouble }, 'quotes: not everything in the file can be used')
      else log?.info({ file }, 'quotes: the whole file can be used again')
    }
    previous = trouble
  }
}

function reasonOf(error: unknown, file: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `there is no file ${path.resolve(file)}`
  if (code === 'EACCES') return `${path.resolve(file)} may not be read`
  return `${path.resolve(file)} cannot be used: ${message}`
}

/** The tick is a cent, or finer when the file has ever had finer prices of the symbol. */
function instrumentOf({ symbol, decimals }: QuoteRow, before: Instrument | undefined): Instrument {
  const tick = new Big(10).pow(-Math.max(2, decimals))
  if (before?.tick.lte(tick)) return before
  return { symbol, name: symbol, lot: new Big(1), tick }
}

function sameQuote(one: QuoteRow, other: QuoteRow): boolean {
  return (
    one.bid.eq(other.bid) &&
    one.ask.eq(other.ask) &&
    one.last.eq(other.last) &&
    one.time?.getTime() === other.time?.getTime()
  )
}
