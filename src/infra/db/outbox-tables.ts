import type { Generated } from 'kysely'

/** What keeps the way out within the platforms' limits, and what owners were told once. */
export interface OutboxTables {
  posting_limits: { key: string; whole_at: Date; paused_until: Date | null }
  owner_notices: { key: string; at: Generated<Date> }
}
