import type { Clock } from '../../base/clock.ts'

/** The time of a symbol with nothing due. */
const someday = Number.POSITIVE_INFINITY
/** Timers take at most about 24 days; an extra look costs nothing. */
const longestWait = 60_000

/**
 * The symbols with open orders that this process knows, each with the next moment at which a part or an end is due in it. An
 * alarm rings when one is due.
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
    /** Notes an open order in a symbol, with something due at these moments. */
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

    /** The symbols in which something is due now; each is returned once, until its next moment is noted. */
    takeDue(): string[] {
      const now = clock.now().getTime()
      const due = [...dueIn].flatMap(([symbol, time]) => (time <= now ? symbol : []))
      for (const symbol of due) dueIn.set(symbol, someday)
      setAlarm()
      return due
    },

    /** Sets the work of the alarm; undefined removes it. */
    onDue(work: (() => void) | undefined): void {
      ring = work
      setAlarm()
    },
  }
}

export type Agenda = ReturnType<typeof createAgenda>
