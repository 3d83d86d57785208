import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { keepAccount } from '../../accounts/rows/accounts.ts'
import type { Speed } from '../rules/scaleout-plan.ts'
import { type Scaleout, toScaleout } from './scaleouts.ts'

/** Scaleouts that were asked for together. */
export interface ScaleoutGroup {
  id: number
  conversationId: number
  speed: Speed
  /** The member's own length in planned milliseconds; `speed` is then the nearest one. */
  lengthMs?: number
  state: 'running' | 'ended'
  /** The outbox row whose message shows the progress of all of them. */
  announcement: number | null
  /** All scaleouts of the group, in the order of their start. */
  scaleouts: Scaleout[]
}

/** Begins a group; its scaleouts are saved with its id. */
export async function saveGroup(
  trx: Trx,
  group: { accountId: number; conversationId: number; speed: Speed; lengthMs?: number },
  at: Date,
): Promise<number> {
  const row = await trx
    .insertInto('scaleout_groups')
    .values({
      account_id: group.accountId,
      conversation_id: group.conversationId,
      speed: group.speed,
      length_ms: group.lengthMs,
      started_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Saves the outbox row that announces a group. */
export async function announceGroup(trx: Trx, id: number, announcement: number): Promise<void> {
  await trx.updateTable('scaleout_groups').set({ announcement }).where('id', '=', id).execute()
}

/**
 * Locks groups in the order that all transactions keep, after positions and scaleouts. It reads them after the lock, so it sees
 * the changes of the last holders.
 */
export async function lockGroups(trx: Trx, ids: number[]): Promise<ScaleoutGroup[]> {
  await sql`select from scaleout_groups where id = any(${ids}::bigint[]) order by id for no key update`.execute(trx)
  const groups = await trx
    .selectFrom('scaleout_groups')
    .selectAll()
    .where(sql<boolean>`id = any(${ids}::bigint[])`)
    .orderBy('id')
    .execute()
  const scaleouts = await trx
    .selectFrom('scaleouts')
    .selectAll()
    .where(sql<boolean>`group_id = any(${ids}::bigint[])`)
    .orderBy('id')
    .execute()
  return groups.map(({ id, conversation_id, speed, length_ms, state, announcement }) => ({
    id,
    conversationId: conversation_id,
    speed,
    lengthMs: length_ms ?? undefined,
    state,
    announcement,
    scaleouts: scaleouts.filter((row) => row.group_id === id).map(toScaleout),
  }))
}

/** The groups of the running scaleouts of these positions. */
export async function groupsOfPositions(db: Db, positionIds: number[]): Promise<number[]> {
  const rows = await db
    .selectFrom('scaleouts')
    .select('group_id')
    .distinct()
    .where(sql<boolean>`position_id = any(${positionIds}::bigint[])`)
    .where('state', 'in', ['running', 'paused'])
    .where('group_id', 'is not', null)
    .execute()
  return rows.map(({ group_id }) => group_id!)
}

/** Ends a locked group. */
export async function endGroup(trx: Trx, id: number, at: Date): Promise<void> {
  await trx.updateTable('scaleout_groups').set({ state: 'ended', ended_at: at }).where('id', '=', id).execute()
}

/** The group that an outbox row announces. */
export async function groupAnnouncedBy(db: Db, row: number): Promise<number | undefined> {
  const group = await db.selectFrom('scaleout_groups').select('id').where('announcement', '=', row).executeTakeFirst()
  return group?.id
}

/**
 * Moves a group, its scaleouts and their queued replies to another conversation. It updates each row by itself, so that it
 * never holds one lock while it waits for another.
 */
export async function moveGroup(db: Db, id: number, conversationId: number): Promise<void> {
  const { account_id } = await db
    .updateTable('scaleout_groups')
    .set({ conversation_id: conversationId })
    .where('id', '=', id)
    .returning('account_id')
    .executeTakeFirstOrThrow()
  await keepAccount(db, account_id, conversationId)
  const scaleouts = await db.selectFrom('scaleouts').select('id').where('group_id', '=', id).execute()
  for (const scaleout of scaleouts) {
    await db.updateTable('scaleouts').set({ conversation_id: conversationId }).where('id', '=', scaleout.id).execute()
    await db
      .updateTable('replies')
      .set({ conversation_id: conversationId })
      .where('scaleout_id', '=', scaleout.id)
      .where('state', '=', 'queued')
      .execute()
  }
}
