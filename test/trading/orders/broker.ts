import { Big, zero } from '../../../src/base/amounts.ts'
import type { Side } from '../../../src/trading/positions/rules/position.ts'
import {
  type OrderEvent,
  type OrderListener,
  type OrderReport,
  type Venue,
  VenueError,
  type VenueFill,
  type VenueInstrument,
  type VenueOrder,
  type VenueOrderState,
  type VenueRefusal,
} from '../../../src/venues/venue.ts'

/** An order in the book of the broker. */
interface Kept {
  sent: VenueOrder
  id: string
  state: VenueOrderState
  filled: Big
  fills: VenueFill[]
  words?: string
}

/** What goes wrong with a call: `before` it arrives, or `after` it was carried out, its answer is lost. */
type Loss = 'before' | 'after'

/**
 * A broker of linked accounts in memory, for what orders meet there: hours, a list of what is traded, buying power, quantities that
 * resting orders hold, no trades with oneself, and protection as one order. Prices are set by hand; it fills whole orders, or halves.
 */
export interface Broker extends Venue {
  isOpen: boolean
  opensAt: Date
  closesAt: Date
  /** Its instruments where they differ from a share that is traded and can be sold short. */
  instruments: Map<string, Partial<VenueInstrument>>
  buyingPower: Big
  blocked?: string
  /** Answers nothing at all. */
  isSilent: boolean
  /** Cannot be reached: no call leaves the desk. */
  isAway: boolean
  /** Fills only a half of what is left at a time; `setPrice` fills the next half. */
  fillsHalves: boolean
  /** Tells its listeners nothing. */
  isMute: boolean
  /** Runs when the next order or cancel was carried out, before its answer goes out. */
  beforeAnswer?: () => Promise<void>
  /** Losses of the next calls of each kind; of orders only those with a price. */
  losses: { submit: Loss[]; cancel: Loss[] }
  /** Refuses the next orders in these words. */
  refusals: string[]
  /** Refuses the next orders with a price in these words. */
  pricedRefusals: string[]
  /** A cancel is only asked for; `settle` ends it. */
  isSlow: boolean
  setPrice(symbol: string, price: string): void
  /** Opens, and fills what waited. */
  open(): void
  /** Ends what was asked to end. */
  settle(): void
  /** The broker ends a working order by itself. */
  end(order: Kept, state: VenueOrderState, words: string): void
  book(): Kept[]
  working(symbol?: string): Kept[]
  held(account: string, symbol: string): Big
  /** The most units that working sells of a symbol could ever have sold beyond what was held: zero, unless it was oversold. */
  oversold: string[]
}

