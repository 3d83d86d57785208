import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import type { Database } from '../../src/infra/db/schema.ts'
import { freshDatabase } from '../support/database.ts'
import { startRedisServer, type TestServer } from '../support/servers.ts'
import { comesToRest, letPass } from './ledger.ts'
import type { LifeSpec } from './life.ts'
import type { Death } from './moments.ts'
import type { Platform } from './platforms.ts'
import { lifeProgram } from './program.ts'

/** Calls a function when what it belongs to is over: a test, or all rounds of a scene. */
export type WhenOver = (cleanUp: () => void | Promise<void>) => void

/** A process of the desk with worker and door. */
export interface Life {
  /** Resolves with the signal that ended it. */
  ended: Promise<NodeJS.Signals | null>
  isAlive(): boolean
  /** It dies at this moment from now on. */
  diesAt(death: Death): Promise<void>
  /** Freezes it, as a paused machine is, or lets it continue. */
  pause(): void
  goOn(): void
  /** Its machine's clock is ahead by this many milliseconds from now on. */
  setClock(skewMs: number): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Ends it in an orderly way. */
  end(): Promise<void>
}

/** Postgres, Redis and a platform that stay while processes come and go. Everything is removed when it is over. */
export interface Scene<P extends Platform = Platform> {
  db: Kysely<Database>
  redis: TestServer
  platform: P
  environment: Record<string, string>
  /**
   * Starts a process and waits until its door is open. It dies at the given moment, and its machine's clock is ahead by
   * `skewMs`.
   */
  begin(options?: Pick<LifeSpec, 'death' | 'skewMs'> & { roles?: LifeSpec['roles'] }): Promise<Life>
  /** Types, and waits for a matching answer in the thread. */
  ask(text: string, expected: RegExp): Promise<string>
  /** Waits for a matching message of the desk. */
  sees(expected: RegExp, withinMs?: number): Promise<string>
  /** Lets seconds pass for the database and the platform. */
  letPass(seconds: number): Promise<void>
  comesToRest(): Promise<void>
}

/**
 * Opens a scene around a platform: BYND is at $1.01, and AAPL at $190 when wanted; a planned minute takes `60 / timeScale`
 * seconds.
 */
export async function openScene<P extends Platform>(
  platform: P,
  options: {
    timeScale?: number
    databaseServer?: string
    hasApple?: boolean
    environment?: Record<string, string>
    venueUrl?: string
    accounts?: LifeSpec['accounts']
    clockAheadMs?: number
    /** The end of the test, unless it is given. */
    whenOver?: WhenOver
  } = {},
): Promise<Scene<P>> {
  const { whenOver = onTestFinished } = options
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-crash-'))
  whenOver(() => rmSync(folder, { recursive: true }))
  const quotes = ['symbol,bid,ask,last', 'BYND,1.01,1.01,1.01', ...(options.hasApple ? ['AAPL,190,190,190'] : [])]
  writeFileSync(join(folder, 'quotes.csv'), `${quotes.join('\n')}\n`)
  whenOver(() => platform.close())
  const database = await freshDatabase(options.databaseServer)
  whenOver(() => database.drop())
  const redis = await startRedisServer()
  whenOver(() => redis.stop())
  const db = connectDatabase(database.url, pino({ level: 'silent' }), 2)
  whenOver(() => db.destroy())

  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    MARKET: `quotes:${join(folder, 'quotes.csv')}`,
    QUOTE_MAX_AGE_SECONDS: '3600',
    PAPER_SLIPPAGE_BPS: '0',
    TIME_SCALE: String(options.timeScale ?? 600),
    // After a long outage here, begun exits must continue, unless a test is about the deadline.
    EXIT_DEADLINE_SECONDS: '3600',
    MESSAGES_PER_MINUTE: '100000',
    ...platform.environment,
    ...options.environment,
  }
  const texts = () => platform.seen('everywhere').map(({ text }) => text)
  const sees = async (expected: RegExp, timeout = 60_000, after = 0): Promise<string> => {
    const matching = () =>
      texts()
        .slice(after)
        .find((text) => expected.test(text))
    await expect
      .poll(() => matching() !== undefined || texts().slice(after), { timeout, message: String(expected) })
      .toBe(true)
    return matching()!
  }

  return {
    db,
    redis,
    platform,
    environment,
    begin: ({ roles, ...more } = {}) =>
      beginLife(
        {
          environment,
          roles: roles ?? ['worker', platform.door],
          venueUrl: options.venueUrl,
          accounts: options.accounts,
          clockAheadMs: options.clockAheadMs,
          ...more,
        },
        whenOver,
      ),
    async ask(text, expected) {
      const before = texts().length
      await platform.say(text)
      return sees(expected, undefined, before)
    },
    sees: (expected, withinMs) => sees(expected, withinMs),
    async letPass(seconds) {
      platform.letPass(seconds)
      await letPass(db, seconds)
    },
    comesToRest: () => comesToRest(db),
  }
}

/**
 * A process that lives for seconds takes longer to get new memory from the system than to use the same again, and to share its
 * garbage among threads than to collect it in one.
 */
const lean = ['--max-semi-space-size=4', '--single-threaded-gc']
const keepsMemory = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1073741824',
  MALLOC_TRIM_THRESHOLD_: '1073741824',
}

/** Starts a process of the desk, and waits until it is open. It ends with the test, unless another end is given. */
export async function beginLife(spec: LifeSpec, whenOver: WhenOver = onTestFinished): Promise<Life> {
  const child = spawn(process.execPath, [...lean, await lifeProgram(), JSON.stringify(spec)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...keepsMemory },
  })
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null)
  const tell = async (what: Death | { skewMs: number }) => {
    const heard = once(child.stdout, 'data')
    child.stdin.write(`${JSON.stringify(what)}\n`)
    await heard
  }
  const life: Life = {
    ended,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    diesAt: tell,
    setClock: (skewMs) => tell({ skewMs }),
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async end() {
      child.stdin.end()
      await ended
    },
  }
  whenOver(() => {
    life.goOn()
    return life.end()
  })
  const opened = once(child.stdout, 'data').then(() => true)
  const began = await Promise.race([opened, ended.then((signal) => signal === 'SIGKILL' && spec.death !== undefined)])
  if (!began) throw new Error('the process did not begin')
  return life
}
