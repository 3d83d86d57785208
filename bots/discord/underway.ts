import { setTimeout as wait } from 'node:timers/promises'

/** What a door has begun and not finished. */
export interface Underway {
  readonly ended: boolean
  /** Runs a task, and counts it as begun until it is done. */
  begin<T>(task: () => Promise<T>): Promise<T>
  /** From now on nothing should begin; waits for what has, at most so many milliseconds. */
  end(patience: number): Promise<void>
}

/** An empty account of what is under way. */
export function createUnderway(): Underway {
  const tasks = new Set<Promise<unknown>>()
  let ended = false
  return {
    get ended() {
      return ended
    },
    async begin(task) {
      const running = task()
      tasks.add(running)
      try {
        return await running
      } finally {
        tasks.delete(running)
      }
    },
    async end(patience) {
      ended = true
      const timer = new AbortController()
      const tooLong = wait(patience, undefined, { signal: timer.signal }).catch(() => {})
      await Promise.race([Promise.allSettled(tasks), tooLong])
      timer.abort()
    },
  }
}
