import type { Market, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { OrderEvent } from '../venue.ts'
import type { PaperBook } from './book.ts'
import type { Filler } from './filler.ts'

/** The least milliseconds between two looks into the book, however fast prices come; each look uses the newest prices. */
const restMs = 10
/** Milliseconds between two searches for orders of other processes; each also checks all orders against current prices. */
const lookAroundMs = 1000

/** The parts that fill and end the open orders of the paper venue. */
export interface MatchingParts {
  book: PaperBook
  market: Market
  filler: Filler
  /** Ends the orders whose time is over, and announces their ends. */
  endOverdue(): Promise<void>
  tell(event: OrderEvent): void
  /** Announces how these orders ended. */
  tellEnds(clientOrderIds: string[]): Promise<void>
  failed(cause: unknown): void
}

/**
 * Checks open orders against the market's quotes as they come and as parts are due, and announces the fills. Guarded marks
 * trigger the orders with a stop, so that one bad print triggers none. Any number of
 * processes may do so; the book lets each part be filled once. Only a current price fills: prices that passed while nothing
 * was running do not count. Returns a function that stops it.
 */
export function startMatching({ book, market, filler, endOverdue, tell, tellEnds, failed }: MatchingParts): () => void {
  const newest = new Map<string, Quote>()
  const marks = marksOf(market)
  /** The newest marks of symbols in which orders wait for their stop. */
  const newestMarks = new Map<string, Quote>()
  let isLooking = false
  let isOver = false

  async function look(): Promise<void> {
    await trigger()
    const quotes = new Map(newest)
    newest.clear()
    const reached = await book.reached([...quotes.values()])
    if (reached.length === 0) return
    const fills = await book.fill(
      await Promise.all(reached.map((order) => filler.next(order, quotes.get(order.symbol)!))),
    )
    for (const { fill } of fills) tell({ kind: 'fill', fill })
    await tellEnds(fills.flatMap(({ fill, isLast }) => (isLast ? fill.clientOrderId : [])))
  }

  /** Triggers stops at the newest marks, and takes the quotes at which the triggered orders can be filled now. */
  async function trigger(): Promise<void> {
    if (newestMarks.size === 0) return
    const prices = [...newestMarks.values()].map(({ symbol, last }) => ({ symbol, price: last }))
    newestMarks.clear()
    for (const symbol of await book.trigger(prices)) {
      const quote = newest.get(symbol) ?? (await market.quote(symbol))
      if (quote && !quote.stale) newest.set(symbol, quote)
    }
  }

  async function lookWhileThereAreQuotes(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      while (newest.size + newestMarks.size > 0 && !isOver) {
        await look().catch(failed)
        await new Promise((resolve) => setTimeout(resolve, restMs))
      }
    } finally {
      isLooking = false
    }
  }

  function take(quote: Quote | undefined): void {
    if (!quote || quote.stale || isOver || !book.agenda.has(quote.symbol)) return
    newest.set(quote.symbol, quote)
    void lookWhileThereAreQuotes()
  }

  function takeMark(mark: Quote | undefined): void {
    if (!mark || mark.stale || isOver || !book.hasStops(mark.symbol)) return
    newestMarks.set(mark.symbol, mark)
    void lookWhileThereAreQuotes()
  }

  /** Checks the current prices of these symbols. */
  async function lookAt(symbols: string[]): Promise<void> {
    for (const symbol of symbols) take(await market.quote(symbol))
    for (const symbol of book.symbolsWithStops()) takeMark(await marks.now(symbol))
  }

  async function lookAround(): Promise<void> {
    await book.lookAround()
    if (book.agenda.takeDue().length > 0) await endOverdue()
    await lookAt(book.agenda.symbols())
  }

  async function lookAtDue(): Promise<void> {
    const symbols = book.agenda.takeDue()
    if (symbols.length === 0) return
    await endOverdue()
    await lookAt(symbols)
  }

  const unlessOver = (work: () => Promise<void>) => () =>
    void work().catch((cause) => {
      if (!isOver) failed(cause)
    })
  const unsubscribe = market.subscribe(take)
  const unmark = marks.subscribe(takeMark)
  const timer = setInterval(unlessOver(lookAround), lookAroundMs)
  book.agenda.onDue(unlessOver(lookAtDue))
  unlessOver(lookAround)()
  return () => {
    isOver = true
    unsubscribe()
    unmark()
    clearInterval(timer)
    book.agenda.onDue(undefined)
  }
}
