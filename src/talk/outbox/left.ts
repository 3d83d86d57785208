import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import { liveStates } from '../../trading/orders/rules/order-lifecycle.ts'
import type { DoorName } from '../chat/place.ts'

interface Left {
  orders: number
  later: number
  levels: number
  alerts: number
  screens: number
}

/**
 * A sentence on the orders, levels, price alerts and scheduled screens of a door that wait while the desk is down, for the person who ends the desk. Undefined
 * when nothing waits.
 */
export async function waitsForNextStart(db: Db, door: DoorName): Promise<string | undefined> {
  const { rows } = await sql<Left>`
    with here as (select id from conversations where place ->> 'door' = ${door})
    select
      (select count(*)::int from orders where conversation_id in (select id from here)
        and state = any(${[...liveStates]}::text[]) and (limit_price is not null or stop_price is not null)) as orders,
      (select count(*)::int from scheduled_orders where conversation_id in (select id from here)
        and state in ('waiting', 'running')) as later,
      (select count(*)::int from protective_orders where conversation_id in (select id from here)
        and state = 'working') as levels,
      (select count(*)::int from price_alerts where conversation_id in (select id from here)
        and state = 'waiting') as alerts,
      (select count(*)::int from strategy_schedules where conversation_id in (select id from here)
        and state = 'on') as screens`.execute(db)
  return leftText(rows[0]!)
}

/** Is a position open that was opened or recorded at a door? */
export async function holdsAny(db: Db, door: DoorName): Promise<boolean> {
  const { rows } = await sql`
    select from positions p join conversations c on c.id = p.conversation_id
    where p.closed_at is null and c.place ->> 'door' = ${door} limit 1`.execute(db)
  return rows.length > 0
}

function leftText({ orders, later, levels, alerts, screens }: Left): string | undefined {
  const counted = [
    ...(orders > 0 ? [`${orders} ${orders === 1 ? 'working order' : 'working orders'}`] : []),
    ...(later > 0 ? [`${later} ${later === 1 ? 'order' : 'orders'} for later`] : []),
    ...(levels > 0 ? [`${levels} ${levels === 1 ? 'stop or target' : 'stops and targets'}`] : []),
    ...(alerts > 0 ? [`${alerts} ${alerts === 1 ? 'price alert' : 'price alerts'}`] : []),
    ...(screens > 0 ? [`${screens} scheduled ${screens === 1 ? 'screen' : 'screens'}`] : []),
  ]
  if (counted.length === 0) return undefined
  const isOne = orders + later + levels + alerts + screens === 1
  const all = counted.join(', ').replace(/, ([^,]*)$/, ' and $1')
  const ends = orders + later > 0 ? '; what expires or falls due before is not done' : ''
  return `⏸ ${all} ${isOne ? 'waits' : 'wait'} for the next start of the desk. Until then nobody looks at the market for ${isOne ? 'it' : 'them'}${ends}.`
}
