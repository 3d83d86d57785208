import type { Market, Quote } from '../../market/market.ts'
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
 * Checks open orders against the market's quotes as they come and as parts are due, and announces the fills. Any number of
 * processes may do so; the book lets each part be filled once. Only a current price fills: prices that passed while nothing
 * was running do not count. Returns a function that stops it.
 */
export function startMatching({ book, market, filler, endOverdue, tell, tellEnds, failed }: MatchingParts): () => void {
  const newest = new Map<string, Quote>()
  let isLooking = false
  let isOver = false

  async function look(): Promise<void> {
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

  async function lookWhileThereAreQuotes(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      while (newest.size > 0 && !isOver) {
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

  /** Checks the current prices of these symbols. */
  async function lookAt(symbols: string[]): Promise<void> {
    for (const symbol of symbols) take(await market.quote(symbol))
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
  const timer = setInterval(unlessOver(lookAround), lookAroundMs)
  book.agenda.onDue(unlessOver(lookAtDue))
  unlessOver(lookAround)()
  return () => {
    isOver = true
    unsubscribe()
    clearInterval(timer)
    book.agenda.onDue(undefined)
  }
}
