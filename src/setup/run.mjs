import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { makePassable } from './folders.mjs'
import { endNoted, noteProcess, takeLock } from './lock.mjs'
import { end, ended, running, spawnBound } from './processes.mjs'
import { SetupError } from './say.mjs'
import { startServers } from './servers.mjs'

/**
 * Runs a command with DATABASE_URL and REDIS_URL in its environment and its data in a folder that one run has at a time.
 * What an earlier run left behind after a `kill -9` is ended first; when this returns, nothing that it started is left.
 * @param {object} options
 * @param {string} options.folder
 * @param {[string, ...string[]]} options.command program and arguments
 * @param {AbortSignal} options.stopping asks the command to close, which it has ten seconds for
 * @param {AbortSignal} options.insisting ends it at once
 * @returns {Promise<number>} the exit code of the command
 */
export async function runWithServers({ folder, command: [program, ...args], stopping, insisting }) {
  makePassable(folder)
  const lock = join(folder, 'start.pid')
  const holder = takeLock(lock)
  if (holder) throw new SetupError(`The desk already runs from this folder (process ${holder}).`)
  const pidFile = join(folder, 'desk.pid')
  try {
    await endNoted(pidFile)
    const { stop, ...urls } = await startServers(folder, { signal: stopping })
    try {
      stopping.throwIfAborted()
      process.umask(0o077) // logs hold what people trade
      // Node keeps what it compiled: the next start takes half the processor time.
      const kept = { LOG_FILE: join(folder, 'deskhand.log'), NODE_COMPILE_CACHE: join(folder, 'compiled') }
      const env = { ...kept, ...process.env, ...urls }
      const desk = spawnBound(program, args, 'SIGKILL', { stdio: 'inherit', env })
      const code = ended(desk)
      if (desk.pid) noteProcess(pidFile, desk.pid)
      const close = () =>
        end(desk.pid, () => running(desk), [
          ['SIGTERM', 10_000],
          ['SIGKILL', 5_000],
        ])
      stopping.addEventListener('abort', close)
      insisting.addEventListener('abort', () => desk.kill('SIGKILL'))
      return await code
    } finally {
      await stop()
    }
  } finally {
    for (const file of [pidFile, lock]) rmSync(file, { force: true })
  }
}
