import { exitCode } from './processes.mjs'

/** Somebody wants this to end. */
export class StopRequest extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`)
    this.exitCode = exitCode(signal)
  }
}

/**
 * Hears Ctrl-C, SIGTERM, SIGHUP and the end of the npm that started this. `stopping` is aborted with a StopRequest at the
 * first of them, `insisting` at one that comes a second later: a terminal and npm both pass on the same Ctrl-C.
 * The scripts in package.json begin with `exec`, so that npm's signals reach this process and not a shell in between.
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
  // The terminal may be gone before we are.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})

  const parent = process.ppid
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && !stopping.signal.aborted && request('SIGHUP'), 250).unref()
  }
  return { stopping: stopping.signal, insisting: insisting.signal }
}
