import { setTimeout as wait } from 'node:timers/promises'

/** The answer of something that may be away, or an error after so many milliseconds. */
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
