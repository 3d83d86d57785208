import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { BackupError } from '../../../src/infra/backup/backup-error.ts'
import { readBackup } from '../../../src/infra/backup/load.ts'
import { makeBackup } from '../../../src/infra/backup/make-backup.ts'
import { restoreBackup } from '../../../src/infra/backup/restore.ts'
import { databaseIn } from '../../../src/infra/backup/session.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { aFolder, aMissingDatabase, asked, databasesLike, keysOf } from './a-backup.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  // Text that does not compress makes several chunks.
  await asked(
    database.url,
    `insert into members (name, role) select string_agg(md5(random()::text), ''), 'trader'
    from generate_series(1, 12000) n group by n / 100`,
  )
  return () => database.drop()
})

/** Each restore runs all migrations. */
const slow = { timeout: 240_000 }
const chunk = 65_536 + 16

for (const [kind, keys] of [
  ['encrypted', keysOf('a')],
  ['plain', keysOf()],
] as const) {
  test(`a backup that is ${kind} is refused with any byte changed, and when it is cut off anywhere`, slow, async () => {
    const { path } = await makeBackup({ url: database.url, folder: aFolder(), keys })
    const whole = readFileSync(path)
    expect(whole.length).toBeGreaterThan(2 * chunk)
    await readBackup(path, keys)
    const head = whole.indexOf('\n', whole.indexOf('\n') + 1) + 1
    const other = `${path}.other`
    const refused = async (bytes: Buffer) => {
      writeFileSync(other, bytes)
      await expect(readBackup(other, keys)).rejects.toThrow(BackupError)
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(whole)
        changed[at]! ^= change
        await refused(changed)
      }),
      { numRuns: 60 },
    )
    for (const at of [0, 5, head - 1, head, head + 10, head + chunk, head + 2 * chunk, whole.length - 1]) {
      await refused(whole.subarray(0, at))
    }
    // Bytes behind the end, a chunk left out, and two chunks changed about.
    await refused(Buffer.concat([whole, Buffer.from('x')]))
    await refused(Buffer.concat([whole.subarray(0, head), whole.subarray(head + chunk)]))
    const [one, two] = [whole.subarray(head, head + chunk), whole.subarray(head + chunk, head + 2 * chunk)]
    await refused(Buffer.concat([whole.subarray(0, head), two, one, whole.subarray(head + 2 * chunk)]))
  })
}

test(
  'a restore with a wrong key, without a key, or of a damaged file says so and makes no database',
  slow,
  async () => {
    const { path } = await makeBackup({ url: database.url, folder: aFolder(), keys: keysOf('a') })
    expect(readFileSync(path).includes('trader')).toBe(false)
    const url = aMissingDatabase()
    const restore = (file: string, keys: ReturnType<typeof keysOf>) =>
      restoreBackup({ url, path: file, keys, now: new Date(), replaces: true, forgetJobs: async () => {} })
    await expect(restore(path, keysOf('b'))).rejects.toThrow(/sealed with the key "a", and BACKUP_KEY has only b/)
    await expect(restore(path, keysOf())).rejects.toThrow(/BACKUP_KEY has no key/)
    const wrong = keysOf('b')
    const same = { byId: new Map([['a', wrong.first!]]) }
    await expect(restore(path, same)).rejects.toThrow(/is damaged or cut off .*or BACKUP_KEY has another key/)
    const cut = join(path, '..', 'cut')
    copyFileSync(path, cut)
    truncateSync(cut, chunk)
    await expect(restore(cut, keysOf('a'))).rejects.toThrow(/is damaged or cut off/)
    await expect(restore(`${path}.none`, keysOf('a'))).rejects.toThrow(/There is no file/)
    await expect(restore(import.meta.filename, keysOf('a'))).rejects.toThrow(/is no backup of this desk/)
    expect(await databasesLike(databaseIn(url))).toEqual([])
  },
)

test('an old key opens what it sealed, while a new one seals', slow, async () => {
  const folder = aFolder()
  const old = await makeBackup({ url: database.url, folder, keys: keysOf('a') })
  const young = await makeBackup({ url: database.url, folder, keys: keysOf('b', 'a') })
  await readBackup(old.path, keysOf('b', 'a'))
  await expect(readBackup(young.path, keysOf('a'))).rejects.toThrow(/sealed with the key "b"/)
})
