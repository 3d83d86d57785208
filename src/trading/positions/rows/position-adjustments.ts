import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { PaidOut, Ratio } from '../../corporate-actions/rules/split.ts'
import type { Correction } from '../rules/equity-curve.ts'
import type { Holding } from '../rules/position.ts'

/**
 * The change of a position by a corporate action, by a member's word about a difference to the venue (`gapId`), or, without either, by
 * cash that came later for a fraction.
 */
export interface Adjustment {
  actionId?: number
  gapId?: number
  because?: string
  positionId: number
  accountId: number
  before: Holding & { symbol: string }
  after: Holding & { symbol: string }
  /** Dollars for a fraction, and the P&L that they locked in. */
  paidOut?: PaidOut
}

/** Saves the adjustment of a locked position, in the transaction that adjusts it. */
export async function keepAdjustment(trx: Trx, adjustment: Adjustment, at: Date): Promise<void> {
  const { before, after, paidOut } = adjustment
  await trx
    .insertInto('position_adjustments')
    .values({
      action_id: adjustment.actionId ?? null,
      gap_id: adjustment.gapId ?? null,
      because: adjustment.because ?? null,
      position_id: adjustment.positionId,
      account_id: adjustment.accountId,
      symbol_before: before.symbol,
      symbol_after: after.symbol,
      signed_quantity_before: before.signedQuantity.toFixed(),
      signed_quantity_after: after.signedQuantity.toFixed(),
      open_cost_before: before.openCost.toFixed(),
      open_cost_after: after.openCost.toFixed(),
      fraction: paidOut?.quantity.toFixed(),
      cash_in_lieu: paidOut?.cash.toFixed(),
      realized_pnl: paidOut?.realizedPnl.toFixed(),
      at,
    })
    .execute()
}

/** Adjustments of an account's positions, oldest first, for rebuilding positions from fills. */
export async function adjustmentsOf(db: Db, accountId: number): Promise<Correction[]> {
  const rows = await db
    .selectFrom('position_adjustments as p')
    .leftJoin('corporate_actions as c', 'c.id', 'p.action_id')
    .selectAll('p')
    .select(['c.new_units', 'c.old_units'])
    .where('p.account_id', '=', accountId)
    .orderBy('p.id')
    .execute()
  return rows.map((row) => ({
    symbol: row.symbol_after,
    signedQuantity: new Big(row.signed_quantity_after),
    openCost: new Big(row.open_cost_after),
    at: row.at,
    adjusts: {
      isCash: row.action_id === null && row.gap_id === null,
      symbol: row.symbol_before,
      ratio: { to: new Big(row.new_units ?? 1), from: new Big(row.old_units ?? 1) },
      realizedPnl: new Big(row.realized_pnl),
    },
  }))
}

/** P&L of paid-out fractions of an account, in dollars, by symbol; from `since` on, if given. */
export async function paidOutBySymbol(
  db: Db,
  accountId: number,
  { symbol, since }: { symbol?: string; since?: Date } = {},
): Promise<Map<string, Big>> {
  const rows = await db
    .selectFrom('position_adjustments as a')
    .innerJoin('positions as p', 'p.id', 'a.position_id')
    .select((eb) => ['p.symbol', eb.fn.sum<string>('a.realized_pnl').as('realized')])
    .where('a.account_id', '=', accountId)
    .where((eb) => eb.or([eb('a.fraction', '>', '0'), eb('a.realized_pnl', '<>', '0')]))
    .$if(symbol !== undefined, (query) => query.where('p.symbol', '=', symbol!))
    .$if(since !== undefined, (query) => query.where('a.at', '>=', since!))
    .groupBy('p.symbol')
    .execute()
  return new Map(rows.map((row) => [row.symbol, new Big(row.realized)]))
}

/** The last split of a position. */
export interface LastSplit {
  ratio: Ratio
  at: Date
  /**
   * The cost of an old unit in dollars when the split was asked for. Undefined when the market showed prices of new units
   * already.
   */
  oldPrice?: Big
}

const isOf = (positionIds: number[]) => sql<boolean>`p.position_id = any(${positionIds}::bigint[])`

/** The last split of each of these positions; a position without one is missing. */
export async function lastSplits(db: Db, positionIds: number[]): Promise<Map<number, LastSplit>> {
  if (positionIds.length === 0) return new Map()
  return toSplits(await splitRows(db).where(isOf(positionIds)).execute())
}

/** The last split of each open position, or of these open positions only; a split without a known old price is left out. */
export async function splitsOfOpen(db: Db, positionIds?: number[]): Promise<Map<number, LastSplit>> {
  const rows = splitRows(db)
    .innerJoin('positions as o', 'o.id', 'p.position_id')
    .where('o.closed_at', 'is', null)
    .where('c.old_price', 'is not', null)
    .$if(positionIds !== undefined, (query) => query.where(isOf(positionIds!)))
  return toSplits(await rows.execute())
}

const splitRows = (db: Db) =>
  db
    .selectFrom('position_adjustments as p')
    .innerJoin('corporate_actions as c', 'c.id', 'p.action_id')
    .distinctOn('p.position_id')
    .select(['p.position_id', 'p.at', 'c.new_units', 'c.old_units', 'c.old_price'])
    .where('c.kind', '=', 'split')
    .orderBy('p.position_id')
    .orderBy('p.id', 'desc')

function toSplits(rows: Awaited<ReturnType<ReturnType<typeof splitRows>['execute']>>): Map<number, LastSplit> {
  return new Map(
    rows.map((row) => [
      row.position_id,
      {
        ratio: { to: new Big(row.new_units), from: new Big(row.old_units) },
        at: row.at,
        oldPrice: row.old_price === null ? undefined : new Big(row.old_price),
      },
    ]),
  )
}
