import { type Selectable, sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { isNowhere } from '../../orders/rows/order-calls.ts'
import { type AnyOrder, toOrder } from '../../orders/rows/orders.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import { accountHolder, type CorporateAction } from './corporate-actions.ts'

/** Something under way in a symbol, which would continue with the old quantities and prices. `name` is the account's holder. */
export type InTheWay = { accountId: number; name: string } & (
  | { kind: 'order'; order: AnyOrder }
  /** A close without an order yet. */
  | { kind: 'close' }
  /** A touched stop or target, or a tripped circuit breaker. */
  | { kind: 'critical' }
  /** An order for later that is being carried out; `what` describes it in words. */
  | { kind: 'scheduled'; what: string }
  /** A position in the new symbol. */
  | { kind: 'both'; symbol: string }
)

/**
 * Everything under way in the symbol of an action, in one account or in all, except the orders placed again for it. A close that the
 * venue refuses is not: the account moves without it (`withdrawRefused`).
 */
export async function inTheWay(
  db: Db,
  { id, symbol }: Pick<CorporateAction, 'id' | 'symbol'>,
  accountId?: number,
): Promise<InTheWay[]> {
  const orders = await db
    .selectFrom('orders')
    .selectAll()
    .where('symbol', '=', symbol)
    .where('state', 'in', liveStates)
    .where(sql<boolean>`not (purpose in ('stop', 'target', 'breaker') and ${isNowhere})`)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('corporate_action_orders as t')
            .select('t.order_id')
            .where('t.action_id', '=', id)
            .whereRef('t.placed_as', '=', 'orders.id'),
        ),
      ),
    )
    .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId!))
    .orderBy('id')
    .execute()
  const { rows } = await sql<{ account_id: number; kind: 'close' | 'critical' | 'scheduled'; what: string }>`
    select * from (
      select account_id, 'close' as kind, '' as what from unfinished_closes where symbol = ${symbol}
      union all
      select p.account_id, 'critical', '' from positions p join desk_events e on e.account_id = p.account_id
      where p.symbol = ${symbol} and p.closed_at is null and e.urgency = 'CRITICAL' and e.settled_at is null
        and (e.position_id = p.id or e.position_id is null)
        and not exists (select from orders where orders.position_id = p.id
          and orders.purpose in ('stop', 'target', 'breaker') and ${isNowhere})
      union all
      select account_id, 'scheduled', what from scheduled_orders where state = 'running'
        and (symbol = ${symbol} or ${symbol} = any(string_to_array(given ->> 'symbols', ' ')) or command = 'close all')
    ) s where ${accountId ?? null}::bigint is null or account_id = ${accountId ?? null}`.execute(db)
  const names = await namesOf(db, [...new Set([...orders, ...rows].map(({ account_id }) => account_id))])
  const whose = ({ account_id }: { account_id: number }) => ({ accountId: account_id, name: names.get(account_id)! })
  return [
    ...orders.map(
      (row: Selectable<Database['orders']>): InTheWay => ({ ...whose(row), kind: 'order', order: toOrder(row) }),
    ),
    ...rows.map((row): InTheWay => ({ ...whose(row), kind: row.kind, what: row.what }) as InTheWay),
  ]
}

async function namesOf(db: Db, accountIds: number[]): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .innerJoin('account_labels as l', 'l.account_id', 'a.id')
    .select(['a.id', accountHolder.as('name')])
    .where(sql<boolean>`a.id = any(${accountIds}::bigint[])`)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
