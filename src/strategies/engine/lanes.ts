/** Work on one item. It ends early when `stopped` is aborted; `oneByOne` runs an act while no other lane runs one. */
type Work<Item> = (
  item: Item,
  stopped: AbortSignal,
  oneByOne: (act: () => Promise<void>) => Promise<void>,
) => Promise<void>

/**
 * Works on items in several lanes at once, each taking the next item when it is through with one. The first fault stops all
 * lanes and is thrown when they have ended, so that nothing happens afterwards. Throws the reason of the signal.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  { lanes, signal }: { lanes: number; signal?: AbortSignal },
  work: Work<Item>,
): Promise<void> {
  const stop = new AbortController()
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  let taken = 0
  let turn = Promise.resolve()
  const oneByOne = (act: () => Promise<void>) => {
    const mine = turn.then(() => {
      stopped.throwIfAborted()
      return act()
    })
    turn = mine.catch(() => {})
    return mine
  }

  async function lane(): Promise<void> {
    while (taken < items.length) {
      stopped.throwIfAborted()
      await work(items[taken++]!, stopped, oneByOne)
    }
  }

  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(Math.max(1, lanes), items.length) }, () =>
      lane().catch((cause) => {
        stop.abort(cause)
        throw cause
      }),
    ),
  )
  signal?.throwIfAborted()
  if (ended.some(({ status }) => status === 'rejected')) throw stop.signal.reason
}
