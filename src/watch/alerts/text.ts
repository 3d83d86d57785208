import { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { type DeskEvent, eventText } from '../../trading/events/rules/desk-event.ts'
import { isReadable } from '../../trading/events/rules/stored-event.ts'
import { headings, isWatchType, type WatchEvent, watchText } from '../../trading/events/rules/watch-event.ts'

/** As much of an event as its texts need. */
export type AlertedEvent = Pick<DeskEvent, 'type' | 'data' | 'symbol'>

/** The event as a heading: `⚠️ STOP APPROACHING — BYND`; `whose` is named where several accounts are heard. */
export function headingText(event: AlertedEvent, whose?: string): string {
  const title = isWatchType(event.type) ? headings[event.type] : (ownHeadings[event.type] ?? '🔔 EVENT')
  return [title, event.symbol ?? '', whose ?? ''].filter(Boolean).join(' — ')
}

/** An alert in full: the heading, and below it what was seen. What the guardian says comes as a line after it. */
export function alertText(event: AlertedEvent, whose?: string): string {
  const seen = !isReadable(event)
    ? 'Its details cannot be read: look at the position'
    : isWatchType(event.type)
      ? watchText(event as WatchEvent)
      : eventText(event)
  return `${headingText(event, whose)}\n${seen}`
}

/** The alert after repeats: its heading counts them, and the rest stays: `⚠️ STOP APPROACHING — BYND ×3, last $0.554`. */
export function repeatedText(alert: string, count: number, last?: string): string {
  const [heading = '', ...rest] = alert.split('\n')
  return [`${heading} ×${count}${last ? `, last ${last}` : ''}`, ...rest].join('\n')
}

/** The price at which something was seen, for people; undefined for what has none that can be read. */
export function lastPrice(event: Pick<AlertedEvent, 'data'>): string | undefined {
  const { data } = event as { data: unknown }
  const price = typeof data === 'object' && data !== null && 'price' in data ? String(data.price) : ''
  return /^\d+(\.\d+)?$/.test(price) ? priceText(new Big(price)) : undefined
}

/** How an event's type is written by people who mute it: `STOP_APPROACHING`. */
export function typeName(type: string): string {
  return type.slice(type.indexOf('.') + 1).toUpperCase()
}

const ownHeadings: Partial<Record<string, string>> = {
  order_error: '⚠️ ORDER DID NOT GO THROUGH',
  scaleout_error: '⚠️ SCALEOUT INTERRUPTED',
  corporate_action: '🔀 CORPORATE ACTION',
}
