import { Big } from '../../../base/amounts.ts'
import { percentText, priceText, profitText, quantityText } from '../../../base/format.ts'
import type { Side } from '../../positions/rules/position.ts'
import type { Speed } from '../../scaleouts/rules/scaleout-plan.ts'
import type { Urgency } from './urgency.ts'
import { headings, isWatchType, type WatchEvent, type WatchEventData, watchText, watchUrgency } from './watch-event.ts'

/** Why a position, or part of it, was sold outside of a scaleout. */
export type ExitPurpose = 'close' | 'trim' | 'stop' | 'target' | 'breaker'

/** An order that works, or worked, at the venue. `number` and `limitPrice` are absent for one at the market. */
interface WorkingOrderData {
  purpose: ExitPurpose | 'open'
  side: Side
  quantity: string
  number?: number
  limitPrice?: string
}

/** What each type of event carries. Quantities, prices and dollars are decimals in strings. */
export interface EventData extends WatchEventData {
  position_opened: { direction: string; quantity: string; price: string }
  position_added: { side: Side; quantity: string; price: string; realizedPnl: string; signedQuantity: string }
  position_updated: { before: string; after: string; price: string }
  position_replaced: { before: string; after: string; price: string }
  /** `left` is what is open after it. */
  order_filled: {
    purpose: ExitPurpose | 'open'
    side: Side
    quantity: string
    price: string
    realizedPnl: string
    left: string
    /** It had rested at the venue: nobody sat there waiting for it. */
    rested?: boolean
  }
  order_error: { purpose: ExitPurpose | 'open'; error: string }
  /** `expiresAt` is an ISO date. */
  order_working: WorkingOrderData & { expiresAt?: string }
  order_moved: WorkingOrderData & { was: string }
  order_cancelled: WorkingOrderData & { because: string }
  order_expired: WorkingOrderData
  scaleout_start: { speed: Speed; side: Side; quantity: string; chunks: number; decisionPrice: string }
  scaleout_progress: {
    chunk: number
    chunks: number
    side: Side
    quantity: string
    price: string
    realizedPnl: string
    remaining: string
    totalPnl: string
  }
  scaleout_complete: { side: Side; quantity: string; chunks: number; totalPnl: string; shortfall: string }
  scaleout_cancelled: { because: string; sold: string; left: string; side: Side }
  scaleout_error: { chunk: number; error: string; inARow: number; retryAt?: string; left: string }
  /** An order for later is over: done or not, in words. */
  scheduled_ended: { what: string; outcome: string }
  /** `trail` is a share of one; `was` is the level that it replaces. */
  protection_set: { kind: 'stop' | 'target'; price: string; trail?: string; was?: string }
  protection_cancelled: { kind: 'stop' | 'target'; price: string; because: string }
  /** What was undone, in words. */
  undone: { what: string }
  /** A split, or another symbol, in words; and what it made of a position, where there was one. */
  corporate_action: { what: string; before?: string; after?: string }
}

export type EventType = keyof EventData

/** Something that happened on the desk: who, where, what and when. */
export type DeskEvent = {
  [Type in EventType]: {
    type: Type
    data: EventData[Type]
    /** Absent for what concerns a whole account. */
    symbol?: string
    accountId: number
    memberId: number
    positionId?: number
    scaleoutId?: number
    conversationId?: number
    at: Date
    /** An event with a key is written once, however many workers see its cause. */
    dedupeKey?: string
  }
}[EventType]

/** How soon somebody has to hear of it. */
export function urgencyOf(event: Pick<DeskEvent, 'type' | 'data'>): Urgency {
  if (isWatchType(event.type)) return watchUrgency(event as WatchEvent)
  if (event.type === 'corporate_action') return 'MEDIUM'
  return event.type === 'scaleout_error' || event.type === 'order_error' ? 'HIGH' : 'LOW'
}

