import { setTimeout as wait } from 'node:timers/promises'

/** A queue in memory: items wait while a batch runs, so that many items become few statements. */
export interface Lane<Item> {
  /** Adds an item; it replaces a waiting item with the same key. */
  put(key: string, item: Item): void
  /** Resolves when nothing waits and nothing runs. */
  rest(): Promise<void>
  /** Begins nothing more; resolves when the running batch has ended. */
  close(): Promise<void>
}

const againMs = 250

/**
 * A lane that takes all waiting items as one batch, one batch after the other. A failed batch waits again, except for items
 * that newer ones have replaced.
 */
export function createLane<Item>(work: (items: Item[]) => Promise<void>, failed: (cause: unknown) => void): Lane<Item> {
  let waiting = new Map<string, Item>()
  let running: Promise<void> | undefined
  let isClosed = false

  async function run(): Promise<void> {
    // All items put in the same turn of the event loop share a batch.
    await undefined
    while (waiting.size > 0 && !isClosed) {
      const batch = waiting
      waiting = new Map()
      try {
        await work([...batch.values()])
      } catch (cause) {
        failed(cause)
        waiting = new Map([...batch, ...waiting])
        await wait(againMs)
      }
    }
    running = undefined
  }

  return {
    put(key, item) {
      waiting.set(key, item)
      running ??= run()
    },
    async rest() {
      while (running) await running
    },
    async close() {
      isClosed = true
      await running
    },
  }
}
