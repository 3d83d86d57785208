import type { Clock } from '../../base/clock.ts'

/** When something is to be done in a symbol that has nothing due. */
const someday = Number.POSITIVE_INFINITY
/** Timers do not take more than some 24 days; a look in between costs nothing. */
const longestWait = 60_000

/**
 * The symbols in which orders are open, as far as this process knows, each with the moment when the next part or end in
 * it is due. An alarm rings when there is one.
 */
export function createAgenda(clock: Clock) {
  const dueIn = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let ring: (() => void) | undefined

  function setAlarm(): void {
    clearTimeout(timer)
    const next = Math.min(...dueIn.values())
    if (!ring || next === someday) return
    timer = setTimeout(ring, Math.min(longestWait, Math.max(0, next - clock.now().getTime())))
  }

  return {
    /** There is an open order in a symbol, with something due at these moments. */
    note(symbol: string, ...moments: (Date | null | undefined)[]): void {
      const before = dueIn.get(symbol) ?? someday
      const times = moments.flatMap((moment) => moment?.getTime() ?? [])
      const next = Math.min(before, ...times)
      dueIn.set(symbol, next)
      if (next < before) setAlarm()
    },

    has: (symbol: string) => dueIn.has(symbol),
    symbols: () => [...dueIn.keys()],
    forget: (symbol: string) => dueIn.delete(symbol),

    /** The symbols in which something is due now; each is due once, until the next is noted. */
    takeDue(): string[] {
      const now = clock.now().getTime()
      const due = [...dueIn].flatMap(([symbol, time]) => (time <= now ? symbol : []))
      for (const symbol of due) dueIn.set(symbol, someday)
      setAlarm()
      return due
    },

    /** From now on the alarm does this; undefined: nothing any more. */
    onDue(work: (() => void) | undefined): void {
      ring = work
      setAlarm()
    },
  }
}

export type Agenda = ReturnType<typeof createAgenda>
