/** One call that waits for its batch. */
interface Asked<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(cause: unknown): void
}

/**
 * Batches calls: those of the same turn of the event loop, or those that arrive while `atOnce` batches run, share one batch,
 * so a thousand calls need one statement. `work` answers in the order of its items. When a batch fails, each of its items is
 * tried alone, so that one bad item fails by itself.
 */
export function together<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  { most = 500, atOnce = 2 }: { most?: number; atOnce?: number } = {},
): (item: Item) => Promise<Result> {
  let waiting: Asked<Item, Result>[] = []
  let underway = 0
  let isGathering = false

  async function answer(batch: Asked<Item, Result>[]): Promise<void> {
    underway += 1
    try {
      const results = await work(batch.map(({ item }) => item))
      for (const [index, asked] of batch.entries()) asked.resolve(results[index]!)
    } catch (cause) {
      if (batch.length === 1) batch[0]!.reject(cause)
      else for (const asked of batch) await answer([asked])
    } finally {
      underway -= 1
    }
  }

  function start(): void {
    isGathering = false
    while (waiting.length > 0 && underway < atOnce) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      void answer(batch).then(start)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isGathering || underway >= atOnce) return
      isGathering = true
      setImmediate(start)
    })
}
