import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makePassable, password } from './folders.mjs'
import { takeLock } from './lock.mjs'
import { deskNode } from './packages.mjs'
import { runningPostgres, startPostgres } from './postgres.mjs'
import { postgresPlace } from './postgres-place.mjs'
import { end, ended, running, spawnBound } from './processes.mjs'
import { SetupError } from './say.mjs'

/** The exit code of the program when its database went away before it had read the words. */
const databaseAway = 75
const tries = 60

/** @typedef {{ stopping: AbortSignal, insisting: AbortSignal }} Stops */

/**
 * Runs `src/talk/language/classify-lines.ts` on standard input. Its words come from the database that the environment names,
 * or from the one in `folder`, running or not; a database that is started for this stops as soon as the words are read.
 * @param {Stops & { folder: string }} options
 * @returns {Promise<number>} its exit code
 */
export async function classifyLines({ folder, ...stops }) {
  makePassable(folder)
  if (process.env.DATABASE_URL) return classify(process.env.DATABASE_URL, [], stops)
  const place = postgresPlace(join(folder, 'postgres'))
  const secret = password(folder)
  const lock = join(folder, 'start.pid')
  for (let tried = 0; tried < tries; tried++) {
    stops.stopping.throwIfAborted()
    if (takeLock(lock) === undefined) return withOwnPostgres({ folder, place, secret, lock, ...stops })
    const url = runningPostgres(place, secret)
    const code = url === undefined ? databaseAway : await classify(url, [], stops)
    if (code !== databaseAway) return code
    await wait(500) // the database is about to start or to stop
  }
  throw new SetupError('The desk that runs from this folder does not let its words be read.')
}

/** @param {Stops & { folder: string, place: import('./postgres-place.mjs').PostgresPlace, secret: string, lock: string }} options */
async function withOwnPostgres({ folder, place, secret, lock, ...stops }) {
  /** @type {Promise<void> | undefined} */
  let stopped
  const free = () => rmSync(lock, { force: true })
  try {
    const log = join(folder, 'postgres.log')
    const server = await startPostgres({ place, log, password: secret, signal: stops.stopping })
    const stop = () => (stopped ??= server.stop().finally(free))
    try {
      return await classify(server.url, ['migrate'], stops, stop)
    } finally {
      await stop()
    }
  } finally {
    if (stopped === undefined) free()
  }
}

/**
 * @param {string} url
 * @param {string[]} args
 * @param {Stops} stops
 * @param {() => void} [whenRead] called when the words are read
 * @returns {Promise<number>}
 */
async function classify(url, args, { stopping, insisting }, whenRead = () => {}) {
  const child = spawnBound(deskNode(), ['src/talk/language/classify-lines.ts', ...args], 'SIGKILL', {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, DATABASE_URL: url },
  })
  child.once('disconnect', whenRead)
  const code = ended(child)
  stopping.addEventListener('abort', () =>
    end(child.pid, () => running(child), [
      ['SIGTERM', 2_000],
      ['SIGKILL', 2_000],
    ]),
  )
  insisting.addEventListener('abort', () => child.kill('SIGKILL'))
  return code
}
