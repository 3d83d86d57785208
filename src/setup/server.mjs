import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { end, ended, running } from './processes.mjs'
import { lastLines } from './say.mjs'

/** @typedef {import('./processes.mjs').Farewell} Farewell */

/**
 * @typedef {object} Server A server that this process started.
 * @property {string} url
 * @property {number} port
 * @property {number} pid
 * @property {Promise<number>} gone resolves with its exit code when it has ended
 * @property {() => Promise<void>} stop ends it in an orderly way
 * @property {() => Promise<void>} kill9 ends it as a crash would
 */

/**
 * Waits until a spawned server answers, and returns it as a Server. Throws with the end of its log when it ends instead. Ends
 * it when it takes more than a minute, or when `signal` is aborted.
 * @param {string} name
 * @param {import('./processes.mjs').ChildProcess} child
 * @param {{ url: string, port: number, log: string, farewell: Farewell, ready: () => Promise<boolean>, signal?: AbortSignal }} options
 * @returns {Promise<Server>}
 */
export async function whenReady(name, child, { url, port, log, farewell, ready, signal }) {
  const gone = ended(child)
  const stop = () => end(child.pid, () => running(child), farewell)
  const patience = Date.now() + 60_000
  while (!(await ready())) {
    if (signal?.aborted || Date.now() > patience) {
      await stop()
      signal?.throwIfAborted()
    }
    if (!running(child)) {
      await gone
      throw new Error(`${name} did not start:\n${lastLines(logged(log))}`)
    }
    await wait(10)
  }
  const lastResort = () => child.kill(farewell[0]?.[0])
  process.once('exit', lastResort)
  gone.then(() => process.off('exit', lastResort))
  return {
    url,
    port,
    pid: /** @type {number} */ (child.pid),
    gone,
    stop,
    kill9: () => end(child.pid, () => running(child), [['SIGKILL', 10_000]]),
  }
}

/** @param {string} log */
function logged(log) {
  try {
    return readFileSync(log, 'utf8')
  } catch (error) {
    return String(error)
  }
}
