import type { Columns } from '../../strategies/screeners/strategy.ts'
import { type Account, bookFill } from './account.ts'
import { applyActions } from './actions.ts'
import { type Book, type Dividend, type Split, setLevels } from './book.ts'
import { type Costs, free, interestDays } from './costs.ts'
import { type Bar, limitFill, type Sign, slipped, stopFill } from './fill-rule.ts'
import type { Gate, Refused } from './gate.ts'
import type { BacktestStrategy, Heard, Wish } from './port.ts'
import { touchedLevel } from './protection.ts'
import { timelineOf } from './timeline.ts'
import type { ExitReason, Trade } from './trade.ts'
import { traderOf } from './trader.ts'

/** A symbol of a run. Its bars end with the run; earlier ones than the first day feed the strategy's series. */
export interface Traded {
  symbol: string
  bars: Columns
  splits?: readonly Split[]
  dividends?: readonly Dividend[]
}

/** A run of a strategy over the bars of one or more symbols. */
export interface Backtest<Parameters = Record<string, unknown>> {
  strategy: BacktestStrategy<Parameters>
  parameters: Parameters
  symbols: readonly Traded[]
  /** Bars of SPY, for a strategy that reads them. */
  market?: Columns
  /** Dollars at the start. */
  cash: number
  costs?: Costs
  /** The share of the equity that an order without a size takes; by default an equal part for every symbol. */
  share?: number
  /** The first day of the run; without it the first bar. */
  from?: string
  /** The checks before an order that opens, as the desk has them; without it only the cash limits. */
  gate?: Gate
  /**
   * The end of the last bar. `close`: its open is the last price, at which all positions are closed, because a decision after its
   * close could not be carried out. `leave`: it is a bar like any other, for the checks.
   */
  atEnd?: 'close' | 'leave'
  /** Hears every wish of the strategy, for the checks. */
  hear?(wish: Heard): void
}

/** All that a run did. */
export interface Outcome {
  days: string[]
  /** Days since 1970, and dollars at the end of each day. */
  dayNumbers: Int32Array
  equity: Float64Array
  trades: Trade[]
  /** Orders that a check refused, by its code. */
  refused: Refused[]
  /** Dollars of commission, and of interest on borrowed shares. */
  fees: number
  borrowed: number
  /** Bars of symbols that were played. */
  barEvents: number
  /** The day on which nothing was left; the run ends there. */
  ruinedOn?: string
  /** The place on the timeline of the first decision of any symbol; the number of days when there was none. */
  firstDecision: number
}

/**
 * Plays recorded bars one after the other. Decisions after a close are carried out from the next bar on: exits at the open go
 * first, over all symbols, then orders, then stops and targets. Pure: the same arguments give the same outcome, bit for bit.
 */
