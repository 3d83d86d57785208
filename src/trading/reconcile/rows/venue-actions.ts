import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { VenueCorporateAction } from '../../../venues/venue.ts'
import type { CorporateAction } from '../../corporate-actions/rows/corporate-actions.ts'
import type { Ratio } from '../../corporate-actions/rules/split.ts'

/** A corporate action of an account, as its venue reported it. */
export interface VenueAction extends Omit<VenueCorporateAction, 'id'> {
  id: number
  /** `waiting`: the venue's quantity does not show it yet; `noted`: it changes no quantity of the desk. */
  state: 'waiting' | 'applied' | 'noted'
  /** The desk's action that moves the account, once it has begun. */
  actionId?: number
}

/** Writes an action of an account, once. Returns the id of its row; undefined when it is known. */
export async function noteAction(
  trx: Trx,
  accountId: number,
  action: VenueCorporateAction,
  state: VenueAction['state'],
): Promise<number | undefined> {
  const row = await trx
    .insertInto('venue_actions')
    .values({
      account_id: accountId,
      venue_action_id: action.id,
      kind: action.kind,
      symbol: action.symbol,
      new_symbol: action.newSymbol ?? null,
      quantity: action.quantity?.toFixed(),
      ratio: action.ratio?.toFixed(),
      cash: action.cash?.toFixed(),
      words: action.words ?? null,
      at: action.at,
      state,
      action_id: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** Actions of an account that its quantity does not show yet, oldest first. */
export async function waitingActions(db: Db, accountId: number): Promise<VenueAction[]> {
  const rows = await db
    .selectFrom('venue_actions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .execute()
  return rows.map(toVenueAction)
}

/** The newest actions of an account, at most five. */
export async function latestActions(db: Db, accountId: number): Promise<VenueAction[]> {
  const rows = await db
    .selectFrom('venue_actions')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .limit(5)
    .execute()
  return rows.map(toVenueAction)
}

/** Ends the wait of an action. */
export async function settleAction(db: Db, id: number, state: 'applied' | 'noted'): Promise<void> {
  await db.updateTable('venue_actions').set({ state }).where('id', '=', id).execute()
}

/**
 * Begins the desk's own action that moves this one account, once; a second call returns the same, with `isNew` false. Other
 * accounts have their own, when their venues report it.
 */
export async function beginOwnAction(
  trx: Trx,
  of: {
    action: VenueAction
    accountId: number
    memberId: number
    conversationId: number
    ratio: Ratio
    newSymbol: string
    cashPrice?: Big
    oldPrice?: Big
  },
  at: Date,
): Promise<CorporateAction & { isNew: boolean }> {
  const { action, accountId, memberId, conversationId, ratio, newSymbol, cashPrice, oldPrice } = of
  const inboundId = `venue-action-${action.id}`
  const kind = newSymbol === action.symbol ? ('split' as const) : ('rename' as const)
  const { rows } = await sql<{
    id: number
    at: Date
    state: CorporateAction['state']
    cash_price: string | null
    is_new: boolean
  }>`
    insert into corporate_actions as c (kind, symbol, new_symbol, new_units, old_units, cash_price, old_price, state, member_id,
      conversation_id, inbound_id, at, worked_at, account_id)
    values (${kind}, ${action.symbol}, ${newSymbol}, ${ratio.to.toNumber()}, ${ratio.from.toNumber()},
      ${cashPrice?.toFixed() ?? null}, ${oldPrice?.toFixed() ?? null}, 'moving', ${memberId}, ${conversationId}, ${inboundId},
      ${at}, ${at}, ${accountId})
    on conflict (inbound_id) do update set worked_at = excluded.worked_at
    returning id, at, state, cash_price, xmax = 0 as is_new`.execute(trx)
  const { id, at: begun, state, cash_price, is_new } = rows[0]!
  await sql`insert into corporate_action_accounts (action_id, account_id) values (${id}, ${accountId})
    on conflict do nothing`.execute(trx)
  await trx.updateTable('venue_actions').set({ action_id: id }).where('id', '=', action.id).execute()
  return {
    id,
    kind,
    symbol: action.symbol,
    newSymbol,
    ratio,
    cashPrice: cash_price === null ? undefined : new Big(cash_price),
    oldPrice,
    memberId,
    conversationId,
    inboundId,
    state,
    at: begun,
    isNew: is_new,
  }
}

function toVenueAction(row: Selectable<Database['venue_actions']>): VenueAction {
  return {
    id: row.id,
    kind: row.kind,
    symbol: row.symbol,
    newSymbol: row.new_symbol ?? undefined,
    quantity: row.quantity === null ? undefined : new Big(row.quantity),
    ratio: row.ratio === null ? undefined : new Big(row.ratio),
    cash: row.cash === null ? undefined : new Big(row.cash),
    words: row.words ?? undefined,
    at: row.at,
    state: row.state,
    actionId: row.action_id ?? undefined,
  }
}
