import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startBackups } from '../../../jobs/backups.ts'
import { readBackup } from '../../../src/infra/backup/load.ts'
import { scratchFolder } from '../../../src/setup/folders.mjs'
import { claimBackup, standOfBackups } from '../../../src/watch/backups/rows.ts'
import { asked } from '../../infra/backup/a-backup.ts'
import { openTestDesk, type TestDeskOptions } from '../../support/desk.ts'

/** Makes all backups so far, and the last attempt, two days old. */
/** Each restore runs all migrations. */
const slow = { timeout: 240_000 }
const aged = (url: string) =>
  asked(
    url,
    "update backups set begun_at = begun_at - interval '2 days'; update chores set begun_at = begun_at - interval '2 days'",
  )

const patience = { timeout: 60_000, interval: 20 }

/** A desk with a folder for its backups, and no worker. */
async function aDesk(environment: Record<string, string> = {}, options: TestDeskOptions = {}) {
  const folder = scratchFolder()
  const desk = await openTestDesk({
    ...{ worker: false, ...options },
    environment: { BACKUP_FOLDER: `${folder}/backups`, ...environment },
  })
  onTestFinished(async () => {
    await desk.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const rows = () => desk.desk.parts.db.selectFrom('backups').selectAll().orderBy('id').execute()
  const files = () => (existsSync(`${folder}/backups`) ? readdirSync(`${folder}/backups`) : [])
  return { desk, folder: `${folder}/backups`, rows, files }
}

test(
  'a worker makes a backup that is due, checks it, and makes no second one until the next is due',
  slow,
  async () => {
    const key = `a:${Buffer.alloc(32, 'a').toString('base64')}`
    const { desk, rows, files } = await aDesk({ BACKUP_KEY: key }, { worker: true, backupLookEveryMs: 20 })
    await expect.poll(async () => (await rows()).map((row) => row.is_checked), patience).toEqual([true])
    const [row] = await rows()
    expect(row).toMatchObject({ is_encrypted: true, fault: null, ended_at: expect.any(Date) })
    expect(files()).toHaveLength(1)
    await readBackup(row!.path!, desk.desk.config.BACKUP_KEY)
    const { db } = desk.desk.parts
    expect(await claimBackup(db, 86_400_000)).toBe(false)
    await aged(desk.databaseUrl)
    await expect.poll(async () => (await rows()).filter((one) => one.is_checked), patience).toHaveLength(2)
    expect(files()).toHaveLength(2)
  },
)

test('a failed backup is kept in mind with its reason, and tried again an hour later', slow, async () => {
  const { desk, folder, rows } = await aDesk()
  writeFileSync(folder, 'no folder')
  const backups = startBackups(desk.desk, 20)
  onTestFinished(() => backups.close())
  await expect.poll(rows, patience).toMatchObject([{ fault: expect.stringContaining('that is no folder') }])
  const { db } = desk.desk.parts
  expect(await standOfBackups(db)).toEqual({ fault: expect.stringContaining('that is no folder') })
  expect(await claimBackup(db, 86_400_000)).toBe(false)
  rmSync(folder)
  await aged(desk.databaseUrl)
  await expect.poll(() => standOfBackups(db), patience).toEqual({ goodAt: expect.any(Date) })
})

test('of many workers one makes the backup', slow, async () => {
  const { desk } = await aDesk()
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimBackup(desk.desk.parts.db, 86_400_000)))
  expect(claims.filter(Boolean)).toHaveLength(1)
})
