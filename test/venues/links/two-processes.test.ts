import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import { readCredentialKeys } from '../../../src/venues/links/credential-keys.ts'
import { seal } from '../../../src/venues/links/vault.ts'
import { type AlpacaServer, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const program = fileURLToPath(new URL('refresher.ts', import.meta.url))
let fresh: FreshDatabase
let alpaca: AlpacaServer
const children: ChildProcess[] = []
beforeAll(async () => {
  ;[fresh, alpaca] = await Promise.all([freshDatabase(), startAlpacaServer({ isByHand: false })])
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await alpaca?.close()
  await fresh?.drop()
})

test('two processes exchange a refresh token that rotates once, and both have the new access token', async () => {
  const keys = `k:${randomBytes(32).toString('base64')}`
  const { oauth } = alpaca
  oauth.expiresInSeconds = 60
  const account = alpaca.addAccount()
  const granted = oauth.grant(account)
  oauth.expiresInSeconds = 3600
  const db = connectDatabase(fresh.url, pino({ level: 'silent' }), 1)
  try {
    const { id: memberId } = await db
      .insertInto('members')
      .values({ name: 'alice', role: 'trader' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id } = await db
      .insertInto('accounts')
      .values({ member_id: memberId, name: 'linked', venue: 'alpaca', venue_account: account.id, mode: 'paper' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const expiresAt = new Date(Date.now() + 60_000)
    const credentials = {
      ...{ kind: 'oauth' as const, accessToken: granted.access_token, refreshToken: granted.refresh_token! },
      expiresAt,
    }
    const whose = { venue: 'alpaca', account: account.id, mode: 'paper' as const }
    const { keyId, wrappedKey, sealed } = seal(readCredentialKeys(keys), credentials, whose)
    await db
      .insertInto('venue_credentials')
      .values({ account_id: id, kind: 'oauth', key_id: keyId, wrapped_key: wrappedKey, sealed, expires_at: expiresAt })
      .execute()
  } finally {
    await db.destroy()
  }
  const { clientId, clientSecret, authorizeUrl: authorize } = oauth
  const app = JSON.stringify({ clientId, clientSecret, authorize, api: alpaca.url })
  const processes = [0, 1].map(() => {
    const child = spawn(process.execPath, [program, fresh.url, keys, account.id, app], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    children.push(child)
    const lines = createInterface({ input: child.stdout! })
    return { child, lines, ready: once(lines, 'line') }
  })
  await Promise.all(processes.map(({ ready }) => ready))
  const said = processes.map(({ lines }) => once(lines, 'line'))
  for (const { child } of processes) child.stdin!.write('go\n')
  const [[one], [other]] = (await Promise.all(said)) as [[string], [string]]
  expect(one).toBe(other)
  expect(one).not.toBe(granted.access_token)
  expect(one).toMatch(/^[0-9a-f-]{36}$/)
  expect(alpaca.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
})
