import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { scratchFolder } from '../../src/setup/folders.mjs'
import { startPostgres } from '../../src/setup/postgres.mjs'
import { postgresPlace } from '../../src/setup/postgres-place.mjs'
import { freePort } from '../../src/setup/processes.mjs'
import { startRedis } from '../../src/setup/redis.mjs'
import { redisProgram } from '../../src/setup/redis-program.mjs'
import type { Server } from '../../src/setup/server.mjs'
import { throwaway } from '../../src/setup/servers.mjs'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The Postgres that all test files share; `freshDatabase` makes a database in it. */
    postgresUrl: string
    /** A folder for the programs that a run builds from the desk's files. */
    programsFolder: string
  }
}

/** Vitest's global set-up: one Postgres for the whole run. A Redis starts so fast that each file has its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgresServer()
  project.provide('postgresUrl', postgres.url)
  const programs = scratchFolder()
  project.provide('programsFolder', programs)
  const removePrograms = () => rmSync(programs, { recursive: true, force: true })
  project.onTestsRerun(async () => removePrograms())
  return async () => {
    removePrograms()
    await postgres.stop()
  }
}

/** A server of a test's own; its port and data survive a restart. */
export interface TestServer {
  readonly url: string
  /** Stops it in an orderly way and starts it again. */
  restart(): Promise<void>
  /** Starts it again after `kill9` or `halt`. */
  start(): Promise<void>
  /** Ends it as a crash would; the data stays. */
  kill9(): Promise<void>
  /** Freezes its process: it accepts data, and answers nothing until it is thawed. */
  freeze(): void
  thaw(): void
  /** Stops it in an orderly way; the data stays. */
  halt(): Promise<void>
  /** Stops it for good and removes its data. */
  stop(): Promise<void>
}

/** A Redis of the test's own, with the same settings as the desk's. */
export async function startRedisServer(): Promise<TestServer> {
  const folder = scratchFolder()
  const port = await freePort()
  const program = await redisProgram()
  return testServer(folder, () => startRedis({ program, folder, password: 'test', port }))
}

/** A Postgres of the test's own. It waits for the disk only when it is `durable`. */
export async function startPostgresServer({
  durable = false,
  settings: more = [] as string[],
} = {}): Promise<TestServer> {
  const folder = scratchFolder()
  const port = await freePort()
  const settings = [...(durable ? [] : throwaway), ...more]
  const log = join(folder, 'postgres.log')
  return testServer(folder, () =>
    startPostgres({ place: postgresPlace(join(folder, 'postgres')), log, password: 'test', port, settings }),
  )
}

async function testServer(folder: string, begin: () => Promise<Server>): Promise<TestServer> {
  let server = await begin()
  const start = async () => {
    server = await begin()
  }
  return {
    url: server.url,
    start,
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    halt: () => server.stop(),
    kill9: () => server.kill9(),
    async restart() {
      await server.stop()
      await start()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
