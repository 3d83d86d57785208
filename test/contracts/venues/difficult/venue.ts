import { Big } from '../../../../src/base/amounts.ts'
import type { Submitted, Venue, VenueCapabilities, VenueOrder } from '../../../../src/venues/venue.ts'
import { createAccounts } from './accounts.ts'
import { type Agenda, handAgenda } from './agenda.ts'
import { reportOf, stateShown } from './book-order.ts'
import { chanceOf } from './chance.ts'
import { calm, type Difficulties, type Timings, timings as usual } from './difficulties.ts'
import { createExchange } from './exchange.ts'
import { drawFate, type Fate } from './fate.ts'
import { type CallFate, type CallName, createLine } from './line.ts'
import { mistakenFill, mistakenReport } from './mistaken.ts'
import { createNews } from './news.ts'
import type { Truth } from './truth.ts'

/** The settings of a difficult venue. */
export interface DifficultVenueOptions {
  /** The same calls meet the same difficulties. */
  seed: number
  /** A difficulty that is left out does not happen. */
  difficulties?: Partial<Difficulties>
  timings?: Partial<Timings>
  /** When duplicates are not refused, an order that is sent twice is accepted twice. */
  capabilities?: Partial<VenueCapabilities>
  /** Its time; by default an agenda that a test moves by hand. */
  agenda?: Agenda
  /** Lots of the symbols that it trades; by default those of the hand market. */
  lots?: Record<string, string>
  /** The starting cash of an account in dollars. */
  cash?: string
  /** The number of fills on a page. */
  pageSize?: number
}

/** A broker in memory with all the difficulties that brokers make. It keeps its book as long as its process lives. */
export interface DifficultVenue extends Venue {
  /** Sets bid and ask, in dollars; orders that the price reaches are filled. */
  setPrice(symbol: string, bid: string, ask?: string): void
  /** From now on draws these difficulties, and no others. Earlier draws continue. */
  become(difficulties: Partial<Difficulties>): void
  /**
   * Ends all difficulties: nothing more is drawn, and the plans for existing orders are cancelled, except for work under way.
   */
  calm(): void
  /** Sets the fate of the next order, or of the next one that is meant; the rest of its fate is drawn as usual. */
  script(fate: Partial<Fate>, isMeant?: (order: VenueOrder) => boolean): void
  /** Sets the fate of the next call of that name; a second one is for the call after it. */
  scriptCall(name: CallName, fate: CallFate): void
  /**
   * Answers and announces nothing for this many milliseconds, or until `calm`; the market moves on. `hangs`: calls wait until
   * the end, and then get no answer.
   */
  breakDown(milliseconds: number, options?: { hangs?: boolean }): void
  /** Lets all pending work happen now: parts, late answers, events, the end of an outage. */
  settle(): Promise<void>
  truth: Truth
  close(): void
}

const lotsOfHandMarket = { BYND: '1', AAPL: '1', 'BTC-USD': '0.0001' }

