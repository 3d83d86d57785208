import { together } from '../../base/together.ts'
import { oncePer, type Parts } from '../parts.ts'
import { type AnyOrder, ordersSentAs } from './rows/orders.ts'

const finding = oncePer(({ db }) =>
  together(async (ids: string[]) => {
    const found = await ordersSentAs(db, [...new Set(ids)])
    return ids.map((id) => found.get(id))
  }),
)

/** Orders by the ids under which venues know them; what is not this desk's is left out. Those that are asked for together are read together. */
export async function findSent(parts: Parts, sentAs: Iterable<string>): Promise<Map<string, AnyOrder>> {
  const orders = await Promise.all([...sentAs].map(finding(parts)))
  return new Map(orders.flatMap((order) => (order ? [[order.sentAs, order] as const] : [])))
}
