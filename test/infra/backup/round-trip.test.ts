import { statSync } from 'node:fs'
import { expect, inject } from 'vitest'
import { checkBackup } from '../../../src/infra/backup/check-backup.ts'
import { makeBackup } from '../../../src/infra/backup/make-backup.ts'
import { restoreBackup } from '../../../src/infra/backup/restore.ts'
import { databaseIn } from '../../../src/infra/backup/session.ts'
import { migrate } from '../../../src/infra/db/migrator.ts'
import { deskTest } from '../../support/desk-test.ts'
import { aFolder, aMissingDatabase, asked, databasesLike, keysOf, wholeOf } from './a-backup.ts'

/** Each restore runs all migrations. */
const slow = { timeout: 240_000 }
const { test } = deskTest({ worker: false })

const now = new Date('2026-11-20T15:00:00Z')
const nothing = async () => {}

for (const [kind, keys] of [
  ['encrypted', keysOf('a')],
  ['plain', keysOf()],
] as const) {
  test(
    `a backup of a desk at work (${kind}), restored elsewhere, is equal table by table`,
    slow,
    async ({ desk, alice }) => {
      await alice.say('long BYND 3750 @ .63')
      await alice.say('stop .50')
      await alice.say('close 250')
      await alice.say('scaleout fast')
      await alice.say('alert AAPL 200')
      const odd = `Zoë's "desk" \\. \\N {,} (a,b)\ttab\nline 你好 😀`
      await asked(desk.databaseUrl, 'update members set name = $1 where name like $2', [odd, 'person%'])
      const folder = aFolder()
      const before = await wholeOf(desk.databaseUrl)
      expect(before.fills!.length).toBeGreaterThan(0)

      const made = await makeBackup({ url: desk.databaseUrl, folder, keys })
      expect(made).toMatchObject({ isEncrypted: kind === 'encrypted', bytes: statSync(made.path).size })
      expect(statSync(made.path).mode & 0o777).toBe(0o600)
      await checkBackup(desk.databaseUrl, made.path, keys)
      const url = aMissingDatabase()
      const { facts, migrated, setAside } = await restoreBackup({
        ...{ url, path: made.path, keys, now, replaces: false, forgetJobs: nothing },
      })
      expect({ migrated, setAside }).toEqual({ migrated: [], setAside: undefined })
      expect(facts).toMatchObject({ accounts: before.accounts!.length, openPositions: before.positions!.length })
      const after = await wholeOf(url)
      const identityOf = (whole: Record<string, string[]>) => JSON.parse(whole.desk![0]!).identity as string
      expect(identityOf(after)).toMatch(/^[0-9a-f]{8}$/)
      expect(identityOf(after)).not.toBe(identityOf(before))
      expect({ ...after, desk: [] }).toEqual({ ...before, desk: [] })
      expect(await databasesLike(databaseIn(url))).toEqual([databaseIn(url)])
      expect(await databasesLike(databaseIn(desk.databaseUrl))).toHaveLength(1)
      // Links between tables, triggers and numbers work again.
      await expect(
        asked(url, 'insert into accounts (member_id, name, venue) values (999999, $1, $2)', ['x', 'paper']),
      ).rejects.toThrow(/foreign key/)
      const [disabled] = await asked(url, "select count(*)::int as off from pg_trigger where tgenabled <> 'O'")
      expect(disabled).toEqual({ off: 0 })
    },
  )
}

test('a restored backup of an older release gets the migrations since then, and keeps its rows', slow, async () => {
  const old = aMissingDatabase()
  await asked(inject('postgresUrl'), `create database ${databaseIn(old)}`)
  await migrate(old, { to: '049_link_balances' })
  await asked(old, "insert into members (name, role) values ('Ada', 'owner'), ('Bea', 'trader')")
  const { path } = await makeBackup({ url: old, folder: aFolder(), keys: keysOf() })
  const url = aMissingDatabase()
  const { migrated } = await restoreBackup({ url, path, keys: keysOf(), now, replaces: false, forgetJobs: nothing })
  expect(migrated[0]).toBe('050_orders_at_brokers')
  expect(await asked(url, "select name, role from members where name in ('Ada', 'Bea') order by name")).toEqual([
    { name: 'Ada', role: 'owner' },
    { name: 'Bea', role: 'trader' },
  ])
})

test('a backup of a newer release is not restored by an older one', slow, async ({ desk }) => {
  const folder = aFolder()
  await asked(desk.databaseUrl, "insert into kysely_migration values ('999_later', '2027-01-01')")
  const { path } = await makeBackup({ url: desk.databaseUrl, folder, keys: keysOf() })
  await asked(desk.databaseUrl, "delete from kysely_migration where name = '999_later'")
  const url = aMissingDatabase()
  const restoring = restoreBackup({ url, path, keys: keysOf(), now, replaces: false, forgetJobs: nothing })
  await expect(restoring).rejects.toThrow(/999_later.*newer release/)
  expect(await databasesLike(databaseIn(url))).toEqual([])
})
