import { setTimeout as wait } from 'node:timers/promises'

/** The running tasks of a door. */
export interface Underway {
  readonly ended: boolean
  /** Runs a task, and counts it as running until it is done. */
  begin<T>(task: () => Promise<T>): Promise<T>
  /** Marks the door as ended, and waits for running tasks for at most so many milliseconds. */
  end(patience: number): Promise<void>
}

/** Creates an empty set of running tasks. */
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
