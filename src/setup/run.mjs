import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { makePassable } from './folders.mjs'
import { endNoted, noteProcess, takeLock } from './lock.mjs'
import { end, ended, running, spawnBound } from './processes.mjs'
import { SetupError } from './say.mjs'
import { startServers } from './servers.mjs'

/**
 * Runs a command with DATABASE_URL and REDIS_URL in its environment and its data in a folder. Only one run at a time may use
 * the folder. Leftovers of a run that ended by `kill -9` are ended first; nothing that this run started is left when it
 * returns.
 * @param {object} options
 * @param {string} options.folder
 * @param {[string, ...string[]]} options.command program and arguments
 * @param {[string, ...string[]]} [options.first] runs to its end before the command, when the database belongs to this run
 * @param {AbortSignal} options.stopping asks the command to close within ten seconds
 * @param {AbortSignal} options.insisting ends it at once
 * @returns {Promise<number>} the exit code of the command
 */
export async function runWithServers({ folder, command, first, stopping, insisting }) {
  makePassable(folder)
  const lock = join(folder, 'start.pid')
  const holder = takeLock(lock)
  if (holder) throw new SetupError(`The desk already runs from this folder (process ${holder}).`)
  const pidFile = join(folder, 'desk.pid')
  try {
    await endNoted(pidFile)
    const { stop, hasOwnDatabase, ...urls } = await startServers(folder, { signal: stopping })
    try {
      stopping.throwIfAborted()
      process.umask(0o077) // logs contain people's trades
      // Node keeps compiled code, so that the next start takes half the processor time.
      const kept = {
        ...{ LOG_FILE: join(folder, 'deskhand.log'), NODE_COMPILE_CACHE: join(folder, 'compiled') },
        BACKUP_FOLDER: join(folder, 'backups'),
      }
      const env = { ...kept, ...process.env, ...urls }
      const stops = { stopping, insisting }
      const prepared = first && hasOwnDatabase ? await runOne(first, { env, pidFile, ...stops }) : 0
      stopping.throwIfAborted()
      return prepared === 0 ? await runOne(command, { env, pidFile, ...stops }) : prepared
    } finally {
      await stop()
    }
  } finally {
    for (const file of [pidFile, lock]) rmSync(file, { force: true })
  }
}

/**
 * Runs a program until it ends or is asked to.
 * @param {[string, ...string[]]} command
 * @param {{ env: NodeJS.ProcessEnv, pidFile: string, stopping: AbortSignal, insisting: AbortSignal }} options
 * @returns {Promise<number>} its exit code
 */
async function runOne([program, ...args], { env, pidFile, stopping, insisting }) {
  const child = spawnBound(program, args, 'SIGKILL', { stdio: 'inherit', env })
  const code = ended(child)
  if (child.pid) noteProcess(pidFile, child.pid)
  const close = () =>
    end(child.pid, () => running(child), [
      ['SIGTERM', 10_000],
      ['SIGKILL', 5_000],
    ])
  stopping.addEventListener('abort', close)
  insisting.addEventListener('abort', () => child.kill('SIGKILL'))
  return code
}
