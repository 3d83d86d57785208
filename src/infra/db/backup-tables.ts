import type { ColumnType, Generated } from 'kysely'

type Later<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>

/** The table of backups. */
export interface BackupTables {
  backups: {
    id: Generated<number>
    begun_at: Generated<Date>
    ended_at: Later<Date>
    path: Later<string>
    bytes: Later<number>
    is_encrypted: Later<boolean>
    is_checked: Generated<boolean>
    fault: Later<string>
  }
}
