import { sql } from 'kysely'
import { type Check, ok, warn } from '../check.ts'

/** A slower answer, in milliseconds, delays closes at once. */
const slowMs = 500

/** Postgres takes a write and answers. */
export const database: Check = {
  name: 'database',
  of: 'desk',
  stops: 'Nothing is bought, sold or closed while it does not answer; open protection at brokers rests on.',
  async look({ db }) {
    const began = performance.now()
    await sql`insert into chores (name, begun_at) values ('health write', now())
      on conflict (name) do update set begun_at = now()`.execute(db)
    const ms = Math.round(performance.now() - began)
    return ms > slowMs ? warn(`a write takes ${ms} ms`) : ok(`a write takes ${ms} ms`)
  },
}
