import { setTimeout as wait } from 'node:timers/promises'
import { say } from './say.mjs'

/** @typedef {import('./server.mjs').Server} Server */

/** Milliseconds before a server that died is started again; the wait doubles each time it dies again within a minute. */
const firstWaitMs = 100
const longestWaitMs = 30_000
const livesMs = 60_000

/**
 * Starts a server again, on its port and with its data, whenever it ends by itself. Each time is reported on stderr.
 * @param {string} name
 * @param {(again: { port?: number, signal?: AbortSignal }) => Promise<Server>} start
 * @param {AbortSignal} [signal] ends the first start
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>} `stop` ends it for good
 */
export async function startWatched(name, start, signal) {
  const first = await start({ signal })
  const stopping = new AbortController()
  let server = first
  const watching = watch()

  async function watch() {
    let waitMs = firstWaitMs
    for (;;) {
      const since = Date.now()
      const how = await server.gone
      if (stopping.signal.aborted) return
      waitMs = Date.now() - since < livesMs ? waitMs : firstWaitMs
      say(`${name}: ended by itself (exit code ${how}); starting it again …`)
      const again = await restart(waitMs)
      if (!again) return
      server = again.server
      waitMs = Math.min(2 * again.waitMs, longestWaitMs)
      say(`${name}: started again on port ${server.port}`)
    }
  }

  /** @param {number} waitMs */
  async function restart(waitMs) {
    for (;;) {
      try {
        await wait(waitMs, undefined, { signal: stopping.signal })
        return { server: await start({ port: first.port, signal: stopping.signal }), waitMs }
      } catch (error) {
        if (stopping.signal.aborted) return undefined
        waitMs = Math.min(2 * waitMs, longestWaitMs)
        const because = error instanceof Error ? error.message : String(error)
        say(`${name}: could not be started; trying again in ${Math.ceil(waitMs / 1000)} s:\n${because}`)
      }
    }
  }

  return {
    url: first.url,
    port: first.port,
    async stop() {
      stopping.abort()
      await Promise.all([server.stop(), watching])
      await server.stop() // a restart may have just succeeded
    },
  }
}