const dollars = (text: string) => profitText(new Big(text))
const amount = (text: string) => quantityText(new Big(text))
const price = (text: string) => priceText(new Big(text))
const did = (side: Side) => (side === 'sell' ? 'sold' : 'bought')

/** An event in one line, for people who follow a symbol. */
export function eventText(event: Pick<DeskEvent, 'type' | 'data' | 'symbol'>): string {
  if (isWatchType(event.type)) {
    return `${headings[event.type]}${event.symbol ? ` — ${event.symbol}` : ''} · ${watchText(event as WatchEvent)}`
  }
  return `${event.symbol} ${happened(event as OwnEvent)}`
}

type OwnEvent = Exclude<DeskEvent, { type: keyof WatchEventData }>

function happened(event: OwnEvent): string {
  switch (event.type) {
    case 'position_opened':
      return `opened ${event.data.direction} ${amount(event.data.quantity)} @ ${price(event.data.price)}`
    case 'position_added':
      return `recorded: ${did(event.data.side)} ${amount(event.data.quantity)} @ ${price(event.data.price)}`
    case 'position_updated':
      return `position updated: ${event.data.before} is now ${event.data.after}`
    case 'position_replaced':
      return `position replaced: ${event.data.before} by ${event.data.after}`
    case 'order_filled':
      if (event.data.purpose === 'open')
        return `${did(event.data.side)} ${amount(event.data.quantity)} @ ${price(event.data.price)}, ${amount(event.data.left)} open`
      return `${event.data.purpose}: ${did(event.data.side)} ${amount(event.data.quantity)} @ ${price(event.data.price)}, P&L ${dollars(event.data.realizedPnl)}, ${amount(event.data.left)} left`
    case 'order_error':
      return `${event.data.purpose} did not go through: ${event.data.error}`
    case 'order_working':
      return `order working: ${working(event.data)}`
    case 'order_moved':
      return `order moved from ${price(event.data.was)}: ${working(event.data)}`
    case 'order_cancelled':
      return `order cancelled (${event.data.because}): ${working(event.data)}`
    case 'order_expired':
      return `order expired: ${working(event.data)}`
    case 'scaleout_start':
      return `scaleout started: ${amount(event.data.quantity)} in ${event.data.chunks} chunks, ${event.data.speed}`
    case 'scaleout_progress':
      return `chunk ${event.data.chunk}/${event.data.chunks}: ${did(event.data.side)} ${amount(event.data.quantity)} @ ${price(event.data.price)}, P&L ${dollars(event.data.realizedPnl)}, ${amount(event.data.remaining)} to go`
    case 'scaleout_complete':
      return `scaleout complete: ${amount(event.data.quantity)} in ${event.data.chunks} chunks, P&L ${dollars(event.data.totalPnl)}`
    case 'scaleout_cancelled':
      return `scaleout ended: ${event.data.because}; ${amount(event.data.sold)} ${did(event.data.side)}, ${amount(event.data.left)} left`
    case 'scaleout_error':
      return `scaleout error at chunk ${event.data.chunk}: ${event.data.error}`
    case 'corporate_action':
      return `${event.data.what}${event.data.after ? `: ${event.data.before} is ${event.data.after} now` : ''}`
    case 'undone':
      return `undone: ${event.data.what}`
    case 'scheduled_ended':
      return `scheduled order: ${event.data.what}: ${event.data.outcome}`
    case 'protection_set':
      return protectionSet(event.data)
    case 'protection_cancelled':
      return `${event.data.kind} ${price(event.data.price)} cancelled: ${event.data.because}`
  }
}

function working({ side, quantity, limitPrice }: WorkingOrderData): string {
  return `${side} ${amount(quantity)} ${limitPrice ? `@ ${price(limitPrice)}` : 'at the market'}`
}

function protectionSet({ kind, price: level, trail, was }: EventData['protection_set']): string {
  const trails = trail ? `, trails by ${percentText(new Big(trail)).slice(1)}` : ''
  return `${kind} ${was ? `moved from ${price(was)} to` : 'set at'} ${price(level)}${trails}`
}