export function simulate<Parameters>(test: Backtest<Parameters>): Outcome {
  const { symbols, cash, costs = free, share = 1 / symbols.length, from, gate, atEnd = 'close', hear } = test
  const timeline = timelineOf(
    symbols.map(({ bars }) => bars),
    from,
  )
  const { days, numbers, barAt } = timeline
  const account: Account = { cash, trades: [], realized: 0, fees: 0, borrowed: 0 }
  const now = { at: 0, equity: cash, marked: cash }
  const books = symbols.map((traded) => bookOf(test, traded, now, (wish) => hear?.({ day: days[now.at]!, ...wish })))
  const equity = new Float64Array(days.length)
  const refused: Refused[] = []
  const bar: Bar = { open: 0, high: 0, low: 0, close: 0 }
  let [barEvents, firstDecision] = [0, days.length]
  let ruinedOn: string | undefined

  /** Equity at the last closes, and what positions take of it, since the open of a day; undefined until it is asked for. */
  let standing: { equity: number; taken: number } | undefined

  const fill = (book: Book, units: number, price: number, reason: ExitReason) => {
    const [money, held] = [account.cash, book.quantity]
    bookFill(account, book, { units, price, at: now.at, reason }, costs, days)
    if (!standing) return
    standing.equity += account.cash - money + (book.quantity - held) * book.mark
    standing.taken += (Math.abs(book.quantity) - Math.abs(held)) * book.mark
  }

  const barOf = ({ bars }: Book, place: number): Bar => {
    bar.open = bars.open[place]!
    bar.high = bars.high[place]!
    bar.low = bars.low[place]!
    bar.close = bars.close[place]!
    return bar
  }

  /** At the market: half a spread and slippage against whoever trades. */
  const atMarket = (sign: Sign, price: number) => slipped(sign, price, costs.halfSpread + costs.slippage)

  for (let at = 0; at < days.length; at++) {
    now.at = at
    if (at > 0 && costs.borrow > 0) payBorrow(numbers[at]! - numbers[at - 1]!)
    for (let nth = 0; nth < books.length; nth++) {
      const book = books[nth]!
      const place = barAt[nth]![at]!
      if (place < 0) continue
      const open = book.bars.open[place]!
      if (book.actions) applyActions(account, book, days[at]!, open)
      if (book.quantity !== 0) exitAtOpen(book, open, atEnd === 'close' && place === book.bars.days.length - 1)
    }
    standing = undefined
    for (let nth = 0; nth < books.length; nth++) {
      const book = books[nth]!
      const place = barAt[nth]![at]!
      if (place < 0) continue
      barEvents++
      book.isClosing = false
      if (atEnd === 'close' && place === book.bars.days.length - 1) book.orders.length = 0
      if (book.orders.length > 0) fillOrders(book, barOf(book, place), true)
    }
    for (let nth = 0; nth < books.length; nth++) {
      const book = books[nth]!
      const place = barAt[nth]![at]!
      book.enteredWithin = place >= 0 && book.orders.length > 0 && fillOrders(book, barOf(book, place), false)
    }
    // No order of a symbol is paid with the money of a stop that another one left by on the same bar.
    for (let nth = 0; nth < books.length; nth++) {
      const book = books[nth]!
      const place = barAt[nth]![at]!
      if (place < 0) continue
      if (book.quantity !== 0) leaveByLevel(book, barOf(book, place), book.enteredWithin)
      book.mark = book.bars.close[place]!
    }
    let worth = account.cash
    for (const book of books) if (book.quantity !== 0) worth += book.quantity * book.mark
    equity[at] = now.equity = worth
    if (worth <= 0) {
      end(at)
      break
    }
    for (let nth = 0; nth < books.length; nth++) {
      const book = books[nth]!
      const place = barAt[nth]![at]!
      if (place < book.prepared.warmup || (atEnd === 'close' && place === book.bars.days.length - 1)) continue
      if (firstDecision > at) firstDecision = at
      book.prepared.decide(place, book.trader)
    }
  }
  const { trades, fees, borrowed } = account
  return {
    ...{ days, dayNumbers: numbers, equity, trades, refused, fees, borrowed, barEvents, firstDecision },
    ...(ruinedOn !== undefined && { ruinedOn }),
  }

  function payBorrow(passed: number): void {
    for (const { quantity, mark } of books) {
      if (quantity >= 0) continue
      const interest = (-quantity * mark * costs.borrow * passed) / interestDays
      account.cash -= interest
      account.borrowed += interest
    }
  }

  function exitAtOpen(book: Book, open: number, isLast: boolean): void {
    const exit: Sign = book.quantity > 0 ? -1 : 1
    const price = atMarket(exit, open)
    if (isLast || book.isClosing) fill(book, -book.quantity, price, isLast ? 'end' : 'strategy')
    else if (book.chunks.length > 0)
      fill(book, exit * Math.min(book.chunks.pop()!, Math.abs(book.quantity)), price, 'chunk')
  }

  /** Fills what the bar reaches, at its open or after it. Tells whether a position was entered after the open. */
  function fillOrders(book: Book, on: Bar, atOpen: boolean): boolean {
    let isWithin = false
    book.orders = book.orders.filter((wish) => {
      const reached = priceOf(wish, on)
      if (!reached || reached.atOpen !== atOpen) return true
      const before = book.quantity
      const units = unitsOf(book, wish, reached.price)
      if (units === 0) return false
      fill(book, units, reached.price, 'strategy')
      const isOpened = Math.abs(book.quantity) > Math.abs(before) || book.quantity * before < 0
      if (isOpened && wish.levels) setLevels(book, wish.levels, reached.price)
      isWithin ||= isOpened && !reached.atOpen
      return false
    })
    return isWithin
  }

  function priceOf({ side, limit, stop }: Wish, on: Bar): { price: number; atOpen: boolean } | undefined {
    const sign: Sign = side === 'buy' ? 1 : -1
    if (limit !== undefined) return limitFill(sign, limit, on)
    if (stop === undefined) return { price: atMarket(sign, on.open), atOpen: true }
    const fill = stopFill(sign, stop, on)
    return (
      fill && { ...fill, price: fill.atOpen ? atMarket(sign, fill.price) : slipped(sign, fill.price, costs.slippage) }
    )
  }

  /** The signed units of an order at a price; zero when there is nothing to pay it with, or a check refuses it. */
  function unitsOf(book: Book, wish: Wish, price: number): number {
    const sign = wish.side === 'buy' ? 1 : -1
    const held = sign * book.quantity < 0 ? Math.abs(book.quantity) : 0
    const each = price * (1 + costs.commission)
    const worth = worthNow()
    const most = (dollars: number) => Math.max(0, Math.floor((dollars - costs.perFill) / each + roundingSlack))
    const wanted = wish.quantity ?? held + most(worth.equity * (wish.share ?? share))
    // An order that closes needs no cash.
    const opens = Math.min(Math.max(0, wanted - held), most(worth.free + held * price))
    const closes = Math.min(wanted, held)
    if (wanted > held && opens === 0) refused.push({ day: days[now.at]!, symbol: book.symbol, code: 'NOT_ENOUGH_CASH' })
    const verdict =
      opens > 0 && gate ? gate({ books, account, start: cash }, book, sign > 0 ? 'buy' : 'sell', opens, price) : opens
    if (typeof verdict === 'number') return sign * (closes + verdict)
    refused.push({ day: days[now.at]!, symbol: book.symbol, code: verdict.code })
    return sign * closes
  }

  /** Equity at the last closes, and the part of it that no position takes; a short position takes its value. */
  function worthNow(): { equity: number; free: number } {
    if (!standing) {
      standing = { equity: account.cash, taken: 0 }
      for (const { quantity, mark } of books) {
        standing.equity += quantity * mark
        standing.taken += Math.abs(quantity) * mark
      }
    }
    return { equity: standing.equity, free: standing.equity - standing.taken }
  }

  function leaveByLevel(book: Book, on: Bar, enteredWithin: boolean): void {
    const exit: Sign = book.quantity > 0 ? -1 : 1
    const touched = touchedLevel(book, on, enteredWithin)
    if (!touched) return
    const price = touched.atOpen ? atMarket(exit, touched.price) : slipped(exit, touched.price, costs.slippage)
    fill(book, -book.quantity, price, touched.reason)
  }

  /** Nothing is left: all is closed at the close, and the curve stays where it is. */
  function end(at: number): void {
    for (const book of books) if (book.quantity !== 0) fill(book, -book.quantity, book.mark, 'ruin')
    ruinedOn = days[at]!
    equity.fill(account.cash, at)
  }
}

/** A quotient of floats may end just under the whole number that it is. */
const roundingSlack = 1e-9

function bookOf<Parameters>(
  { strategy, parameters, market }: Pick<Backtest<Parameters>, 'strategy' | 'parameters' | 'market'>,
  { symbol, bars, splits = [], dividends = [] }: Traded,
  now: { equity: number },
  hear: (wish: Omit<Heard, 'day'>) => void,
): Book {
  const book = {
    ...{ symbol, bars, prepared: strategy.prepare(bars, parameters, market), quantity: 0, lots: [], orders: [] },
    ...{
      isClosing: false,
      enteredWithin: false,
      chunks: [],
      stop: undefined,
      target: undefined,
      trail: undefined,
      mark: 0,
    },
  } as unknown as Book
  book.trader = traderOf(book, now, hear)
  const actions: NonNullable<Book['actions']> = new Map()
  for (const split of splits) actions.set(split.day, { ...actions.get(split.day), split })
  for (const dividend of dividends) actions.set(dividend.day, { ...actions.get(dividend.day), dividend })
  book.actions = actions.size > 0 ? actions : undefined
  return book
}
