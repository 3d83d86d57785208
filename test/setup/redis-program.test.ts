import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { scratchFolder } from '../../src/setup/folders.mjs'
import { startRedis } from '../../src/setup/redis.mjs'
import { onPath, redisProgram } from '../../src/setup/redis-program.mjs'

let folder = ''
beforeEach(() => {
  folder = scratchFolder()
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** A PATH with those programs of this machine that `wanted` accepts. */
function path(wanted: (program: string) => boolean): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const from of process.env.PATH!.split(':')) {
    for (const program of list(from).filter(wanted)) {
      try {
        symlinkSync(join(from, program), join(bin, program))
      } catch {} // an earlier folder of the PATH has it
    }
  }
  return bin
}

function list(from: string): string[] {
  try {
    return readdirSync(from)
  } catch {
    return []
  }
}

const isRedis = (program: string) => /^(redis|valkey)-/.test(program)

test.runIf(onPath('apt-get'))(
  'without a Redis on the PATH, one is fetched from the system packages, once',
  { timeout: 180_000 }, // over the network
  async () => {
    vi.stubEnv(
      'PATH',
      path((program) => !isRedis(program)),
    )
    const program = await redisProgram({ folder })
    expect(program.path).toBe(join(folder, 'redis-dist/usr/bin/redis-server'))
    const server = await startRedis({ program, folder: join(folder, 'data'), password: 'test' })
    onTestFinished(() => server.stop())
    const redis = new Redis(server.url)
    onTestFinished(() => redis.disconnect())
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    expect(await redis.config('GET', 'hz')).toEqual(['hz', '100'])
    expect(readdirSync(folder).sort()).toEqual(['bin', 'data', 'redis-dist'])
    expect(await redisProgram({ folder })).toEqual(program)
  },
)

test('the one on the PATH comes first', async () => {
  const bin = path(() => false)
  symlinkSync(process.execPath, join(bin, 'valkey-server'))
  vi.stubEnv('PATH', bin)
  expect(await redisProgram({ folder })).toEqual({ path: join(bin, 'valkey-server') })
})

test('when none can be downloaded, one line says how to install it', async () => {
  const bin = path((program) => program === 'true')
  symlinkSync(process.execPath, join(bin, 'dnf'))
  vi.stubEnv('PATH', bin)
  await expect(redisProgram({ folder })).rejects.toThrow(
    'There is no Redis here. Install one: sudo dnf install valkey — or set REDIS_URL.',
  )
})
