import { type OrderReport, VenueError, type VenueFill } from '../venue.ts'
import { activitiesAfter, activitiesOfOrder, fillsKind, timeOf } from './activities.ts'
import type { AlpacaClient } from './client.ts'
import type { Families } from './families.ts'
import { type Family, fillIn, fillsOf, isTakingBack, membersOf, reportOf } from './report-map.ts'

/** An order may be missing so long, in milliseconds, after its fill was shown. */
const hiddenForMs = 10 * 60_000

/**
 * The fills of an account after a cursor, oldest first. Ids of Alpaca's orders are turned into client ids, also of orders that were
 * replaced, and of the halves of a stop with a target.
 */
export async function fillsAfter(
  client: AlpacaClient,
  families: Families,
  now: Date,
  account: string,
  cursor?: string,
): Promise<{ fills: VenueFill[]; cursor: string }> {
  const { fresh, known, cursor: next } = await activitiesAfter(client, account, fillsKind, cursor)
  const ids = fresh.flatMap(({ order_id }) => order_id ?? [])
  const clientIds = await families.clientIds(account, ids)
  const fills = []
  for (const activity of fresh) {
    if (activity.order_id === undefined) continue
    const isOld = now.getTime() - (timeOf(activity) ?? 0) > hiddenForMs
    // Its order is not shown yet: the cursor stays, so that the fill is not lost. An old one is nobody's order that the desk knows.
    const clientOrderId = clientIds.get(activity.order_id) ?? (isOld ? activity.order_id : undefined)
    if (clientOrderId === undefined) throw new VenueError('Alpaca shows a fill of an order that it does not show')
    const others = isTakingBack(activity)
      ? [...known, ...(await activitiesOfOrder(client, account, activity.order_id))]
      : []
    const fill = fillIn(account, clientOrderId, activity, others)
    if (fill) fills.push(fill)
  }
  return { fills, cursor: next }
}

/** The report on a family with its fills, which cost a question for each of its orders that has any. */
export async function fullReport(client: AlpacaClient, account: string, family: Family): Promise<OrderReport> {
  const filled = membersOf(family).filter(({ filled_qty }) => filled_qty?.gt(0))
  const activities = await Promise.all(filled.map(({ id }) => activitiesOfOrder(client, account, id)))
  const all = [...new Map(activities.flat().map((one) => [one.id, one])).values()]
  const fills = fillsOf(account, family, all).sort((a, b) => a.filledAt.getTime() - b.filledAt.getTime())
  return reportOf(account, family, fills)
}
