import { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import type { StoredEvent } from '../../trading/events/rules/stored-event.ts'

/** The price in an event's data, formatted for people; undefined when there is no valid price. */
export function lastPrice(event: Pick<StoredEvent, 'data'>): string | undefined {
  const { data } = event as { data: unknown }
  const price = typeof data === 'object' && data !== null && 'price' in data ? String(data.price) : ''
  return /^\d+(\.\d+)?$/.test(price) ? priceText(new Big(price)) : undefined
}
