import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Place } from '../../talk/chat/place.ts'
import { conversationOf } from '../../trading/accounts/rows/members.ts'
import type { Urgency } from '../../trading/events/rules/urgency.ts'
import { type Loudness, loudnessOf, type QuietHours } from './loudness.ts'

/** A conversation with an account whose events it hears. */
export interface Ear {
  conversationId: number
  accountId: number
}

/** The alert settings of a conversation for an account. */
export interface Setting extends Loudness {
  /** The lowest urgency that is told; absent when nobody set one. */
  leastUrgency?: Urgency
  /** Alerts are off, even for positions that were opened here. */
  isOff: boolean
}

/** The conversation that "here" means: the channel when only the answer goes into a thread, else the speaker's conversation. */
export async function earOf(
  db: Db,
  { speaker, channel }: { speaker: { conversationId: number; accountId: number }; channel?: Place },
): Promise<Ear> {
  const { conversationId, accountId } = speaker
  return { conversationId: channel ? await conversationOf(db, channel) : conversationId, accountId }
}

/** Reads the alert settings of a conversation. */
export async function settingOf(db: Db, { conversationId, accountId }: Ear): Promise<Setting> {
  const channel = await db
    .selectFrom('alert_channels')
    .select('least_urgency')
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  const settings = await db
    .selectFrom('alert_settings')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return { ...loudnessOf(settings), leastUrgency: channel?.least_urgency, isOff: settings?.is_off ?? false }
}

/** The settings of all conversations that were ever set for an account, with their places. */
export async function settingsOfAccount(db: Db, accountId: number): Promise<(Setting & { place: Place })[]> {
  const rows = await db
    .selectFrom('conversations as c')
    .leftJoin('alert_channels as h', (join) =>
      join.onRef('h.conversation_id', '=', 'c.id').on('h.account_id', '=', accountId),
    )
    .leftJoin('alert_settings as s', (join) =>
      join.onRef('s.conversation_id', '=', 'c.id').on('s.account_id', '=', accountId),
    )
    .where((eb) => eb.or([eb('h.account_id', 'is not', null), eb('s.account_id', 'is not', null)]))
    .select(['c.place', 'h.least_urgency', 's.is_off', 's.muted_until', 's.quiet_from', 's.quiet_until', 's.time_zone'])
    .select(['s.muted_types', 's.muted_symbols'])
    .orderBy('c.id')
    .execute()
  return rows.map((row) => ({
    ...loudnessOf(row),
    ...(row.least_urgency !== null && { leastUrgency: row.least_urgency }),
    isOff: row.is_off ?? false,
    place: row.place,
  }))
}

/** Lets a conversation hear an account's events of an urgency and above from now on. */
export async function hearFrom(db: Db, ear: Ear, leastUrgency: Urgency, at: Date): Promise<void> {
  await db
    .insertInto('alert_channels')
    .values({ ...columns(ear), least_urgency: leastUrgency, since: at, digested_until: at })
    .onConflict((conflict) =>
      conflict.columns(['conversation_id', 'account_id']).doUpdateSet((eb) => ({
        least_urgency: leastUrgency,
        // A digest that is switched on now covers nothing from before.
        digested_until: eb
          .case()
          .when('alert_channels.least_urgency', '=', 'LOW')
          .then(eb.ref('alert_channels.digested_until'))
          .else(at)
          .end(),
      })),
    )
    .execute()
  await change(db, ear, { is_off: false })
}

/** Switches an account's alerts off in a conversation. */
export async function hearNothing(db: Db, ear: Ear): Promise<void> {
  await db
    .deleteFrom('alert_channels')
    .where('conversation_id', '=', ear.conversationId)
    .where('account_id', '=', ear.accountId)
    .execute()
  await change(db, ear, { is_off: true })
}

/** Mutes a conversation until a time; null ends the mute. */
export function muteUntil(db: Db, ear: Ear, until: Date | null): Promise<void> {
  return change(db, ear, { muted_until: until })
}

/** Sets the muted event types of a conversation. */
export function muteTypes(db: Db, ear: Ear, types: string[]): Promise<void> {
  return change(db, ear, { muted_types: types })
}

/** Mutes a symbol in a conversation until a time. */
export async function muteSymbol(db: Db, ear: Ear, symbol: string, until: Date): Promise<void> {
  const muted = JSON.stringify({ [symbol]: until.toISOString() })
  await db
    .insertInto('alert_settings')
    .values({ ...columns(ear), muted_symbols: muted })
    .onConflict((conflict) =>
      conflict
        .columns(['conversation_id', 'account_id'])
        .doUpdateSet({ muted_symbols: sql`alert_settings.muted_symbols || excluded.muted_symbols` }),
    )
    .execute()
}

/** Ends the mute of a symbol; without a symbol, of all symbols. */
export async function unmuteSymbol(db: Db, { conversationId, accountId }: Ear, symbol?: string): Promise<void> {
  await db
    .updateTable('alert_settings')
    .set({ muted_symbols: symbol === undefined ? '{}' : sql`muted_symbols - ${symbol}::text` })
    .where('conversation_id', '=', conversationId)
    .where('account_id', '=', accountId)
    .execute()
}

/** Sets the quiet hours of a conversation; undefined removes them. */
export function quietHours(db: Db, ear: Ear, quiet: QuietHours | undefined): Promise<void> {
  const { from = null, until = null, timeZone = null } = quiet ?? {}
  return change(db, ear, { quiet_from: from, quiet_until: until, time_zone: timeZone })
}

interface Change {
  is_off?: boolean
  muted_until?: Date | null
  muted_types?: string[]
  quiet_from?: string | null
  quiet_until?: string | null
  time_zone?: string | null
}

async function change(db: Db, ear: Ear, to: Change): Promise<void> {
  await db
    .insertInto('alert_settings')
    .values({ ...columns(ear), ...to })
    .onConflict((conflict) => conflict.columns(['conversation_id', 'account_id']).doUpdateSet(to))
    .execute()
}

const columns = (ear: Ear) => ({ conversation_id: ear.conversationId, account_id: ear.accountId })
