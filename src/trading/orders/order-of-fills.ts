import type { News } from './news.ts'
import type { AnyOrder } from './rows/orders.ts'

/**
 * News that is recorded together, in the order of its fills, so that each message tells the position after its own. The news of one
 * order keeps its order.
 */
export function inOrderOfFills<Item extends { order: Pick<AnyOrder, 'id'>; news: Pick<News, 'fills'> }>(
  items: Item[],
): Item[] {
  const latest = new Map<number, number>()
  const timed = items.map((item) => {
    const before = latest.get(item.order.id) ?? 0
    const at = item.news.fills.map(({ filledAt }) => filledAt.getTime())
    const time = at.length > 0 ? Math.max(before, Math.min(...at)) : before
    latest.set(item.order.id, time)
    return { item, time }
  })
  return timed.sort((a, b) => a.time - b.time).map(({ item }) => item)
}
