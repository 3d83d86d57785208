import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { scratchFolder } from '../../src/setup/folders.mjs'
import { aDesk, processesAt } from './a-desk.ts'
import { openSession } from './a-session.ts'

const patience = { interval: 20 }
const program = `
  process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000)
  console.log('open ' + process.env.DATABASE_URL)`

const pidFiles = { Redis: 'redis/redis.pid', Postgres: 'postgres/postmaster.pid' }
type Name = keyof typeof pidFiles

const pidOf = (folder: string, name: Name) =>
  Number.parseInt(readFileSync(join(folder, pidFiles[name]), 'utf8').split('\n')[0]!, 10)
const kill = (folder: string, name: Name) => process.kill(pidOf(folder, name), 'SIGKILL')

// The tests find processes that still run in /proc.
describe.runIf(process.platform === 'linux')('the servers of a run', () => {
  const newFolder = () => {
    const made = scratchFolder()
    onTestFinished(() => rmSync(made, { recursive: true, force: true }))
    return made
  }
  const opened = async (folder: string) => {
    const desk = aDesk(folder, program)
    const url = await vi.waitFor(() => desk.printed().match(/open (\S+)/)![1]!, patience)
    const says = (text: string, times = 1) =>
      vi.waitFor(() => expect(desk.printed().split(text).length - 1).toBe(times), patience)
    return { desk, url, says }
  }

  test.each(['Redis', 'Postgres'] as const)('%s is started again on its port each time it is killed', async (name) => {
    const folder = newFolder()
    const { desk, url, says } = await opened(folder)
    const query = async (text: string) => {
      const client = new pg.Client({ connectionString: url })
      client.on('error', () => {})
      await client.connect()
      return client.query(text).finally(() => client.end())
    }
    await query("create table fill as select 'BYND' as symbol")
    const port = desk.printed().match(new RegExp(`${name}: started on port (\\d+)`))![1]
    for (const times of [1, 2]) {
      kill(folder, name)
      await says(`${name}: ended by itself (exit code 137); starting it again …\n`, times)
      await says(`${name}: started again on port ${port}\n`, times)
    }
    expect((await query('select symbol from fill')).rows).toEqual([{ symbol: 'BYND' }])
    desk.process.kill('SIGTERM')
    expect(await desk.ended).toBe(5)
    expect(processesAt(folder)).toEqual([])
  })

  test('one that cannot be started again is reported and tried again, and does not keep the run from ending', async () => {
    const folder = newFolder()
    const { desk, says } = await opened(folder)
    const port = Number(desk.printed().match(/Redis: started on port (\d+)/)![1])
    const squat = async () => {
      const squatter = createServer((socket) => socket.destroy())
      const listening = () =>
        new Promise<void>((resolve, reject) => squatter.once('error', reject).listen(port, '127.0.0.1', resolve))
      kill(folder, 'Redis')
      await vi.waitFor(listening, { timeout: 2000, interval: 1 })
      const leave = () => new Promise<void>((resolve) => squatter.close(() => resolve()))
      onTestFinished(leave)
      return leave
    }
    const leave = await squat()
    await says('Redis: could not be started; trying again in 1 s:\nRedis did not start')
    await leave()
    await says(`Redis: started again on port ${port}\n`)

    await squat()
    await says('Redis: could not be started; trying again in 1 s:\nRedis did not start', 2)
    desk.process.kill('SIGTERM')
    expect(await desk.ended).toBe(5)
    expect(processesAt(folder)).toEqual([])
  })

  test('those that were started again end with a run that is killed', async () => {
    const folder = newFolder()
    const { desk, says } = await opened(folder)
    kill(folder, 'Redis')
    kill(folder, 'Postgres')
    await says('Redis: started again')
    await says('Postgres: started again')
    desk.process.kill('SIGKILL')
    await vi.waitFor(() => expect(processesAt(folder)).toEqual([]), patience)
  })

  test('a scaleout goes on by itself when both are killed in the middle of it', { timeout: 240_000 }, async () => {
    const session = await openSession(
      ['BYND,1.01,1.01,1.01'],
      { TIME_SCALE: '20', QUOTE_MAX_AGE_SECONDS: '3600' },
      { hasOwnServers: true },
    )
    await session.until('long BYND 3750 @ .63', '✓ LONG')
    await session.until('scaleout fast', '✓ Chunk 1/')
    kill(session.folder, 'Redis')
    kill(session.folder, 'Postgres')
    await session.sees('🎉 SCALEOUT COMPLETE')
    const { transcript, code, errors } = await session.end()
    expect(transcript).toContain('Position: FLAT')
    expect(code).toBe(0)
    expect(errors).toContain('Postgres: started again')
    expect(errors).toContain('Redis: started again')
    expect(processesAt(session.folder)).toEqual([])
  })
})
