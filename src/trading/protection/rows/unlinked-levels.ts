import { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import { unlinkedBecause } from '../../accounts/rules/unlinked.ts'
import { type Level, type ProtectionKind, trailFrom } from './protective-orders.ts'

/** The stop and the target of a position that ended last because its account was unlinked; prices in dollars a unit. */
export async function unlinkedLevels(trx: Trx, positionId: number): Promise<Map<ProtectionKind, Level>> {
  const rows = await trx
    .selectFrom('protective_orders')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', '=', 'cancelled')
    .where('ended_because', '=', unlinkedBecause)
    .orderBy('id')
    .execute()
  return new Map(
    rows.map((row) => {
      const { kind, price, trail, best_price, trail_dollars, member_id, conversation_id } = row
      const fields = { memberId: member_id, conversationId: conversation_id, kind, price: new Big(price) }
      return [kind, { ...fields, trail: trailFrom(trail, best_price, trail_dollars) }] as const
    }),
  )
}
