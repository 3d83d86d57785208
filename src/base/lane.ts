import { setTimeout as wait } from 'node:timers/promises'

/** Where work waits while the work before it is under way, so that much work becomes few statements. */
export interface Lane<Item> {
  /** An item with the key of one that waits takes its place. */
  put(key: string, item: Item): void
  /** Resolves when nothing waits and nothing is under way. */
  rest(): Promise<void>
  /** Nothing is begun any more; resolves when what was begun is over. */
  close(): Promise<void>
}

const againMs = 250

/**
 * A lane that works on everything that waits at a time, one batch after the other. A batch that fails waits again, unless
 * newer items have taken the places of its own.
 */
export function createLane<Item>(work: (items: Item[]) => Promise<void>, failed: (cause: unknown) => void): Lane<Item> {
  let waiting = new Map<string, Item>()
  let running: Promise<void> | undefined
  let isClosed = false

  async function run(): Promise<void> {
    // All that the same turn of the event loop puts goes together.
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
