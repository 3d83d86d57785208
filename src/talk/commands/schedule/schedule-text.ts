import type { Big } from '../../../base/amounts.ts'
import type { Clock } from '../../../base/clock.ts'
import { priceText } from '../../../base/format.ts'
import { whenText } from '../../../base/zone.ts'
import type { ScheduledOrder } from '../../../trading/schedule/rows/scheduled-orders.ts'
import { momentWords } from './when.ts'

/** The time or the condition of a scheduled order. */
export interface Plan {
  at?: Date
  above?: Big
  below?: Big
  until?: Date
}

/** `at 3:55 PM EST (in 2 h 10 min)`, `if it gets to $120.00 or above by 4:00 PM EST (in 3 h)`. */
export function planText({ at, above, below, until }: Plan, now: Date, zone: string): string {
  const end = until && momentWords('by', until, now, zone)
  if (at)
    return [momentWords('at', at, now, zone), ...(end ? [`good until ${whenText(until!, now, zone)}`] : [])].join(', ')
  const price = above ? `if it gets to ${priceText(above)} or above` : `if it gets to ${priceText(below!)} or below`
  return [price, end ?? 'until you cancel it'].join(' ')
}

/** A scheduled order in a line: `2. ⏰ CLOSE BYND at the market at 3:55 PM EST (in 2 h)`. */
export function scheduledLine(order: ScheduledOrder, clock: Clock, zone: string): string {
  if (order.state === 'running') return `${order.number}. ⏰ ${order.what}: being carried out`
  if (order.askedAt) return `${order.number}. ⏰ ${order.what}: late, and waits for your answer`
  if (order.touched) return `${order.number}. ⏰ ${order.what}: the price is there, ${priceText(order.touched.price)}`
  return `${order.number}. ⏰ ${order.what} ${planText(planOf(order), plannedNow(order, clock), zone)}`
}

/** The plan in the member's own times. In a demonstration the desk's clock runs faster, so its own times differ. */
export function planOf({ at, above, below, until }: ScheduledOrder): Plan {
  return { at: at?.planned, above, below, until: until?.planned }
}

/**
 * The present time on the clock of the plan. In a demonstration the desk's clock runs faster, so the real time that is left is
 * multiplied by its scale.
 */
export function plannedNow({ at, until }: Pick<ScheduledOrder, 'at' | 'until'>, clock: Clock): Date {
  const now = clock.now()
  const [planned, real] = at ? [at.planned, at.due] : until ? [until.planned, until.expires] : [now, now]
  return new Date(planned.getTime() - (real.getTime() - now.getTime()) * clock.scale)
}
