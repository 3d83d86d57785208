import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { readCredentialKeys } from '../../src/venues/links/credential-keys.ts'
import { seal } from '../../src/venues/links/vault.ts'
import type { Account } from '../platforms/alpaca/account.ts'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 120_000 }
const keys = `k1:${randomBytes(32).toString('base64')}`
const poll = <Value>(look: () => Promise<Value>) => expect.poll(look, { timeout: 60_000, interval: 50 })

/** A scene with a local Alpaca, whose time is the machine's. */
async function openAt() {
  const alpaca = await startAlpacaServer({ isByHand: false })
  onTestFinished(() => alpaca.close())
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '1.01', '1.01')
  const scene = await openScene(await discordPlatform(), {
    environment: { ALPACA_API: alpaca.url, ALPACA_PAPER_API: alpaca.paperUrl, CREDENTIALS_KEYS: keys },
  })
  return { alpaca, scene }
}

/** Writes what linking leaves: the account and its sealed keys. */
async function link({ db }: Scene, account: Account, name: string): Promise<number> {
  const member = await db
    .insertInto('members')
    .values({ name, role: 'trader' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { id } = await db
    .insertInto('accounts')
    .values({
      ...{ member_id: member.id, name: 'alpaca', mode: 'paper', venue: 'alpaca', venue_account: account.id },
      ...{ masked_number: '••••1', unlinked_at: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const credentials = { kind: 'keys' as const, keyId: account.keyId, secret: account.secret }
  const sealed = seal(readCredentialKeys(keys), credentials, { venue: 'alpaca', account: account.id, mode: 'paper' })
  await db
    .insertInto('venue_credentials')
    .values({
      ...{ account_id: id, kind: 'keys', key_id: sealed.keyId, wrapped_key: sealed.wrappedKey, sealed: sealed.sealed },
      ...{ expires_at: null, refreshed_at: null, refused_at: null, refused_because: null },
    })
    .execute()
  return id
}

const leaseOf = async ({ db }: Scene, accountId: number) =>
  (
    await sql<{ holder: string; generation: number; is_good: boolean }>`
      select holder, generation, until > clock_timestamp() as is_good from account_leases
      where account_id = ${accountId}`.execute(db)
  ).rows[0]
const lookedAt = async ({ db }: Scene, accountId: number) =>
  (
    await db.selectFrom('account_looks').select('looked_at').where('account_id', '=', accountId).executeTakeFirst()
  )?.looked_at.getTime()
const external = async ({ db }: Scene, accountId: number) =>
  (await db.selectFrom('external_holdings').selectAll().where('account_id', '=', accountId).execute()).map(
    ({ symbol, signed_quantity }) => `${symbol} ${signed_quantity}`,
  )

test(
  'after kill -9 of its holder another worker follows a linked account, and each execution meanwhile counts once',
  patience,
  async () => {
    const { alpaca, scene } = await openAt()
    const account = alpaca.addAccount({ cash: '10000' })
    alpaca.hold(account, 'BYND', '300', '0.5')
    const id = await link(scene, account, 'alice')
    const holder = await scene.begin({ roles: ['worker'] })
    await poll(() => external(scene, id)).toEqual(['BYND 300'])
    await poll(async () => alpaca.listening().length).toBe(1)
    const first = (await leaseOf(scene, id))!
    const other = await scene.begin({ roles: ['worker'] })
    const seen = await lookedAt(scene, id)

    await holder.kill()
    alpaca.placeElsewhere(account, { symbol: 'BYND', qty: '100', side: 'sell', type: 'market', time_in_force: 'day' })
    await poll(async () => (await leaseOf(scene, id))!.generation).toBe(first.generation + 1)
    const second = (await leaseOf(scene, id))!
    expect([second.holder === first.holder, second.is_good]).toEqual([false, true])
    await poll(() => external(scene, id)).toEqual(['BYND 200'])
    await poll(() => lookedAt(scene, id)).toBeGreaterThan(seen!)
    await poll(async () => alpaca.listening().length).toBe(1)
    const executions = await scene.db.selectFrom('external_executions').select(['side', 'quantity']).execute()
    expect(executions).toEqual([{ side: 'sell', quantity: '100' }])
    expect(await scene.db.selectFrom('book_gaps').selectAll().where('opened_at', 'is not', null).execute()).toEqual([])

    await other.end()
    expect((await leaseOf(scene, id))!.is_good).toBe(false)
    expect(alpaca.orders(account).every(({ isExternal }) => isExternal)).toBe(true)
  },
)

test(
  'a holder that stood still, and by its own clock still holds the lease, writes nothing more once another has it',
  patience,
  async () => {
    const { alpaca, scene } = await openAt()
    const account = alpaca.addAccount({ cash: '10000' })
    alpaca.hold(account, 'BYND', '300', '0.5')
    const id = await link(scene, account, 'alice')
    const holder = await scene.begin({ roles: ['worker'] })
    await poll(() => external(scene, id)).toEqual(['BYND 300'])
    const first = (await leaseOf(scene, id))!
    await scene.begin({ roles: ['worker'] })
    holder.pause()
    // The database's clock may have gone on further than the machine's.
    const past = new Date(Date.now() - 60_000)
    await scene.db.updateTable('account_leases').set({ until: past }).execute()
    await scene.db.updateTable('account_workers').set({ until: past }).where('holder', '=', first.holder).execute()
    await poll(async () => (await leaseOf(scene, id))!.generation).toBe(first.generation + 1)
    alpaca.placeElsewhere(account, { symbol: 'BYND', qty: '100', side: 'sell', type: 'market', time_in_force: 'day' })
    holder.goOn()
    await poll(() => external(scene, id)).toEqual(['BYND 200'])
    expect((await leaseOf(scene, id))!.generation).toBe(first.generation + 1)
    expect(await scene.db.selectFrom('external_executions').select('quantity').execute()).toEqual([{ quantity: '100' }])
  },
)
