import type { CriticalEvent } from '../rows/critical-events.ts'

/** Where processes that do not close at once themselves call out that there is something to do. */
export const criticalChannel = 'deskhand_critical'

/** Wakes whoever acts on critical events, at the moment that they are written. */
export interface Alarm {
  /** The name under which this process acts on what it raises itself; undefined when it leaves that to others. */
  readonly by: string | undefined
  /** Says that critical events have just been committed. Returns at once. */
  ring(events: CriticalEvent[]): void
  /** From now on this process acts on them, under this name. Answers with what ends it. */
  answer(by: string, act: (events: CriticalEvent[]) => void): () => void
}

/** An alarm that calls on other processes (`callOut`) as long as nobody answers it in this one. */
export function createAlarm(callOut: () => void): Alarm {
  let answering: { by: string; act: (events: CriticalEvent[]) => void } | undefined
  return {
    get by() {
      return answering?.by
    },
    ring(events) {
      if (events.length === 0) return
      if (answering) answering.act(events)
      else callOut()
    },
    answer(by, act) {
      const mine = { by, act }
      answering = mine
      return () => {
        if (answering === mine) answering = undefined
      }
    },
  }
}
