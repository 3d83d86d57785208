import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { root } from '../../../src/setup/folders.mjs'
import { aFolder, aMissingDatabase, asked } from '../../infra/backup/a-backup.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test } = deskTest({ worker: false })
/** Each process starts and each restore runs all migrations. */
const slow = { timeout: 240_000 }
const key = `a:${Buffer.alloc(32, 'k').toString('base64')}`

/** Runs a role of the desk to its end; `said` is standard error. */
async function run(words: string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, ['src/main.ts', ...words], {
    ...{ cwd: root, stdio: ['ignore', 'ignore', 'pipe'] as const },
    env: { ...process.env, INIT_CWD: root, LOG_LEVEL: 'silent', BACKUP_KEY: key, ...environment },
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said }
}

test('backup and restore say what they did, and stale jobs are forgotten', slow, async ({ desk, alice }) => {
  await alice.say('long BYND 100 @ 1.00')
  const folder = aFolder()
  const environment = { DATABASE_URL: desk.databaseUrl, REDIS_URL: desk.redis.url }
  const backup = await run(['backup', '--to', folder], environment)
  expect(backup).toEqual({ code: 0, said: expect.stringMatching(/^Backup: \S+ \(\d+ kB, encrypted\)\n/) })
  expect(backup.said).toMatch(/ migrations up to \d{3}_\w+ · 1 account · 1 open position · \d+ rows in \d+ tables\n/)
  expect(backup.said).toContain('It was restored into a database beside, and every table was the same.')
  const [row] = await asked(desk.databaseUrl, 'select is_checked, is_encrypted, fault from backups')
  expect(row).toEqual({ is_checked: true, is_encrypted: true, fault: null })

  const [file] = readdirSync(folder)
  const redis = new Redis(desk.redis.url)
  await redis.mset('deskhand:stale', '1', '{deskhand-chunks}:chunks:7', '1', 'of another program', '1')
  const target = { DATABASE_URL: aMissingDatabase(), REDIS_URL: desk.redis.url }
  const restore = await run(['restore', `${folder}/${file}`], target)
  expect(restore).toEqual({ code: 0, said: expect.stringMatching(/^Restored: made .* · 1 account · 1 open position/) })
  expect(await redis.exists('deskhand:stale', '{deskhand-chunks}:chunks:7')).toBe(0)
  expect(await redis.exists('of another program')).toBe(1)
  redis.disconnect()
  expect(await asked(target.DATABASE_URL, 'select symbol from positions')).toEqual([{ symbol: 'BYND' }])

  const again = await run(['restore', `${folder}/${file}`], target)
  expect(again).toEqual({ code: 1, said: expect.stringContaining('is not empty. Nothing was changed. Say --replace') })
  const keyless = await run(['restore', `${folder}/${file}`, '--replace'], { ...target, BACKUP_KEY: '' })
  expect(keyless).toEqual({ code: 1, said: expect.stringContaining('BACKUP_KEY has no key') })
  expect((await run(['restore'], target)).said).toContain('Say which file: npm run restore -- FILE [--replace]')
  expect((await run(['backup'], environment)).said).toContain('Say where to: npm run backup -- --to FOLDER')
})
