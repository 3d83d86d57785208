import type { ColumnType, Generated } from 'kysely'

/** The table of health. */
export interface HealthTables {
  health: {
    name: string
    state: 'ok' | 'warn' | 'down'
    words: string
    since: Date
    looks: number
    is_told: Generated<boolean>
    down_since: ColumnType<Date | null, Date | null | undefined, Date | null>
    looked_at: Date
  }
}