/** A broker that is open, with any buying power. */
export function createBroker(now: () => Date = () => new Date()): Broker {
  const orders: Kept[] = []
  const prices = new Map<string, Big>()
  const listeners = new Set<OrderListener>()
  const fills: VenueFill[] = []
  const asked = new Set<Kept>()
  let ids = 0

  const left = ({ sent, filled }: Kept) => sent.quantity.minus(filled)
  const held = (account: string, symbol: string) =>
    fills
      .filter((fill) => fill.account === account && fill.symbol === symbol)
      .reduce((sum, { side, quantity }) => (side === 'buy' ? sum.plus(quantity) : sum.minus(quantity)), zero)
  const working = (symbol?: string) =>
    orders.filter(({ state, sent }) => state === 'working' && (symbol === undefined || sent.symbol === symbol))
  const tell = (event: OrderEvent) => {
    // The stream is a little later than the answer, as it is from real brokers.
    const hear = () => {
      for (const listener of listeners) listener.heard(event)
    }
    if (!broker.isMute) setTimeout(hear, 20)
  }

  function report({ sent, id, state, filled, fills, words }: Kept): OrderReport {
    const { account, clientOrderId, symbol, side, quantity, limitPrice, stopPrice } = sent
    const prices = { ...(limitPrice && { limitPrice }), ...(stopPrice && { stopPrice }) }
    const of = { account, clientOrderId, venueOrderId: id, symbol, side, quantity, ...prices }
    return { ...of, state, filledQuantity: filled, fills: [...fills], ...(words !== undefined && { words }) }
  }

  function fill(order: Kept, price: Big): void {
    const { account, clientOrderId, symbol, side } = order.sent
    const half = left(order).div(2).round(0, Big.roundUp)
    const quantity = broker.fillsHalves ? half : left(order)
    const one = {
      account,
      venueFillId: `e${++ids}`,
      clientOrderId,
      symbol,
      side,
      quantity,
      price,
      commission: zero,
      filledAt: now(),
    }
    order.filled = order.filled.plus(quantity)
    order.fills.push(one)
    fills.push(one)
    if (left(order).eq(0)) order.state = 'filled'
    tell({ kind: 'fill', fill: one })
    tell({ kind: 'order', report: report(order) })
    if (side === 'sell' && held(account, symbol).lt(0) && !mayShort(symbol)) broker.oversold.push(clientOrderId)
  }

  const mayShort = (symbol: string) => broker.instruments.get(symbol)?.canShort === true

  /** The price at which an order trades now, or undefined. */
  function tradesAt({ sent: { symbol, side, limitPrice, stopPrice, targetPrice, isExtended } }: Kept): Big | undefined {
    const price = prices.get(symbol)
    if (!price || (!broker.isOpen && !isExtended)) return undefined
    const isBuy = side === 'buy'
    if (targetPrice && (isBuy ? price.lte(targetPrice) : price.gte(targetPrice))) return targetPrice
    if (stopPrice) return (isBuy ? price.gte(stopPrice) : price.lte(stopPrice)) ? price : undefined
    if (limitPrice) return (isBuy ? price.lte(limitPrice) : price.gte(limitPrice)) ? price : undefined
    return price
  }

  function match(symbol?: string): void {
    for (const order of working(symbol)) {
      const price = tradesAt(order)
      if (price && !asked.has(order)) fill(order, price)
    }
  }

  const refused = (words: string, code: VenueRefusal['code'] = 'OTHER'): VenueRefusal => ({
    outcome: 'refused',
    code,
    words,
  })

  function fault(order: VenueOrder): VenueRefusal | undefined {
    const { account, symbol, side, quantity, clientOrderId } = order
    if (orders.some(({ sent }) => sent.clientOrderId === clientOrderId))
      return refused('client_order_id must be unique', 'DUPLICATE')
    const words = broker.refusals.shift() ?? (isPriced(order) ? broker.pricedRefusals.shift() : undefined)
    if (words) return refused(words)
    const resting = working(symbol).filter(({ sent }) => sent.account === account)
    if (resting.some(({ sent }) => sent.side !== side))
      return refused('potential wash trade detected', 'OPPOSITE_ORDER')
    const there = held(account, symbol)
    const opposes = (of: Side) => (of === 'sell' ? there.gt(0) : there.lt(0))
    const free = there.abs().minus(resting.reduce((sum, one) => sum.plus(left(one)), zero))
    if (opposes(side) && quantity.gt(free)) return refused('insufficient qty available for order', 'NOT_ENOUGH_HELD')
    if (side === 'sell' && there.lte(0) && !mayShort(symbol)) return refused('asset is not available to short')
    return undefined
  }

  const speaking = () => {
    if (broker.isAway) throw new VenueError('the broker could not be reached')
    if (broker.isSilent) throw new VenueError('the broker does not answer')
  }
  const answering = async () => {
    const { beforeAnswer } = broker
    broker.beforeAnswer = undefined
    await beforeAnswer?.()
  }
  const unknown = { outcome: 'unknown' as const, words: 'the answer was lost' }
  const unsent = {
    outcome: 'unknown' as const,
    words: 'the broker could not be reached; nothing was sent',
    isUnsent: true,
  }
  const find = (clientOrderId: string) => orders.find(({ sent }) => sent.clientOrderId === clientOrderId)

  const broker: Broker = {
    name: 'broker',
    capabilities: {
      refusesDuplicates: true,
      lostAfterMs: 600_000,
      canReplace: true,
      canStop: true,
      canProtect: true,
      canExtend: true,
      canShort: true,
      isLinked: true,
    },
    isOpen: true,
    opensAt: new Date(now().getTime() + 3_600_000),
    closesAt: new Date(now().getTime() + 23_400_000),
    instruments: new Map(),
    buyingPower: new Big(1_000_000),
    isSilent: false,
    isAway: false,
    fillsHalves: false,
    isMute: false,
    losses: { submit: [], cancel: [] },
    refusals: [],
    pricedRefusals: [],
    isSlow: false,
    oversold: [],
    book: () => orders,
    working,
    held,
    setPrice(symbol, price) {
      prices.set(symbol, new Big(price))
      match(symbol)
    },
    open() {
      broker.isOpen = true
      match()
    },
    settle() {
      for (const order of asked) if (order.state === 'working') broker.end(order, 'cancelled', '')
      asked.clear()
    },
    end(order, state, words) {
      order.state = state
      if (words) order.words = words
      tell({ kind: 'order', report: report(order) })
    },
    async submit(order) {
      if (broker.isAway) return unsent
      if (broker.isSilent) return unknown
      const loss = isPriced(order) ? broker.losses.submit.shift() : undefined
      if (loss === 'before') return unknown
      const wrong = fault(order)
      if (wrong) return loss ? unknown : wrong
      const kept: Kept = { sent: order, id: `b${++ids}`, state: 'working', filled: zero, fills: [] }
      orders.push(kept)
      const price = tradesAt(kept)
      if (price) fill(kept, price)
      await answering()
      return loss ? unknown : { outcome: 'accepted', report: report(kept) }
    },
    async find({ clientOrderId }) {
      speaking()
      const order = find(clientOrderId)
      return order && report(order)
    },
    async cancel({ clientOrderId }) {
      if (broker.isAway) return unsent
      if (broker.isSilent) return unknown
      const loss = broker.losses.cancel.shift()
      if (loss === 'before') return unknown
      const order = find(clientOrderId)
      if (!order) return refused('order not found', 'NO_SUCH_ORDER')
      if (order.state === 'working' && broker.isSlow) {
        asked.add(order)
        return loss ? unknown : { outcome: 'asked' }
      }
      if (order.state === 'working') broker.end(order, 'cancelled', '')
      await answering()
      return loss ? unknown : { outcome: 'ended', report: report(order) }
    },
    async replace({ clientOrderId }, price) {
      speaking()
      const order = find(clientOrderId)!
      order.sent = order.sent.limitPrice ? { ...order.sent, limitPrice: price } : { ...order.sent, stopPrice: price }
      match(order.sent.symbol)
      return { outcome: 'replaced', report: report(order) }
    },
    async openOrders(account) {
      speaking()
      return working()
        .filter(({ sent }) => sent.account === account)
        .map(report)
    },
    async fills(account, cursor = '0') {
      speaking()
      const own = fills.filter((fill) => fill.account === account)
      return { fills: own.slice(Number(cursor)), cursor: String(own.length) }
    },
    async positions(account) {
      speaking()
      const symbols = [...new Set(fills.filter((fill) => fill.account === account).map(({ symbol }) => symbol))]
      return symbols
        .map((symbol) => ({ symbol, signedQuantity: held(account, symbol) }))
        .filter((one) => !one.signedQuantity.eq(0))
    },
    async balance() {
      speaking()
      const { buyingPower, blocked } = broker
      return { cash: buyingPower, buyingPower, ...(blocked !== undefined && { blocked }) }
    },
    async instrument(_account, symbol) {
      speaking()
      const own = broker.instruments.get(symbol) ?? {}
      return { symbol, isTraded: true, canShort: false, lot: new Big(1), ...own }
    },
    async hours() {
      speaking()
      const { isOpen, opensAt, closesAt } = broker
      return { isOpen, opensAt, closesAt }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return broker
}

const isPriced = ({ stopPrice, limitPrice }: VenueOrder) => stopPrice !== undefined || limitPrice !== undefined
