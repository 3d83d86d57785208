import { type Kysely, type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { CorporateActionState } from '../../../infra/db/corporate-action-tables.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'
import type { Ratio } from '../rules/split.ts'

/** A split or a rename of a symbol, as an owner asks for it. */
export interface WantedAction {
  kind: 'split' | 'rename'
  symbol: string
  /** For a split, equal to `symbol`. */
  newSymbol: string
  ratio: Ratio
  /** Dollars a new unit at which fractions are paid out. */
  cashPrice?: Big
  /** Price of an old unit in dollars at the request; absent when the market shows prices of new units already. */
  oldPrice?: Big
  memberId: number
  conversationId: number
  /** The id of the requesting message. */
  inboundId: string
}

/** A corporate action that was begun. */
export interface CorporateAction extends WantedAction {
  id: number
  state: CorporateActionState
  /** The reason of a refusal. */
  because?: string
  at: Date
}

/**
 * Begins an action. Undefined when the message was heard before, when another action of the symbol is unfinished, or when one
 * was done after `lastSeen`. `lastSeen` is the id of the last action that the requester knows of, so two concurrent requests do
 * not both act.
 */
export async function beginAction(
  db: Kysely<Database>,
  wanted: WantedAction,
  lastSeen: number,
  at: Date,
): Promise<CorporateAction | undefined> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`corporate action of ${wanted.symbol}`}, 0))`.execute(trx)
    const other = await trx
      .selectFrom('corporate_actions')
      .select('id')
      .where('symbol', '=', wanted.symbol)
      .where((eb) => eb.or([eb('ended_at', 'is', null), eb('id', '>', lastSeen).and('state', '=', 'done')]))
      .executeTakeFirst()
    if (other) return undefined
    const row = await trx
      .insertInto('corporate_actions')
      .values({
        kind: wanted.kind,
        symbol: wanted.symbol,
        new_symbol: wanted.newSymbol,
        new_units: wanted.ratio.to.toNumber(),
        old_units: wanted.ratio.from.toNumber(),
        cash_price: wanted.cashPrice?.toFixed() ?? null,
        old_price: wanted.oldPrice?.toFixed() ?? null,
        member_id: wanted.memberId,
        conversation_id: wanted.conversationId,
        inbound_id: wanted.inboundId,
        at,
        worked_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    return row && toAction(row)
  })
}

/** Finds an action by its id, by its requesting message, or the unfinished action of a symbol. */
export async function findAction(
  db: Db,
  by: { id: number } | { inboundId: string } | { unfinishedOf: string },
): Promise<CorporateAction | undefined> {
  const actions = db.selectFrom('corporate_actions').selectAll()
  const row = await ('id' in by
    ? actions.where('id', '=', by.id)
    : 'inboundId' in by
      ? actions.where('inbound_id', '=', by.inboundId)
      : actions.where('symbol', '=', by.unfinishedOf).where('ended_at', 'is', null)
  ).executeTakeFirst()
  return row && toAction(row)
}

/** The last action of a symbol that was done. */
export async function lastDone(db: Db, symbol: string): Promise<CorporateAction | undefined> {
  const row = await db
    .selectFrom('corporate_actions')
    .selectAll()
    .where('symbol', '=', symbol)
    .where('state', '=', 'done')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toAction(row)
}

/** The present name of a renamed symbol; undefined when it was not renamed. */
export async function calledNow(db: Db, symbol: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('corporate_actions')
    .select('new_symbol')
    .where('symbol', '=', symbol)
    .where('kind', '=', 'rename')
    .where('state', '=', 'done')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.new_symbol
}

/** Unfinished actions without work since a moment; for the sweep. */
export async function abandonedActions(db: Db, since: Date): Promise<CorporateAction[]> {
  const rows = await db
    .selectFrom('corporate_actions')
    .selectAll()
    .where('ended_at', 'is', null)
    // One of a single account goes on with the looks at its venue.
    .where('account_id', 'is', null)
    .where('worked_at', '<', since)
    .orderBy('id')
    .execute()
  return rows.map(toAction)
}

/** Notes that a process is working on the action. */
export async function noteWorked(db: Db, id: number, at: Date): Promise<void> {
  await db.updateTable('corporate_actions').set({ worked_at: at }).where('id', '=', id).execute()
}

/** Advances an action to its next state; false when another process did. */
export async function advance(
  db: Db,
  { id, state }: CorporateAction,
  to: CorporateActionState,
  at: Date,
  because?: string,
): Promise<boolean> {
  const isOver = to === 'done' || to === 'refused'
  const row = await db
    .updateTable('corporate_actions')
    .set({ state: to, worked_at: at, ended_at: isOver ? at : null, ...(because !== undefined && { because }) })
    .where('id', '=', id)
    .where('state', '=', state)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Notes the accounts to move: those with anything in the symbol, and those with orders that were taken back. */
export async function addAccounts(trx: Trx, { id, symbol }: CorporateAction): Promise<void> {
  await sql`
    insert into corporate_action_accounts (action_id, account_id)
    select ${id}::bigint, account_id from (${accountsWith(symbol, id)}) a
    on conflict do nothing`.execute(trx)
}

/**
 * Accounts with a position, an order or an order for later in a symbol. With an action's id it includes the accounts whose
 * orders it took back.
 */
export async function accountsIn(
  db: Db,
  symbol: string,
  actionId?: number,
): Promise<{ accountId: number; name: string }[]> {
  const { rows } = await sql<{ accountId: number; name: string }>`
    select a.id as "accountId", ${accountHolder} as name from (${accountsWith(symbol, actionId)}) s
    join accounts a on a.id = s.account_id join members m on m.id = a.member_id
    join account_labels l on l.account_id = a.id order by a.id`.execute(db)
  return rows
}

/** The holder of account `a`, member `m`, with the label `l` if they have several accounts: `alice`, `alice (swing)`. */
export const accountHolder = sql<string>`m.name || coalesce(' (' || l.label || ')', '')`

const accountsWith = (symbol: string, actionId = 0) => sql`
  select account_id from positions where symbol = ${symbol} and closed_at is null
  union select account_id from orders where symbol = ${symbol} and state = any(${[...liveStates]}::text[])
  union select account_id from unfinished_closes where symbol = ${symbol}
  union select account_id from corporate_action_orders where action_id = ${actionId}::bigint and state = 'taken'
  union select account_id from scheduled_orders where state in ('waiting', 'running')
    and (symbol = ${symbol} or ${symbol} = any(string_to_array(given ->> 'symbols', ' ')))`

/** Accounts that are still to move, with the names of their holders. */
export async function accountsToMove(db: Db, actionId: number): Promise<{ accountId: number; name: string }[]> {
  return db
    .selectFrom('corporate_action_accounts as c')
    .innerJoin('accounts as a', 'a.id', 'c.account_id')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .innerJoin('account_labels as l', 'l.account_id', 'a.id')
    .select(['c.account_id as accountId', accountHolder.as('name')])
    .where('c.action_id', '=', actionId)
    .where('c.state', '=', 'waiting')
    .orderBy('c.account_id')
    .execute()
}

/** Is a locked account still to move? No other process moves it until the transaction ends. */
export async function isToMove(trx: Trx, actionId: number, accountId: number): Promise<boolean> {
  const row = await trx
    .selectFrom('corporate_action_accounts')
    .select('state')
    .where('action_id', '=', actionId)
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  return row?.state === 'waiting'
}

/** Notes that an account was moved. */
export async function noteMoved(trx: Trx, actionId: number, accountId: number): Promise<void> {
  await trx
    .updateTable('corporate_action_accounts')
    .set({ state: 'moved' })
    .where('action_id', '=', actionId)
    .where('account_id', '=', accountId)
    .execute()
}

/** The counts of an action's work. `orders` counts the orders placed again. */
export interface MovedCounts {
  accounts: number
  positions: number
  orders: number
}

/** Counts the accounts, positions and orders that an action has moved. */
export async function countMoved(db: Db, actionId: number): Promise<MovedCounts> {
  const { rows } = await sql<MovedCounts>`select
    (select count(*)::int from corporate_action_accounts where action_id = ${actionId} and state = 'moved') as accounts,
    (select count(*)::int from position_adjustments where action_id = ${actionId}) as positions,
    (select count(*)::int from corporate_action_orders where action_id = ${actionId} and state = 'placed') as orders`.execute(
    db,
  )
  return rows[0]!
}

function toAction(row: Selectable<Database['corporate_actions']>): CorporateAction {
  return {
    id: row.id,
    kind: row.kind,
    symbol: row.symbol,
    newSymbol: row.new_symbol,
    ratio: { to: new Big(row.new_units), from: new Big(row.old_units) },
    cashPrice: row.cash_price === null ? undefined : new Big(row.cash_price),
    oldPrice: row.old_price === null ? undefined : new Big(row.old_price),
    state: row.state,
    because: row.because ?? undefined,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    inboundId: row.inbound_id,
    at: row.at,
  }
}
