import { sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db } from '../../infra/db/client.ts'
import { orderPrefixOf } from '../rules/agent.ts'

/**
 * Was every unit of a position bought, or sold short, by this agent? A position to which somebody else has added is theirs: an agent
 * leaves it alone.
 */
export async function isOwnPosition(db: Db, agentId: number, positionId: number): Promise<boolean> {
  const { rows } = await sql<{ others: boolean }>`
    select exists (
      select from fills f join orders o on o.id = f.order_id
      where f.position_id = ${positionId} and o.purpose in ('open', 'record')
        and o.client_order_id not like ${likePrefix(agentId)}
    ) as others`.execute(db)
  return !rows[0]!.others
}

/** The realized P&L of an agent so far, in dollars, and the number of its filled orders. */
export async function madeBy(db: Db, agentId: number): Promise<{ realized: Big; orders: number }> {
  const { rows } = await sql<{ realized: string | null; orders: number }>`
    with own as (
      select id, position_id from orders
      where client_order_id like 'agent-%' and client_order_id like ${likePrefix(agentId)} and filled_quantity > 0
    )
    select (select sum(p.realized_pnl) from positions p where p.id in (select position_id from own)) as realized,
      (select count(*)::int from own) as orders`.execute(db)
  const { realized, orders } = rows[0]!
  return { realized: new Big(realized ?? 0), orders }
}

/** The prefix holds no sign that `like` knows, for a hyphen is none. */
const likePrefix = (agentId: number) => `${orderPrefixOf(agentId)}%`
