import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { password, scratchFolder } from '../../src/setup/folders.mjs'
import { startPostgres } from '../../src/setup/postgres.mjs'
import { postgresPlace } from '../../src/setup/postgres-place.mjs'
import { startRedis } from '../../src/setup/redis.mjs'
import { redisProgram } from '../../src/setup/redis-program.mjs'
import { startServers } from '../../src/setup/servers.mjs'
import { aDesk, processesAt } from './a-desk.ts'

const waits = "setInterval(() => {}, 1000); console.log('open ' + process.env.DATABASE_URL);"
const patience = { interval: 20 }

// The tests find processes that still run in /proc.
describe.runIf(process.platform === 'linux')('a run', () => {
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const newFolder = () => {
    const made = scratchFolder()
    onTestFinished(() => rmSync(made, { recursive: true, force: true }))
    return made
  }

  const opened = (desk: ReturnType<typeof aDesk>) =>
    vi.waitFor(() => {
      expect(desk.printed()).toContain('open ')
      return desk.printed().match(/open (\S+)/)![1]!
    }, patience)
  const nothingLeft = (where = folder) => vi.waitFor(() => expect(processesAt(where)).toEqual([]), patience)

  test('passes the exit code of the desk on and leaves nothing running', async () => {
    const desk = aDesk(folder, 'process.exitCode = 7')
    expect(await desk.ended).toBe(7)
    expect(processesAt(folder)).toEqual([])
  })

  test('runs the release first when the database is its own, and the desk only after the release succeeded', async () => {
    const released = aDesk(folder, "console.log('desk')", process.env, "console.log('release')")
    expect(await released.ended).toBe(0)
    expect(released.printed()).toMatch(/release\ndesk\n$/)
    const failed = aDesk(folder, "console.log('desk')", process.env, 'process.exitCode = 3')
    expect(await failed.ended).toBe(3)
    expect(failed.printed()).not.toContain('desk\n')
  })

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'lets the desk close on %s, then stops its servers',
    async (signal) => {
      const desk = aDesk(folder, `process.on('SIGTERM', () => setTimeout(() => process.exit(5), 200)); ${waits}`)
      await opened(desk)
      desk.process.kill(signal)
      expect(await desk.ended).toBe(5)
      expect(processesAt(folder)).toEqual([])
    },
  )

  test('ends a desk that does not close when asked a second time', async () => {
    const desk = aDesk(folder, `process.on('SIGTERM', () => console.log('deaf')); ${waits}`)
    await opened(desk)
    desk.process.kill('SIGINT')
    await vi.waitFor(() => expect(desk.printed()).toContain('deaf'), patience)
    const asked = setInterval(() => desk.process.kill('SIGINT'), 200)
    onTestFinished(() => clearInterval(asked))
    expect(await desk.ended).toBe(128 + 9)
    expect(processesAt(folder)).toEqual([])
  })

  test('is refused while another one has the folder, and the other one goes on', async () => {
    const first = aDesk(folder, waits)
    await opened(first)
    const second = aDesk(folder, waits)
    expect(await second.ended).toBe(1)
    expect(second.printed()).toBe(`The desk already runs from this folder (process ${first.process.pid}).\n`)
    expect(first.process.exitCode).toBeNull()
    first.process.kill('SIGTERM')
    await first.ended
  })

  test('that is killed ends everything with it, and the next one finds its data', async () => {
    const first = aDesk(folder, waits)
    const client = new pg.Client(await opened(first))
    client.on('error', () => {})
    await client.connect()
    await client.query("create table fill as select 'BYND' as symbol")
    first.process.kill('SIGKILL')
    await nothingLeft()
    await client.end().catch(() => {})

    const second = aDesk(folder, waits)
    const again = new pg.Client(await opened(second))
    await again.connect()
    expect((await again.query('select symbol from fill')).rows).toEqual([{ symbol: 'BYND' }])
    await again.end()
    second.process.kill('SIGTERM')
    await second.ended
  })

  test('ends the servers that an earlier one left running, and starts its own', async () => {
    // As after a crash, when nothing would start them again.
    const [program, secret] = [await redisProgram(), password(folder)]
    const left = await startPostgres({
      place: postgresPlace(join(folder, 'postgres')),
      log: join(folder, 'postgres.log'),
      password: secret,
    })
    onTestFinished(() => left.stop())
    const redis = await startRedis({ program, folder: join(folder, 'redis'), password: secret })
    onTestFinished(() => redis.stop())
    const before = processesAt(folder)
    const desk = aDesk(folder, waits)
    expect(await opened(desk)).not.toBe(left.url)
    expect(processesAt(folder).filter((process) => before.includes(process))).toEqual([])
    desk.process.kill('SIGTERM')
    await desk.ended
  })

  test('leaves an unrelated process alone that has the pid of an earlier server', async () => {
    expect(await aDesk(folder, '').ended).toBe(0)
    const stranger = `${process.pid}\n${join(folder, 'postgres')}\n0\n1\n\n127.0.0.1\n\nready\n`
    writeFileSync(join(folder, 'postgres/postmaster.pid'), stranger)
    writeFileSync(join(folder, 'redis/redis.pid'), `${process.pid}\n`)
    writeFileSync(join(folder, 'start.pid'), `${process.pid} 1`)
    writeFileSync(join(folder, 'desk.pid'), `${process.pid} 1`)
    expect(await aDesk(folder, 'process.exitCode = 7').ended).toBe(7)
  })

  test('that is killed while Postgres makes its database leaves nothing that breaks the next one', async () => {
    const unmade = newFolder()
    const first = aDesk(unmade, waits)
    await vi.waitFor(() => expect(existsSync(join(unmade, 'postgres.new/data/base'))).toBe(true), patience)
    first.process.kill('SIGKILL')
    await first.ended
    expect(existsSync(join(unmade, 'postgres'))).toBe(false)
    const second = aDesk(unmade, waits)
    await opened(second)
    second.process.kill('SIGTERM')
    await second.ended
    expect(existsSync(join(unmade, 'postgres.new'))).toBe(false)
  })

  test('that is stopped while Postgres makes its database never opens the desk', async () => {
    const unmade = newFolder()
    const desk = aDesk(unmade, waits)
    await vi.waitFor(() => expect(existsSync(join(unmade, 'postgres.new'))).toBe(true), patience)
    desk.process.kill('SIGTERM')
    expect(await desk.ended).toBe(128 + 15)
    expect(desk.printed()).not.toContain('open ')
    await nothingLeft(unmade)
  })

  test('uses the servers that the environment names and starts none', async () => {
    const servers = { DATABASE_URL: 'postgres://elsewhere/desk', REDIS_URL: 'redis://elsewhere' }
    expect(await startServers(folder, { environment: servers })).toMatchObject(servers)
    expect(processesAt(folder)).toEqual([])
  })

  test('keeps its password secret: in no argument, in a file that only its owner can read', async () => {
    const desk = aDesk(folder, waits)
    const password = new URL(await opened(desk)).password
    expect(readFileSync(join(folder, 'password'), 'utf8')).toBe(password)
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600)
    expect(processesAt(folder).join('\n')).not.toContain(password)
    await expect(new pg.Client((await opened(desk)).replace(password, 'wrong')).connect()).rejects.toThrow('password')
    desk.process.kill('SIGTERM')
    await desk.ended
  })
})
