import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { readCredentialKeys } from '../../../src/venues/links/credential-keys.ts'
import { rotateKeys } from '../../../src/venues/links/rotate-keys.ts'
import { seal } from '../../../src/venues/links/vault.ts'
import { createVenueAccess } from '../../../src/venues/links/venue-access.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const keyText = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [old, young] = [keyText('old'), keyText('young')]
let fresh: FreshDatabase
let db: Kysely<Database>
beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, pino({ level: 'silent' }), 3)
})
afterAll(async () => {
  await db?.destroy()
  await fresh?.drop()
})

test('wraps every row with the new key, however often it is stopped, and passes over what does not open', async () => {
  const { id: memberId } = await db
    .insertInto('members')
    .values({ name: 'alice', role: 'trader' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const names = Array.from({ length: 205 }, (_, index) => `a-${index}`)
  const accounts = await db
    .insertInto('accounts')
    .values(names.map((name) => ({ member_id: memberId, name, venue: 'alpaca', venue_account: name, mode: 'paper' })))
    .returning(['id', 'venue_account'])
    .execute()
  await db
    .insertInto('venue_credentials')
    .values(
      accounts.map(({ id, venue_account: account }) => {
        const whose = { venue: 'alpaca', account: account === 'a-7' ? 'another' : account!, mode: 'paper' as const }
        const { keyId, wrappedKey, sealed } = seal(
          readCredentialKeys(old),
          { kind: 'keys', keyId: account!, secret: 's' },
          whose,
        )
        return { account_id: id, kind: 'keys', key_id: keyId, wrapped_key: wrappedKey, sealed }
      }),
    )
    .execute()
  await expect(rotateKeys(db, readCredentialKeys(''))).rejects.toThrow('CREDENTIALS_KEYS is not set')
  const both = readCredentialKeys(`${young},${old}`)
  const [one, other] = await Promise.all([rotateKeys(db, both), rotateKeys(db, both)])
  expect(one.wrapped + other.wrapped).toBe(204)
  const again = await rotateKeys(db, both)
  expect(again).toMatchObject({ wrapped: 0, already: 204, failed: [{ account: 'a-7' }] })
  const access = createVenueAccess(db, { venue: 'alpaca', keys: readCredentialKeys(young), now: () => new Date() })
  for (const name of ['a-0', 'a-100', 'a-204'])
    expect((await access.of(name)).credentials).toEqual({ kind: 'keys', keyId: name, secret: 's' })
})

test('is a role of its own, which prints what it did, and fails when something did not open', async () => {
  const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
  const ran = (keys: string) =>
    new Promise<{ code: number | string; said: string }>((resolve) => {
      const env = { ...process.env, DATABASE_URL: fresh.url, REDIS_URL: 'redis://127.0.0.1:1', CREDENTIALS_KEYS: keys }
      execFile(process.execPath, [main, 'rotate-keys'], { env }, (error, _, said) =>
        resolve({ code: error?.code ?? 0, said }),
      )
    })
  const none = await ran('')
  expect(none).toMatchObject({ code: 1 })
  expect(none.said).toContain('CREDENTIALS_KEYS is not set')
  const next = keyText('next')
  const some = await ran(`${next},${young},${old}`)
  expect(some.code).toBe(1)
  expect(some.said).toContain('Keys: 204 wrapped anew, 0 were already, 1 failed')
  expect(some.said).toContain('alpaca account a-7: Credentials do not open')
  await db.deleteFrom('venue_credentials').where('key_id', '=', 'old').execute()
  const rest = await ran(`${next},${young}`)
  expect(rest).toMatchObject({ code: 0 })
  expect(rest.said).toContain('Keys: 0 wrapped anew, 204 were already, 0 failed')
})
