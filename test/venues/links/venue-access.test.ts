import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { readCredentialKeys } from '../../../src/venues/links/credential-keys.ts'
import { seal } from '../../../src/venues/links/vault.ts'
import {
  type Credentials,
  CredentialsRefused,
  createVenueAccess,
  type OAuthCredentials,
  type VenueAccess,
} from '../../../src/venues/links/venue-access.ts'
import { VenueError } from '../../../src/venues/venue.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const log = pino({ level: 'silent' })
const keys = readCredentialKeys(`k:${randomBytes(32).toString('base64')}`)
const minute = 60_000

let fresh: FreshDatabase
let db: Kysely<Database>
let other: Kysely<Database>
let at: number
const now = () => new Date(at)
beforeAll(async () => {
  fresh = await freshDatabase()
  db = connectDatabase(fresh.url, log, 3)
  other = connectDatabase(fresh.url, log, 3)
})
afterAll(async () => {
  await Promise.all([db?.destroy(), other?.destroy()])
  await fresh?.drop()
})

let account: string
let accountId: number
let accounts = 0
beforeEach(async () => {
  at = Date.parse('2026-11-20T15:00:00Z')
  account = `a-${++accounts}`
  const { id: memberId } = await db
    .insertInto('members')
    .values({ name: 'alice', role: 'trader' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id } = await db
    .insertInto('accounts')
    .values({ member_id: memberId, name: 'alpaca-paper', venue: 'alpaca', venue_account: account, mode: 'paper' })
    .returning('id')
    .executeTakeFirstOrThrow()
  accountId = id
})

const keyPair: Credentials = { kind: 'keys', keyId: 'PK1', secret: 's1' }
const token = (n: number, expiresIn = 30 * minute): OAuthCredentials => ({
  kind: 'oauth',
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: new Date(at + expiresIn),
})

async function keep(credentials: Credentials): Promise<void> {
  const { keyId, wrappedKey, sealed } = seal(keys, credentials, { venue: 'alpaca', account, mode: 'paper' })
  const row = { kind: credentials.kind, key_id: keyId, wrapped_key: wrappedKey, sealed, refused_at: null }
  const expires_at = credentials.kind === 'oauth' ? (credentials.expiresAt ?? null) : null
  await db
    .insertInto('venue_credentials')
    .values({ account_id: accountId, ...row, expires_at })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ ...row, expires_at }))
    .execute()
}

/** A broker that takes each refresh token once. */
function rotating() {
  const spent: string[] = []
  let next = 2
  return {
    spent,
    async refresh({ refreshToken = '' }: OAuthCredentials): Promise<OAuthCredentials> {
      if (spent.includes(refreshToken)) throw new CredentialsRefused('invalid_grant')
      spent.push(refreshToken)
      return token(next++)
    },
  }
}

const accessOn = (connections: Kysely<Database>, refresh?: (used: OAuthCredentials) => Promise<OAuthCredentials>) =>
  createVenueAccess(connections, { venue: 'alpaca', keys, now, ...(refresh && { refresh }) })

const accessToken = async (access: VenueAccess) => {
  const { credentials } = await access.of(account)
  return credentials.kind === 'oauth' ? credentials.accessToken : undefined
}

test('gives the credentials of a linked account, and lists it', async () => {
  await keep(keyPair)
  const access = accessOn(db)
  expect(await access.of(account)).toEqual({ mode: 'paper', credentials: keyPair })
  expect(await access.accounts()).toContain(account)
})

test('knows no account that is not linked, of another venue, or unlinked', async () => {
  const access = accessOn(db)
  await expect(access.of(account)).rejects.toThrow('is not linked with alpaca')
  await keep(keyPair)
  await expect(createVenueAccess(db, { venue: 'other', keys, now }).of(account)).rejects.toThrow(VenueError)
  expect(await access.of(account)).toBeDefined()
  await db.updateTable('accounts').set({ unlinked_at: now() }).where('id', '=', accountId).execute()
  at += 10_000
  await expect(access.of(account)).rejects.toThrow('is not linked with alpaca')
  expect(await access.accounts()).not.toContain(account)
})

test('two processes exchange a token that rotates once', async () => {
  await keep(token(1, minute))
  const broker = rotating()
  const processes = [db, other, db, other].map((connections) => accessOn(connections, broker.refresh))
  expect(await Promise.all(processes.map(accessToken))).toEqual(Array(4).fill('access-2'))
  expect(broker.spent).toEqual(['refresh-1'])
})

test('refused at once in two processes, it is exchanged once, and both try again', async () => {
  await keep(token(1))
  const broker = rotating()
  const processes = [db, other].map((connections) => accessOn(connections, broker.refresh))
  const used = token(1)
  expect(await Promise.all(processes.map((one) => one.refused(account, used, '401')))).toEqual([true, true])
  expect(await Promise.all(processes.map(accessToken))).toEqual(['access-2', 'access-2'])
  expect(broker.spent).toEqual(['refresh-1'])
})

test('a token that still holds is used while the venue exchanges none', async () => {
  await keep(token(1, minute))
  const access = accessOn(db, async () => {
    throw new Error('the venue is away')
  })
  expect(await accessToken(access)).toBe('access-1')
  at += 2 * minute
  await expect(access.of(account)).rejects.toThrow(VenueError)
  const { refused_at } = await db
    .selectFrom('venue_credentials')
    .select('refused_at')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  expect(refused_at).toBeNull()
})

test('keys that the venue refuses are marked in its words, and tried again after a minute', async () => {
  await keep(keyPair)
  const access = accessOn(db)
  expect(await access.refused(account, keyPair, 'forbidden.')).toBe(false)
  await expect(access.of(account)).rejects.toThrow('refused the credentials of this account: forbidden.')
  at += minute
  expect((await access.of(account)).credentials).toEqual(keyPair)
})

test('a refresh token that the venue refuses is marked, too', async () => {
  await keep(token(1))
  const broker = rotating()
  broker.spent.push('refresh-1')
  expect(await accessOn(db, broker.refresh).refused(account, token(1), '401')).toBe(false)
  await expect(accessOn(other).of(account)).rejects.toThrow('invalid_grant')
})

test('keys that were linked anew are used instead of the refused ones', async () => {
  await keep(keyPair)
  const access = accessOn(db)
  await access.of(account)
  const fresh: Credentials = { kind: 'keys', keyId: 'PK2', secret: 's2' }
  await keep(fresh)
  expect(await access.refused(account, keyPair, '401')).toBe(true)
  expect((await access.of(account)).credentials).toEqual(fresh)
})

test('credentials of a key that the environment lost are no credentials', async () => {
  await keep(keyPair)
  const without = createVenueAccess(db, { venue: 'alpaca', keys: readCredentialKeys(''), now })
  await expect(without.of(account)).rejects.toThrow(VenueError)
})
