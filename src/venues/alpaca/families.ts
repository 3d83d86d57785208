import type { AlpacaClient } from './client.ts'
import { type AlpacaOrder, orderPayload, ordersPayload } from './payloads.ts'
import { type Chain, type Family, membersOf } from './report-map.ts'

/** Looks up orders together with those that replaced them and with their other halves. */
export interface Families {
  /** The family of an order by the desk's id; undefined when Alpaca shows no such order. */
  byClientId(account: string, clientOrderId: string): Promise<Family | undefined>
  /** The family to which an order belongs, by what Alpaca has just shown of it. */
  of(account: string, order: AlpacaOrder): Promise<Family>
  /** The desk's ids (or those of others) of the orders with these ids of Alpaca's; one that is not shown is missing. */
  clientIds(account: string, orderIds: Iterable<string>): Promise<Map<string, string>>
}

/** An order may have been moved so often; a longer chain is followed no further. */
const longest = 200
const most = 20_000
const page = 500
/** With more unknown orders than this, a list is asked for first. */
const singly = 3

/** Families by looking. Facts that never change, such as an order's first ancestor, are kept in memory. */
export function createFamilies(client: AlpacaClient): Families {
  /** By account and Alpaca's id: the first order of the chain, or the order whose other half this is. */
  const roots = new Map<string, { id: string; clientOrderId: string }>()
  const keyOf = (account: string, id: string) => `${account} ${id}`

  function note(account: string, family: Family): void {
    const { id, client_order_id: clientOrderId } = family.chain[0]
    for (const member of membersOf(family)) {
      const key = keyOf(account, member.id)
      roots.delete(key)
      roots.set(key, { id, clientOrderId })
      if (roots.size > most) roots.delete(roots.keys().next().value!)
    }
  }

  const byId = (account: string, id: string) =>
    client.look(account, `/v2/orders/${encodeURIComponent(id)}`, orderPayload, { nested: 'true' })

  async function chainFrom(account: string, first: AlpacaOrder): Promise<Chain> {
    const chain: Chain = [first]
    for (let next = first.replaced_by; next !== undefined && chain.length < longest; ) {
      if (chain.some(({ id }) => id === next)) break
      const order = await byId(account, next)
      if (!order) break
      chain.push(order)
      next = order.replaced_by
    }
    return chain
  }

  async function firstOf(account: string, order: AlpacaOrder): Promise<AlpacaOrder> {
    const known = roots.get(keyOf(account, order.id))
    if (known && known.id !== order.id) return (await byId(account, known.id)) ?? order
    let first = order
    for (let steps = 0; first.replaces !== undefined && steps < longest; steps++) {
      const before = await byId(account, first.replaces)
      if (!before) break
      first = before
    }
    if (first.order_class !== 'oco' || first.legs.length > 0) return first
    return (await wholeOf(account, first)) ?? first
  }

  /** The order with both halves, of which this is one. Alpaca shows the halves only in lists and under the whole. */
  async function wholeOf(account: string, half: AlpacaOrder): Promise<AlpacaOrder | undefined> {
    const shown = await byId(account, half.id)
    if (shown && shown.legs.length > 0) return shown
    const at = (half.submitted_at ?? half.created_at)?.getTime()
    const near = await client.look(account, '/v2/orders', ordersPayload, {
      status: 'all',
      nested: 'true',
      symbols: half.symbol,
      limit: String(page),
      direction: 'desc',
      ...(at !== undefined && {
        after: new Date(at - aroundMs).toISOString(),
        until: new Date(at + aroundMs).toISOString(),
      }),
    })
    return near?.find(({ legs }) => legs.some(({ id }) => id === half.id))
  }

  async function of(account: string, order: AlpacaOrder): Promise<Family> {
    const first = await firstOf(account, order)
    const chain = await chainFrom(account, first)
    // The other half of a moved order hangs on the newest that shows one.
    const halves = chain.findLast(({ legs }) => legs.length > 0)?.legs ?? []
    const family: Family = { chain, legs: await Promise.all(halves.map((leg) => chainFrom(account, leg))) }
    note(account, family)
    return family
  }

  return {
    of,
    async byClientId(account, clientOrderId) {
      const query = { client_order_id: clientOrderId }
      const order = await client.look(account, '/v2/orders:by_client_order_id', orderPayload, query)
      return order && of(account, order)
    },
    async clientIds(account, orderIds) {
      const wanted = [...new Set(orderIds)]
      const unknown = () => wanted.filter((id) => !roots.has(keyOf(account, id)))
      if (unknown().length > singly) {
        const query = { status: 'all', nested: 'true', limit: String(page), direction: 'desc' }
        const listed = (await client.look(account, '/v2/orders', ordersPayload, query)) ?? []
        // A successor is followed back by itself, below.
        for (const order of listed.filter(({ replaces }) => replaces === undefined)) {
          note(account, { chain: [order], legs: order.legs.map((leg) => [leg]) })
        }
      }
      for (const id of unknown()) {
        const order = await byId(account, id)
        if (!order) continue
        const first = await firstOf(account, order)
        note(account, { chain: [first, order], legs: first.legs.map((leg) => [leg]) })
      }
      return new Map(
        wanted.flatMap((id) => {
          const root = roots.get(keyOf(account, id))
          return root ? [[id, root.clientOrderId] as const] : []
        }),
      )
    },
  }
}

/** Both halves of an order are submitted within this time of each other, in milliseconds. */
const aroundMs = 60_000
