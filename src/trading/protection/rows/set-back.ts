import { sql } from 'kysely'
import type { Trx } from '../../../infra/db/client.ts'
import type { ClosingOrder } from './closings.ts'

/**
 * Lets the levels of a locked position stand again that ended when this closing order was written: the touched one, and those that were
 * cancelled for it. A level that was set since then stays instead; a part of which units are closed already does not come back. Returns
 * whether any stands again.
 */
export async function setBackTouched(trx: Trx, { id, positionId }: ClosingOrder): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    with begun as (
      select min(own.created_at) as at, sum(own.filled_quantity) as filled
      from orders o join orders own on own.position_id = o.position_id and own.purpose = o.purpose
        and regexp_replace(own.client_order_id, '^((stop|target)(-part)?-[0-9]+)-[0-9]+$', '\\1')
          = regexp_replace(o.client_order_id, '^((stop|target)(-part)?-[0-9]+)-[0-9]+$', '\\1')
      where o.id = ${id}
    ), whole as (
      update protective_orders p set state = 'working', ended_because = null, ended_at = null
      from begun where p.position_id = ${positionId} and p.state in ('triggered', 'cancelled') and p.ended_at = begun.at
        and not exists (select from protective_orders n
          where n.position_id = p.position_id and n.kind = p.kind and n.state = 'working')
      returning p.id
    ), parts as (
      update part_levels l set state = 'working', ended_because = null, ended_at = null
      from begun where l.position_id = ${positionId} and l.state in ('triggered', 'cancelled') and l.ended_at = begun.at
        and (l.state = 'cancelled' or begun.filled = 0)
        and not exists (select from part_levels n
          where n.position_id = l.position_id and n.kind = l.kind and n.price = l.price and n.state = 'working')
      returning l.id
    )
    select id from whole union all select id from parts`.execute(trx)
  return rows.length > 0
}
