import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { expect } from 'vitest'
import { prefixOf } from '../../../src/infra/queue/queues.ts'
import { deskTest } from '../../support/desk-test.ts'
import { aSmallDisk } from '../../support/small-disk.ts'

/** Each part breaks for real, is told to the owner once, and is told once when it is back. */

const machine = { host: 'here', folders: [] as string[], aheadMs: 0, now: () => Date.now() + machine.aheadMs }
const { test, desk } = deskTest({
  environment: { DESKHAND_OWNERS: 'slack:T1:OLGA' },
  health: { everyMs: 60, soonMs: 30, machine },
})

const slow = { timeout: 120_000 }
const patience = { timeout: 60_000, interval: 25 }
const told = (part: string) =>
  desk.posted.map(({ text }) => text).filter((text) => text.startsWith(`🚨 HEALTH: ${part}`))
const looks = async (part: string) => {
  const { parts } = desk.desk
  const row = await parts.db.selectFrom('health').select('looks').where('name', '=', part).executeTakeFirst()
  return row?.looks ?? 0
}
/** More looks tell nothing more. */
const settled = async (part: string) => {
  const before = await looks(part)
  await expect.poll(() => looks(part), patience).toBeGreaterThan(before + 3)
}

test('Redis is stopped', slow, async () => {
  await expect.poll(() => looks('redis'), patience).toBeGreaterThan(0)
  await desk.redis.halt()
  await expect.poll(() => told('redis'), patience).toHaveLength(1)
  expect(told('redis')[0]).toMatch(
    /^🚨 HEALTH: redis is down since .*: it does not answer.*\. Chunks, orders for later, .* `health` shows all parts\.$/,
  )
  await desk.redis.start()
  await expect.poll(() => told('redis'), patience).toHaveLength(2)
  expect(told('redis')[1]).toMatch(/^🚨 HEALTH: redis is back after .* \(down since .*\): a write takes \d+ ms\.$/)
  await settled('redis')
  expect(told('redis')).toHaveLength(2)
  // The queues could not be looked at meanwhile, which is the same outage.
  expect(told('queues')).toEqual([])
})

test('a disk is full', slow, async ({ skip }) => {
  const folder = aSmallDisk()
  if (!folder) return skip('this account may mount no disk')
  const filled = join(folder, 'filled')
  writeFileSync(filled, Buffer.alloc(1_044_480))
  machine.folders.push(folder)
  await expect.poll(() => told('disk@here'), patience).toHaveLength(1)
  expect(told('disk@here')[0]).toContain(`: the disk of ${folder} is full. A full disk stops backups and the log;`)
  await rm(filled)
  machine.folders.length = 0
  await expect.poll(() => told('disk@here'), patience).toHaveLength(2)
  expect(told('disk@here')[1]).toContain('disk@here is back')
  await settled('disk@here')
  expect(told('disk@here')).toHaveLength(2)
})

test('the clock of a machine is ahead', slow, async () => {
  machine.aheadMs = 15_000
  await expect.poll(() => told('clock@here'), patience).toHaveLength(1)
  expect(told('clock@here')[0]).toMatch(
    /: this machine is 1[45]\.\d s ahead of the database\. The desk goes by the database’s/,
  )
  machine.aheadMs = 0
  await expect.poll(() => told('clock@here'), patience).toHaveLength(2)
  await settled('clock@here')
  expect(told('clock@here')).toHaveLength(2)
})

test('a job is overdue', slow, async () => {
  const { host, port, password } = (({ hostname, port, password }) => ({
    host: hostname,
    port: Number(port),
    password,
  }))(new URL(desk.redis.url))
  // No process of this desk opens the terminal.
  const name = 'replies-terminal'
  const queue = new Queue(name, {
    connection: { host, port, password },
    prefix: prefixOf(name),
    skipVersionCheck: true,
  })
  await queue.add('replies', {}, { timestamp: Date.now() - 600_000 })
  await expect.poll(() => told('queues'), patience).toHaveLength(1)
  expect(told('queues')[0]).toMatch(
    /: a job of the queue replies-terminal is overdue for 10 min.*\. Chunks, .* come late/,
  )
  await queue.drain()
  await expect.poll(() => told('queues'), patience).toHaveLength(2)
  await settled('queues')
  expect(told('queues')).toHaveLength(2)
  await queue.close()
})

test('a backup has failed, which is told at once', slow, async () => {
  const { db } = desk.desk.parts
  const ended = { ended_at: new Date() }
  await db
    .insertInto('backups')
    .values({ ...ended, fault: 'the disk is full.' })
    .execute()
  await expect.poll(() => told('backups'), patience).toHaveLength(1)
  expect(told('backups')[0]).toContain(
    ': the last one failed: the disk is full. And there is no good one. Nothing stops;',
  )
  await db
    .insertInto('backups')
    .values({ ...ended, is_checked: true })
    .execute()
  await expect.poll(() => told('backups'), patience).toHaveLength(2)
  await settled('backups')
  expect(told('backups')).toHaveLength(2)
})

test('what was told is not told again after a restart', slow, async () => {
  const before = desk.posted.filter(({ text }) => text.startsWith('🚨 HEALTH')).length
  const { db } = desk.desk.parts
  await db.insertInto('backups').values({ ended_at: new Date(), fault: 'the disk is full again.' }).execute()
  await expect.poll(() => told('backups'), patience).toHaveLength(3)
  await desk.restart()
  await settled('backups')
  expect(desk.posted.filter(({ text }) => text.startsWith('🚨 HEALTH'))).toHaveLength(before + 1)
})

test('who asks sees each part as it is now, with what stops', slow, async ({ alice }) => {
  const shown = await alice.say('health')
  expect(shown).toMatch(
    /^🩺 HEALTH - 1 down\n✓ database: a write takes \d+ ms\n✓ redis: a write takes \d+ ms\n✓ queues: /,
  )
  expect(shown).toMatch(
    /\n✗ backups: the last one failed: the disk is full again\. And the last good one is .* · for .*\. Nothing stops;/,
  )
  expect(shown).toMatch(/\n✓ clock of here: this machine is 0\.\d s \w+/)
  expect(shown).not.toContain('Not every part was looked at')
  expect(await alice.say('is redis up')).toContain('🩺 HEALTH')
})
