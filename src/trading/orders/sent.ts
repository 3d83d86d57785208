import { together } from '../../base/together.ts'
import { oncePer, type Parts } from '../parts.ts'
import { type AnyOrder, ordersSentAs } from './rows/orders.ts'

const finding = oncePer(({ db }) =>
  together(async (ids: string[]) => {
    const found = await ordersSentAs(db, [...new Set(ids)])
    return ids.map((id) => found.get(id))
  }),
)

/** Orders by their ids at the venues; ids of other desks are left out. Concurrent look-ups share one statement. */
export async function findSent(parts: Parts, sentAs: Iterable<string>): Promise<Map<string, AnyOrder>> {
  const orders = await Promise.all([...sentAs].map(finding(parts)))
  return new Map(orders.flatMap((order) => (order ? [[order.sentAs, order] as const] : [])))
}
