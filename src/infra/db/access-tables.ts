import type { ColumnType, Generated, JSONColumnType } from 'kysely'

type Id = Generated<number>

/** The tables of the ways in for pages and programs. */
export interface AccessTables {
  login_links: {
    token_hash: Buffer
    member_id: number
    created_at: Date
    expires_at: Date
    used_at: ColumnType<Date | null, never, Date>
  }
  web_sessions: {
    id: Id
    token_hash: Buffer
    member_id: number
    device: string
    created_at: Date
    used_at: Date
    expires_at: Date
    ended_at: ColumnType<Date | null, never, Date>
  }
  api_tokens: {
    id: Id
    token_hash: Buffer
    member_id: number
    account_id: number
    name: string
    trades: boolean
    created_at: Date
    used_at: ColumnType<Date | null, never, Date>
    ended_at: ColumnType<Date | null, never, Date>
  }
  hooks: {
    id: Id
    secret_hash: Buffer
    member_id: number
    account_id: number
    conversation_id: number
    number: number
    created_at: Date
    used_at: ColumnType<Date | null, never, Date>
    ended_at: ColumnType<Date | null, never, Date>
  }
  hook_calls: { id: Id; hook_id: number; fingerprint: Buffer; at: Date }
  api_requests: {
    member_id: number
    key: string
    fingerprint: Buffer
    inbound_id: string
    begun_at: Date
    status: ColumnType<number | null, never, number>
    answer: JSONColumnType<object, never, string> | null
  }
}
