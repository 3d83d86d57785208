import { setTimeout as wait } from 'node:timers/promises'

/** Resolves with the result, or with undefined when it takes longer than this many milliseconds, or throws. */
export async function within<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  const over = new AbortController()
  const late = wait(ms, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
  return Promise.race([work.catch(() => undefined), late]).finally(() => over.abort())
}
