import type { CriticalEvent } from '../rows/critical-events.ts'

/** The notification channel of processes that raise critical events but do not act on them. */
export const criticalChannel = 'deskhand_critical'

/** Wakes the process that acts on critical events, as soon as they are written. */
export interface Alarm {
  /** The name under which this process acts on its own critical events; undefined when it leaves them to others. */
  readonly by: string | undefined
  /** Announces critical events that have just been committed. Returns at once. */
  ring(events: CriticalEvent[]): void
  /** Lets this process act on critical events under this name. Returns a function that ends this. */
  answer(by: string, act: (events: CriticalEvent[]) => void): () => void
}

/** Creates an alarm that notifies other processes (`callOut`) as long as nobody in this process answers it. */
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
