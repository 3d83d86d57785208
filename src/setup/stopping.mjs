import { exitCode } from './processes.mjs'

/** A request to end this process. */
export class StopRequest extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`)
    this.exitCode = exitCode(signal)
  }
}

/**
 * Listens for Ctrl-C, SIGTERM, SIGHUP and the end of the npm that started this. The first request aborts `stopping` with a
 * StopRequest; one that comes at least a second later aborts `insisting`, since a terminal and npm both pass on the same
 * Ctrl-C. The scripts in package.json begin with `exec`, so that npm's signals reach this process and not a shell in between.
 * @returns {{ stopping: AbortSignal, insisting: AbortSignal }}
 */
export function stopRequests() {
  const stopping = new AbortController()
  const insisting = new AbortController()
  let first = 0
  const request = (/** @type {NodeJS.Signals} */ signal) => {
    if (!stopping.signal.aborted) {
      first = Date.now()
      stopping.abort(new StopRequest(signal))
    } else if (Date.now() - first > 1000) {
      insisting.abort(new StopRequest(signal))
    }
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, request)
  // The terminal may close before this process ends.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})

  const parent = process.ppid
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && !stopping.signal.aborted && request('SIGHUP'), 250).unref()
  }
  return { stopping: stopping.signal, insisting: insisting.signal }
}
