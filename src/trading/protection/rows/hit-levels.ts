import { type RawBuilder, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { ProtectionKind } from './part-levels.ts'

/** A level that the price has touched, and whose close is not done yet. */
export interface HitLevel {
  positionId: number
  symbol: string
  kind: ProtectionKind
  /** Dollars a unit. */
  price: Big
  /** The units of a level for a part. */
  quantity?: Big
  /** The close sells; of a short position it buys back. */
  isLong: boolean
}

/** Touched levels of open positions whose close is not done; `which` selects them by the column of the position. */
export async function hitLevels(
  db: Db,
  which: (column: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<HitLevel[]> {
  const idIn = (field: string) =>
    sql`case when e.data ->> ${sql.lit(field)} ~ '^[0-9]+$' then (e.data ->> ${sql.lit(field)})::bigint end`
  const { rows } = await sql<Omit<HitLevel, 'price' | 'quantity'> & { price: string; quantity: string | null }>`
    select e.position_id as "positionId", p.symbol, coalesce(o.kind, l.kind) as kind, coalesce(o.price, l.price)::text as price,
      l.quantity::text as quantity, p.signed_quantity > 0 as "isLong"
    from desk_events e join positions p on p.id = e.position_id and p.closed_at is null
    left join protective_orders o on o.id = ${idIn('protectiveOrderId')} and o.state = 'triggered'
    left join part_levels l on l.id = ${idIn('partLevelId')} and l.state = 'triggered'
    where e.urgency = 'CRITICAL' and e.settled_at is null and coalesce(o.id, l.id) is not null
      and ${which(sql.ref('e.position_id'))}
    order by e.id`.execute(db)
  return rows.map(({ quantity, price, ...row }) => ({
    ...row,
    price: new Big(price),
    ...(quantity !== null && { quantity: new Big(quantity) }),
  }))
}
