import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { readBackup } from '../../../src/infra/backup/load.ts'
import { backupsIn, makeBackup, pruneBackups } from '../../../src/infra/backup/make-backup.ts'
import { restoreBackup } from '../../../src/infra/backup/restore.ts'
import { databaseIn } from '../../../src/infra/backup/session.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { aSmallDisk } from '../../support/small-disk.ts'
import { aFolder, aMissingDatabase, asked, databasesLike, keysOf, wholeOf } from './a-backup.ts'

/** Each restore runs all migrations. */
const slow = { timeout: 240_000 }
const patience = { interval: 5 }
const keys = keysOf()

let database: FreshDatabase
beforeEach(async () => {
  database = await freshDatabase()
  await asked(database.url, "insert into members (name, role) values ('Ada', 'owner')")
  return () => database.drop()
})

/** A process that makes or restores a backup. */
function begin(spec: { url: string; folder?: string; path?: string }) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'backup-life.ts'), JSON.stringify(spec)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Holds a table, so that a backup stops in its middle. */
async function hold(table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`begin; lock table ${table} in access exclusive mode`)
  return () => client.end()
}

const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

test('a backup that is killed in its middle leaves no backup, and the next one takes its rest away', slow, async () => {
  const folder = aFolder()
  const release = await hold('positions')
  const first = begin({ url: database.url, folder })
  await expect.poll(() => filesIn(folder), patience).toEqual([expect.stringMatching(/\.partial$/)])
  await first.kill()
  await release()
  expect(await backupsIn(folder, database.url)).toEqual([])
  const { path } = await makeBackup({ url: database.url, folder, keys })
  expect(filesIn(folder)).toHaveLength(1)
  await readBackup(path, keys)
})

test('of two backups at once the second is refused, and the first is whole', slow, async () => {
  const folder = aFolder()
  const release = await hold('positions')
  const first = makeBackup({ url: database.url, folder, keys })
  await expect.poll(() => filesIn(folder), patience).toHaveLength(1)
  await expect(makeBackup({ url: database.url, folder, keys })).rejects.toThrow(/Another backup .* is under way/)
  await release()
  await readBackup((await first).path, keys)
  expect(filesIn(folder)).toHaveLength(1)
})

test('a backup that is asked to end leaves nothing', slow, async () => {
  const folder = aFolder()
  const release = await hold('positions')
  const ending = new AbortController()
  const backup = makeBackup({ url: database.url, folder, keys, signal: ending.signal })
  await expect.poll(() => filesIn(folder), patience).toHaveLength(1)
  ending.abort()
  await release()
  await expect(backup).rejects.toThrow(/aborted/)
  expect(filesIn(folder)).toEqual([])
})

test('a restore that is killed at any moment leaves the database of before, and the next one works', slow, async () => {
  const folder = aFolder()
  const { path } = await makeBackup({ url: database.url, folder, keys })
  const url = aMissingDatabase()
  const restore = () => restoreBackup({ url, path, keys, now: new Date(), replaces: true, forgetJobs: async () => {} })
  await restore()
  await asked(url, "update members set name = 'Bea' where name = 'Ada'")
  const before = await wholeOf(url)
  const scratches = async () => (await databasesLike(`${databaseIn(url)}_restoring`)).length
  for (const tables of [0, 30, 60]) {
    const restoring = begin({ url, path })
    const made = async () => {
      const [name] = await databasesLike(`${databaseIn(url)}_restoring`)
      if (!name) return -1
      const counted = asked(url.replace(databaseIn(url), name), 'select count(*)::int as n from pg_stat_user_tables')
      return counted.then(([row]) => Number(row!.n)).catch(() => -1)
    }
    await expect.poll(made, patience).toBeGreaterThanOrEqual(tables)
    await restoring.kill()
    expect(await wholeOf(url)).toEqual(before)
  }
  expect(await scratches()).toBeGreaterThan(0)
  // The sessions of the dead end when the server notices.
  await expect
    .poll(
      () => asked(url, `select from pg_stat_activity where datname like '${databaseIn(url)}\\_restoring%'`),
      patience,
    )
    .toEqual([])
  await restore()
  expect(await scratches()).toBe(0)
  expect(await asked(url, "select name from members where name in ('Ada', 'Bea')")).toEqual([{ name: 'Ada' }])
})

test('a database that holds something is replaced only on demand, and is kept', slow, async () => {
  const { path } = await makeBackup({ url: database.url, folder: aFolder(), keys })
  const url = aMissingDatabase()
  const restore = (replaces: boolean) =>
    restoreBackup({ url, path, keys, now: new Date('2026-11-20T15:00:00Z'), replaces, forgetJobs: async () => {} })
  await restore(false)
  await asked(url, "update members set name = 'Bea' where name = 'Ada'")
  await expect(restore(false)).rejects.toThrow(/is not empty\. Nothing was changed\. Say --replace/)
  const { setAside } = await restore(true)
  expect(setAside).toBe(`${databaseIn(url)}_before_20261120150000`)
  const ada = "select name from members where name in ('Ada', 'Bea')"
  expect(await asked(url, ada)).toEqual([{ name: 'Ada' }])
  expect(await asked(url.replace(databaseIn(url), setAside!), ada)).toEqual([{ name: 'Bea' }])
})

test('a database that a desk uses is not replaced', slow, async () => {
  const { path } = await makeBackup({ url: database.url, folder: aFolder(), keys })
  const url = aMissingDatabase()
  const restore = () => restoreBackup({ url, path, keys, now: new Date(), replaces: true, forgetJobs: async () => {} })
  await restore()
  const desk = new pg.Client({ connectionString: url })
  await desk.connect()
  await expect(restore()).rejects.toThrow(/is in use by 1 session.*Stop all processes of the desk/)
  await desk.end()
  await expect.poll(() => restore().then(() => 'restored', String), patience).toBe('restored')
})

test('a full disk is told, and leaves nothing of the backup', slow, async (context) => {
  const folder = aSmallDisk()
  if (!folder) return context.skip('this account may mount no disk')
  writeFileSync(join(folder, 'other'), Buffer.alloc(1_044_480))
  const backup = makeBackup({ url: database.url, folder, keys })
  await expect(backup).rejects.toThrow(/could not be written to .*: the disk is full. Nothing is left of it/)
  expect(filesIn(folder)).toEqual(['other'])
})

test('a folder that cannot be one is told', slow, async () => {
  const backup = makeBackup({ url: database.url, folder: join(import.meta.filename, 'x'), keys })
  await expect(backup).rejects.toThrow(/could not be written to .*: that is no folder/)
})

test('the newest backups are kept, and those of other databases', slow, async () => {
  const folder = aFolder()
  const paths: string[] = []
  for (let n = 0; n < 4; n++) paths.push((await makeBackup({ url: database.url, folder, keys })).path)
  writeFileSync(join(folder, 'other-2020-01-01T000000.000Z.backup'), '')
  expect(await pruneBackups(folder, database.url, 2)).toEqual(paths.slice(0, 2))
  expect(await backupsIn(folder, database.url)).toEqual(paths.slice(2))
  expect(filesIn(folder)).toHaveLength(3)
})
