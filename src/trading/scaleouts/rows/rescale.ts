import { sql } from 'kysely'
import type { Trx } from '../../../infra/db/client.ts'
import { inNewUnits, type Ratio } from '../../corporate-actions/rules/split.ts'
import type { SplitChunk } from '../../corporate-actions/rules/split-scaleout.ts'
import type { Position } from '../../positions/rows/positions.ts'
import type { Protection, ProtectiveOrder } from '../../protection/rows/protective-orders.ts'
import { type Chunk, toChunk } from './chunks.ts'
import type { Scaleout } from './scaleouts.ts'

/** Locks the waiting chunks of a locked scaleout, by number. */
export async function lockWaitingChunks(trx: Trx, scaleoutId: number): Promise<Chunk[]> {
  const rows = await trx
    .selectFrom('scaleout_chunks')
    .selectAll()
    .where('scaleout_id', '=', scaleoutId)
    .where('state', '=', 'waiting')
    .orderBy('number')
    .forNoKeyUpdate()
    .execute()
  return rows.map(toChunk)
}

/**
 * Writes a locked scaleout in new units, with its waiting chunks. The first chunks get the planned quantities and the due times
 * of the turns that they take; the others are dropped. Returns the chunks that still wait.
 */
export async function rescaleScaleout(
  trx: Trx,
  scaleout: Scaleout,
  waiting: Chunk[],
  plan: SplitChunk[],
  ratio: Ratio,
): Promise<Chunk[]> {
  const kept = plan.map(({ turn, quantity }, index): Chunk => {
    const chunk = waiting[index]!
    const soldQuantity = inNewUnits(chunk.soldQuantity, ratio)
    return { ...chunk, soldQuantity, quantity: soldQuantity.plus(quantity), dueAt: waiting[turn]!.dueAt }
  })
  for (const { id, quantity, soldQuantity, dueAt } of kept) {
    await trx
      .updateTable('scaleout_chunks')
      .set({ quantity: quantity.toFixed(), sold_quantity: soldQuantity.toFixed(), due_at: dueAt })
      .where('id', '=', id)
      .execute()
  }
  const dropped = waiting.slice(kept.length).map(({ id }) => id)
  await sql`update scaleout_chunks set state = 'dropped' where id = any(${dropped}::bigint[])`.execute(trx)
  await trx
    .updateTable('scaleouts')
    .set({
      symbol: scaleout.symbol,
      total_quantity: scaleout.totalQuantity.toFixed(),
      sold_quantity: scaleout.soldQuantity.toFixed(),
      decision_price: scaleout.decisionPrice.toFixed(),
      usual_spread: scaleout.smart?.usualSpread.toFixed() ?? null,
      bound_price: scaleout.bound?.price.toFixed() ?? null,
      chunk_count: scaleout.chunkCount,
    })
    .where('id', '=', scaleout.id)
    .execute()
  return kept
}

/** Gives a locked position another symbol. */
export async function renamePosition(trx: Trx, positionId: number, symbol: string): Promise<void> {
  await trx.updateTable('positions').set({ symbol }).where('id', '=', positionId).execute()
}

/**
 * Converts the watch state of a position to new units. The mark is converted, so that nothing seems gained or lost until the
 * next price. The lines near its levels get the ids of the new protective orders.
 */
export async function rescaleWatch(
  trx: Trx,
  { id, signedQuantity, openCost }: Position,
  ratio: Ratio,
  before: Protection,
  after: Protection,
): Promise<void> {
  const row = await trx
    .selectFrom('position_watch')
    .select(['mark', 'state'])
    .where('position_id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return
  const lines = (['stop', 'target'] as const).flatMap((kind) => movedLine(row.state, kind, before[kind], after[kind]))
  const state = { ...(row.state as Record<string, unknown>), ...Object.fromEntries(lines) }
  const seq = Number((row.state as { seq?: number } | null)?.seq ?? 0) + 1
  await sql`
    update position_watch set state = ${JSON.stringify({ ...state, seq })}::jsonb,
      mark = mark * ${ratio.from.toFixed()}::numeric / ${ratio.to.toFixed()}::numeric,
      unrealized_pnl = ${signedQuantity.toFixed()}::numeric * mark * ${ratio.from.toFixed()}::numeric / ${ratio.to.toFixed()}::numeric
        - sign(${signedQuantity.toFixed()}::numeric) * ${openCost.toFixed()}::numeric
    where position_id = ${id}`.execute(trx)
}

function movedLine(state: unknown, kind: 'stop' | 'target', before?: ProtectiveOrder, after?: ProtectiveOrder) {
  const line = (state as Record<string, { order: number } | undefined> | null)?.[kind]
  return line && after && line.order === before?.id ? [[kind, { ...line, order: after.id }] as const] : []
}

/** Moves followed symbols, muted symbols and the last named symbols to a new symbol. */
export async function renameInConversations(trx: Trx, from: string, to: string): Promise<void> {
  await sql`
    with followed as (delete from watches where symbol = ${from} returning conversation_id, account_id)
    insert into watches (conversation_id, account_id, symbol)
    select conversation_id, account_id, ${to} from followed on conflict do nothing`.execute(trx)
  await trx.updateTable('conversations').set({ symbol: to }).where('symbol', '=', from).execute()
  await sql`
    update alert_settings set muted_symbols = (muted_symbols - ${from}::text)
      || jsonb_build_object(${to}::text, muted_symbols -> ${from}::text)
    where muted_symbols ? ${from}`.execute(trx)
}
