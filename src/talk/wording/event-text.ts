import { Big } from '../../base/amounts.ts'
import { percentText, priceText, profitText, quantityText } from '../../base/format.ts'
import { asYouAsked } from '../../trading/events/rules/background.ts'
import type { DeskEvent, EventData, WorkingOrderData } from '../../trading/events/rules/desk-event.ts'
import { isReadable, type StoredEvent } from '../../trading/events/rules/stored-event.ts'
import { isWatchType, type WatchEvent, type WatchEventData } from '../../trading/events/rules/watch-event.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import { endedText } from './because.ts'
import { headings } from './event-headings.ts'
import { paceName } from './scaleout-terms.ts'
import { watchText } from './watch-text.ts'

const dollars = (text: string) => profitText(new Big(text))
const amount = (text: string) => quantityText(new Big(text))
const price = (text: string) => priceText(new Big(text))
const did = (side: Side) => (side === 'sell' ? 'sold' : 'bought')

/** An event in one line, for people who follow a symbol. */
export function eventText(event: StoredEvent): string {
  if (isWatchType(event.type)) {
    return `${headings[event.type]}${event.symbol ? ` — ${event.symbol}` : ''} · ${watchText(event as WatchEvent)}`
  }
  const text = happened(event as OwnEvent)
  return event.symbol ? `${event.symbol} ${text}` : text
}

/** A stored event in one line. An event with unreadable data gets only its name. */
export function storedText(event: StoredEvent): string {
  return isReadable(event) ? eventText(event) : `${nameOf(event)} · its details cannot be read`
}

function nameOf({ type, symbol }: StoredEvent): string {
  return [isWatchType(type) ? headings[type] : type, symbol].filter(Boolean).join(' — ')
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
      return `${endedText(event.data.rejected ? 'order rejected' : 'order cancelled', event.data.because)}: ${working(event.data)}`
    case 'order_expired':
      return `order expired: ${working(event.data)}`
    case 'scaleout_start':
      return `scaleout started: ${amount(event.data.quantity)} in ${event.data.chunks} chunks, ${paceName(event.data).toLowerCase()}`
    case 'scaleout_progress':
      return `chunk ${event.data.chunk}/${event.data.chunks}: ${did(event.data.side)} ${amount(event.data.quantity)} @ ${price(event.data.price)}, P&L ${dollars(event.data.realizedPnl)}, ${amount(event.data.remaining)} to go`
    case 'scaleout_complete':
      return `scaleout complete: ${amount(event.data.quantity)} in ${event.data.chunks} chunks, P&L ${dollars(event.data.totalPnl)}`
    case 'scaleout_cancelled':
      return `scaleout ${event.data.because === asYouAsked ? 'cancelled by you' : `ended: ${event.data.because}`}; ${amount(event.data.sold)} ${did(event.data.side)}, ${amount(event.data.left)} left`
    case 'scaleout_error':
      return `scaleout error at chunk ${event.data.chunk}: ${event.data.error}`
    case 'corporate_action':
      return corporateActionText(event.data)
    case 'books_differ':
      return `the desk has ${amount(event.data.ledger)}, the broker shows ${amount(event.data.venue)}`
    case 'books_agree':
      return 'the broker shows the same as the desk again'
    case 'undone':
      return `undone: ${event.data.what}`
    case 'scheduled_ended':
      return `scheduled order: ${event.data.what}: ${event.data.outcome}`
    case 'scheduled_weak_touch':
      return `scheduled order: ${event.data.what}: not done at a weak price, ${price(event.data.price)}: ${event.data.because}`
    case 'protection_set':
      return protectionSet(event.data)
    case 'protection_cancelled':
      return `${event.data.kind} ${price(event.data.price)}${forPart(event.data)} cancelled: ${event.data.because}`
  }
}

function working({ side, quantity, limitPrice, stopPrice }: WorkingOrderData): string {
  const stop = stopPrice ? `stop ${price(stopPrice)} ` : ''
  const how = limitPrice ? `${stop}${stop ? 'limit' : '@'} ${price(limitPrice)}` : stop.trim() || 'at the market'
  return `${side} ${amount(quantity)} ${how}`
}

/** The part of the position that a level closes, behind its price; empty for all of it. */
const forPart = ({ quantity }: { quantity?: string }) => (quantity ? ` for ${amount(quantity)}` : '')

function protectionSet({
  kind,
  price: level,
  quantity,
  trail,
  trailDollars,
  was,
}: EventData['protection_set']): string {
  const by = trailDollars ? price(trailDollars) : trail && percentText(new Big(trail)).slice(1)
  const trails = by ? `, trails by ${by}` : ''
  // A stop that trailed, and now stays where it was, has not moved.
  const moves = was !== undefined && was !== level
  return `${kind} ${moves ? `moved from ${price(was)} to` : 'set at'} ${price(level)}${forPart({ quantity })}${trails}`
}

function corporateActionText({ what, before, after }: EventData['corporate_action']): string {
  return before && after ? `${what}: ${before} is ${after} now` : what
}
