import type { Clock } from '../../../../src/base/clock.ts'

/** The delayed work of a venue. Work without a delay is done at once, before the call returns. */
export interface Agenda {
  now(): Date
  after(milliseconds: number, work: () => void): void
  wait(milliseconds: number): Promise<void>
  /** Does all pending work now, in the order of its times, and everything that follows from it. */
  settle(): Promise<void>
  /** Forgets the pending work. */
  close(): void
}

/** An agenda whose time stands still until a test moves it. */
export interface HandAgenda extends Agenda {
  /** Lets this many milliseconds pass, and does the work that is due by then. */
  advance(milliseconds: number): Promise<void>
}

interface Item {
  dueAt: number
  work: () => void
}

/** Lets callers continue with an answer before the next item: they would have had it by then. */
const others = () => new Promise<void>((resolve) => setImmediate(resolve))

/** An agenda without timers; settling it moves its time on to the last pending item. */
export function handAgenda(start = '2026-11-20T15:00:00Z'): HandAgenda {
  let time = new Date(start).getTime()
  const items = createItems()

  async function doUntil(end: number): Promise<void> {
    await others()
    for (let item = items.take(end); item; item = items.take(end)) {
      time = Math.max(time, item.dueAt)
      item.work()
      await others()
    }
  }

  return {
    now: () => new Date(time),
    ...later(() => time, items.add),
    settle: () => doUntil(Number.POSITIVE_INFINITY),
    async advance(milliseconds) {
      const end = time + milliseconds
      await doUntil(end)
      time = Math.max(time, end)
    },
    close: items.clear,
  }
}

/**
 * An agenda on the machine's timers, in the time of `clock`, which may run `speed` times as fast as the machine's. Settling
 * it does not wait: pending work is done early.
 */
export function timerAgenda(clock: Pick<Clock, 'now'> = { now: () => new Date() }, speed = 1): Agenda {
  const items = createItems()
  const timers = new Set<NodeJS.Timeout>()

  function add(item: Item): void {
    items.add(item)
    const wait = (item.dueAt - clock.now().getTime()) / speed
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (items.remove(item)) item.work()
    }, wait)
    timers.add(timer)
  }

  return {
    now: () => clock.now(),
    ...later(() => clock.now().getTime(), add),
    async settle() {
      await others()
      for (let item = items.take(Number.POSITIVE_INFINITY); item; item = items.take(Number.POSITIVE_INFINITY)) {
        item.work()
        await others()
      }
    },
    close() {
      items.clear()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function later(now: () => number, add: (item: Item) => void): Pick<Agenda, 'after' | 'wait'> {
  const after: Agenda['after'] = (milliseconds, work) => {
    if (milliseconds <= 0) work()
    else add({ dueAt: now() + milliseconds, work })
  }
  return { after, wait: (milliseconds) => new Promise((resolve) => after(milliseconds, resolve)) }
}

/** The pending items by time; items with the same time keep their order. */
function createItems() {
  let items: Item[] = []
  return {
    add(item: Item): void {
      const place = items.findIndex(({ dueAt }) => dueAt > item.dueAt)
      items.splice(place < 0 ? items.length : place, 0, item)
    },
    /** Removes and returns the next item that is due by then. */
    take: (by: number): Item | undefined => (items[0] && items[0].dueAt <= by ? items.shift() : undefined),
    /** Removes an item; was it still there? */
    remove(item: Item): boolean {
      const place = items.indexOf(item)
      if (place >= 0) items.splice(place, 1)
      return place >= 0
    },
    clear(): void {
      items = []
    },
  }
}
