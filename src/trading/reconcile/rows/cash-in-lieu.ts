import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** Cash that a venue has reported for a fraction of a symbol. Dollars; a short position pays them. */
export interface VenueCash {
  /** The row of the venue's action. */
  id: number
  symbol: string
  cash: Big
  /** The units that it pays for, where the venue says so. */
  quantity?: Big
  at: Date
}

/** The fraction that a split of an account has paid out of a position, at its cost. */
interface Owed {
  actionId: number
  positionId: number
  isLong: boolean
  fraction: Big
  cash: Big
}

/** Cash for fractions of an account that no split has used yet, oldest first; one report alone with its `id`. */
export async function unusedCash(db: Db, accountId: number, id?: number): Promise<VenueCash[]> {
  const rows = await db
    .selectFrom('venue_actions')
    .select(['id', 'symbol', 'cash', 'quantity', 'at'])
    .where('account_id', '=', accountId)
    .where('kind', '=', 'cash_in_lieu')
    .where('cash', 'is not', null)
    .where('action_id', 'is', null)
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .orderBy('id')
    .execute()
  return rows.map(({ cash, quantity, ...row }) => ({
    ...row,
    cash: new Big(cash!),
    ...(quantity !== null && { quantity: new Big(quantity) }),
  }))
}

/** The newest fraction of a symbol that a split before the cash has paid out, and for which no cash came yet. */
export async function fractionOwed(db: Db, accountId: number, { symbol, at }: VenueCash): Promise<Owed | undefined> {
  const { rows } = await sql<{
    action_id: number
    position_id: number
    signed_quantity_before: string
    fraction: string
    cash_in_lieu: string
  }>`
    select j.action_id, j.position_id, j.signed_quantity_before, j.fraction, j.cash_in_lieu
    from position_adjustments j
    join venue_actions v on v.action_id = j.action_id and v.account_id = j.account_id and v.kind in ('split', 'symbol')
    where j.account_id = ${accountId} and ${symbol} in (j.symbol_before, j.symbol_after) and j.fraction > 0 and v.at <= ${at}
      and not exists (select from venue_actions paid where paid.action_id = j.action_id and paid.kind = 'cash_in_lieu')
    order by j.id desc limit 1`.execute(db)
  const [row] = rows
  return (
    row && {
      actionId: row.action_id,
      positionId: row.position_id,
      isLong: !row.signed_quantity_before.startsWith('-'),
      fraction: new Big(row.fraction),
      cash: new Big(row.cash_in_lieu),
    }
  )
}

/** Notes that the cash of this report belongs to the split that the desk has carried out, so that it is booked once. */
export async function useCash(trx: Trx, id: number, actionId: number): Promise<void> {
  await trx.updateTable('venue_actions').set({ action_id: actionId }).where('id', '=', id).execute()
}
