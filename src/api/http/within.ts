import { setTimeout as wait } from 'node:timers/promises'

/** Waits for an answer. Throws `<what> does not answer` after so many milliseconds. */
export async function within<T>(milliseconds: number, what: string, answer: Promise<T>): Promise<T> {
  const stop = new AbortController()
  const late = wait(milliseconds, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what} does not answer`)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    stop.abort()
    late.catch(() => {})
    answer.catch(() => {})
  }
}
