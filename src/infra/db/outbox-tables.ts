import type { Generated } from 'kysely'

/** The tables for the platforms' posting limits, and for notices that owners get once. */
export interface OutboxTables {
  posting_limits: { key: string; whole_at: Date; paused_until: Date | null }
  owner_notices: { key: string; at: Generated<Date> }
}