/** Opens a difficult venue without prices. Throws when it would hide orders for longer than its capabilities say. */
export function createDifficultVenue(options: DifficultVenueOptions): DifficultVenue {
  const { seed, agenda = handAgenda(), cash = '1000000', pageSize = 5 } = options
  const timings = { ...usual, ...options.timings }
  let difficulties: Difficulties = { ...calm, ...options.difficulties }
  const capabilities: VenueCapabilities = {
    refusesDuplicates: true,
    lostAfterMs: difficulties.missing > 0 ? timings.missing[1] + 1 : 0,
    canReplace: true,
    canShort: true,
    ...options.capabilities,
  }
  const beHonest = () => {
    if (difficulties.missing > 0 && capabilities.lostAfterMs <= timings.missing[1])
      throw new Error(`orders are missing for ${timings.missing[1]} ms, and lostAfterMs is ${capabilities.lostAfterMs}`)
  }
  beHonest()

  const line = createLine({ agenda, seed, difficulties: () => difficulties, timings })
  const isOut = () => line.isBroken()
  const news = createNews({ agenda, seed, difficulties: () => difficulties, timings, isOut })
  const accounts = createAccounts({ cash, pageSize })
  const arrived: VenueOrder[] = []
  let scripts: { fate: Partial<Fate>; isMeant(order: VenueOrder): boolean }[] = []
  let drawn = 0

  function fateOf(order: VenueOrder): Fate {
    const fate = drawFate(chanceOf(seed, 'order', ++drawn), difficulties, timings)
    const script = scripts.find(({ isMeant }) => isMeant(order))
    scripts = scripts.filter((one) => one !== script)
    return { ...fate, ...structuredClone(script?.fate) }
  }

  const exchange = createExchange({
    agenda,
    accounts,
    lots: options.lots ?? lotsOfHandMarket,
    ...capabilities,
    fateOf,
    tell: news.tell,
  })
  const keyOf = ({ account, clientOrderId }: { account: string; clientOrderId: string }) =>
    `${account} ${clientOrderId}`
  /** Only answers with a report may be about another order. */
  const withReport: <Answer extends object>(answer: Answer, mistake: Parameters<typeof mistakenReport>[1]) => Answer = (
    answer,
    mistake,
  ) => ('report' in answer ? { ...answer, report: mistakenReport(answer.report as never, mistake) } : answer)

  return {
    name: 'difficult',
    capabilities,

    submit: (order) =>
      line.change<Submitted>({
        name: 'submit',
        about: keyOf(order),
        act() {
          arrived.push(order)
          return exchange.take(order)
        },
        mistaken: withReport,
      }),
    cancel: (reference) =>
      line.change({
        name: 'cancel',
        about: keyOf(reference),
        act: () => exchange.cancel(reference),
        mistaken: withReport,
      }),
    replace: (reference, limitPrice) =>
      line.change({
        name: 'replace',
        about: keyOf(reference),
        act: () => exchange.replace(reference, limitPrice),
        mistaken: withReport,
      }),
    find: (reference) =>
      line.ask({
        name: 'find',
        about: keyOf(reference),
        act() {
          const order = exchange.find(reference)
          return order && reportOf(order)
        },
        mistaken: (report, mistake) => report && mistakenReport(report, mistake),
      }),
    openOrders: (account) =>
      line.ask({
        name: 'openOrders',
        about: account,
        act: () =>
          exchange
            .orders()
            .filter((order) => order.sent.account === account && order.isShown)
            .filter((order) => stateShown(order) === 'working')
            .map((order) => reportOf(order)),
        mistaken: (reports, mistake) => reports.map((report) => mistakenReport(report, mistake)),
      }),
    fills: (account, cursor) =>
      line.ask({
        name: 'fills',
        about: account,
        act: () => accounts.page(account, cursor),
        mistaken: ({ fills, cursor }, mistake) => ({
          fills: fills.flatMap((fill) => [fill, mistakenFill(fill, mistake)]),
          cursor,
        }),
      }),
    positions: (account) => line.ask({ name: 'positions', about: account, act: () => accounts.positions(account) }),
    balance: (account) => line.ask({ name: 'balance', about: account, act: () => ({ cash: accounts.cash(account) }) }),
    subscribe: news.subscribe,

    setPrice: (symbol, bid, ask = bid) => exchange.setPrice(symbol, new Big(bid), new Big(ask)),
    become(wanted) {
      difficulties = { ...calm, ...wanted }
      beHonest()
    },
    calm() {
      difficulties = calm
      scripts = []
      line.repair()
      exchange.becomeCalm()
    },
    script: (fate, isMeant = () => true) => scripts.push({ fate, isMeant }),
    scriptCall: line.script,
    breakDown(milliseconds, { hangs = false } = {}) {
      news.fail(new Error('the stream has ended'))
      agenda.after(milliseconds, line.breakDown(hangs).end)
    },
    settle: agenda.settle,
    truth: {
      orders: () =>
        exchange.orders().map(({ sent, limitPrice, state, venueOrderIds, fills }) => ({
          account: sent.account,
          clientOrderId: sent.clientOrderId,
          symbol: sent.symbol,
          side: sent.side,
          quantity: sent.quantity,
          limitPrice,
          state,
          venueOrderIds: [...venueOrderIds],
          fills: [...fills],
        })),
      fills: accounts.all,
      net: accounts.net,
      timesTaken: (clientOrderId) =>
        exchange.orders().filter(({ sent }) => sent.clientOrderId === clientOrderId).length,
      arrived: () => [...arrived],
    },
    close: agenda.close,
  }
}
