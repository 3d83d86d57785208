import { sum, zero } from '../../base/amounts.ts'
import { type OrderReport, VenueError, type VenueFill } from '../venue.ts'
import { activitiesAfter, activitiesOfOrder, fillsKind, timeOf } from './activities.ts'
import type { AlpacaClient } from './client.ts'
import type { Families } from './families.ts'
import { type FillMemory, reversalOf } from './fill-memory.ts'
import { type Activity, type AlpacaOrder, clockPayload, orderPayload } from './payloads.ts'
import { type Family, fillIn, isTakingBack, membersOf, reportOf } from './report-map.ts'

/** The parts that read fills. */
export interface FillParts {
  client: AlpacaClient
  families: Families
  memory: FillMemory
  now(): Date
}

/** An order may be missing so long, in milliseconds, after its fill was shown. */
const hiddenForMs = 10 * 60_000

/**
 * The fills of an account after a cursor, oldest first. Ids of Alpaca's orders are turned into client ids, also of orders that were
 * replaced, and of the halves of a stop with a target.
 */
export async function fillsAfter(
  parts: FillParts,
  account: string,
  cursor?: string,
): Promise<{ fills: VenueFill[]; cursor: string }> {
  const { client, families, memory } = parts
  const read = await activitiesAfter(client, account, fillsKind, cursor)
  const ids = read.fresh.flatMap(({ order_id }) => order_id ?? [])
  const clientIds = await families.clientIds(account, ids)
  const hidden = read.fresh.filter(({ order_id }) => order_id !== undefined && !clientIds.has(order_id))
  const isLongAgo = hidden.length > 0 ? await longAgoAt(parts, account) : () => false
  const fills: VenueFill[] = []
  for (const activity of read.fresh) {
    const { order_id } = activity
    if (order_id === undefined) continue
    // Its order is not shown yet: the cursor stays, so that the fill is not lost. An old one is nobody's order that the desk knows.
    const clientOrderId = clientIds.get(order_id) ?? (isLongAgo(activity) ? order_id : undefined)
    if (clientOrderId === undefined) throw new VenueError('Alpaca shows a fill of an order that it does not show')
    const others = isTakingBack(activity)
      ? [...read.known, ...(await activitiesOfOrder(client, account, order_id))]
      : []
    const fill = fillIn(account, clientOrderId, activity, others)
    if (!fill) continue
    memory.note(account, order_id, fill)
    fills.push(fill)
  }
  const reversed = await missingFrom(parts, account, read)
  return { fills: [...fills, ...reversed], cursor: read.cursorWith(reversed.map(({ venueFillId }) => venueFillId)) }
}

/**
 * Is an activity older than an order may be missing? By the desk's clock and by Alpaca's, since either may be wrong: a fill of this minute
 * that counts as old would be booked as nobody's.
 */
async function longAgoAt({ client, now }: FillParts, account: string): Promise<(activity: Activity) => boolean> {
  const clock = await client.look(account, '/v2/clock', clockPayload)
  const there = clock?.timestamp ?? now()
  const earlier = Math.min(now().getTime(), there.getTime())
  return (activity) => earlier - (timeOf(activity) ?? 0) > hiddenForMs
}

/** Fills that were on the list and are not any more; their orders say whether they were taken back. */
async function missingFrom(
  { client, families, memory }: FillParts,
  account: string,
  { known, since, isSeen }: Awaited<ReturnType<typeof activitiesAfter>>,
): Promise<VenueFill[]> {
  if (since === undefined) return []
  const listed = new Set(known.map(({ id }) => id))
  const gone = [...memory.since(account, since)].filter(([, ids]) =>
    ids.some((id) => !listed.has(id) && !isSeen(`bust:${id}`)),
  )
  const reports = await Promise.all(
    gone.map(async ([orderId]) => {
      const order = await client.look(account, `/v2/orders/${encodeURIComponent(orderId)}`, orderPayload, {
        nested: 'true',
      })
      return order && fullReport({ client, memory }, account, await families.of(account, order))
    }),
  )
  return reports
    .flatMap((report) => report?.fills ?? [])
    .filter(({ venueFillId, reverses }) => reverses !== undefined && !isSeen(venueFillId))
}

/** The report on a family with its fills, which cost a question for each of its orders that has any. */
export async function fullReport(
  { client, memory }: Pick<FillParts, 'client' | 'memory'>,
  account: string,
  family: Family,
): Promise<OrderReport> {
  const clientOrderId = family.chain[0].client_order_id
  const fills = await Promise.all(
    membersOf(family).map(async (order) => {
      const remembered = memory.ofOrder(account, order.id)
      if (!order.filled_qty?.gt(0) && remembered.length === 0) return []
      const listed = await activitiesOfOrder(client, account, order.id)
      const shown = listed.flatMap((activity: Activity) => fillIn(account, clientOrderId, activity, listed) ?? [])
      for (const fill of shown) memory.note(account, order.id, fill)
      return withReversals(memory, account, order, shown)
    }),
  )
  const all = [...new Map(fills.flat().map((fill) => [fill.venueFillId, fill])).values()]
  return reportOf(
    account,
    family,
    all.sort((a, b) => a.filledAt.getTime() - b.filledAt.getTime()),
  )
}

/**
 * The fills of an order with those that take one back. One that is not listed any more counts as taken back only when the listed ones
 * are all that the order counts: otherwise the list is late, or short.
 */
function withReversals(memory: FillMemory, account: string, order: AlpacaOrder, shown: VenueFill[]): VenueFill[] {
  const ids = new Set(shown.map(({ venueFillId }) => venueFillId))
  const reversed = new Set(shown.flatMap(({ reverses }) => reverses ?? []))
  const total = sum(shown.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
  const isComplete = total.eq(order.filled_qty ?? zero)
  const missing = memory.ofOrder(account, order.id).filter(({ venueFillId }) => !ids.has(venueFillId))
  const taken = isComplete ? missing : missing.filter((fill) => memory.isTakenBack(account, order.id, fill))
  const named = isComplete
    ? []
    : shown.filter((fill) => memory.isTakenBack(account, order.id, fill) && !reversed.has(fill.venueFillId))
  return [...shown, ...taken.flatMap((fill) => [fill, reversalOf(fill)]), ...named.map(reversalOf)]
}
