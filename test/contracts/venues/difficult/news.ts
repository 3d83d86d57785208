import type { OrderEvent, OrderListener } from '../../../../src/venues/venue.ts'
import type { Agenda } from './agenda.ts'
import { chanceOf } from './chance.ts'
import type { Difficulties, Timings } from './difficulties.ts'
import { mistakenEvent, mistakes } from './mistaken.ts'

/** The parts of the news. */
export interface NewsParts {
  agenda: Agenda
  seed: number
  difficulties(): Difficulties
  timings: Timings
  isOut(): boolean
}

/** Delivers events to listeners, with the difficulties. Missed events are not repeated. */
export interface News {
  tell(event: OrderEvent): void
  subscribe(listener: OrderListener): () => void
  /** Tells every listener that the connection failed. */
  fail(cause: Error): void
}

/** News without listeners. */
export function createNews({ agenda, seed, difficulties, timings, isOut }: NewsParts): News {
  const listeners = new Set<OrderListener>()
  /** Events that wait for the event after them. */
  let held: OrderEvent[] = []
  let told = 0

  function deliver(event: OrderEvent): void {
    if (isOut()) return
    for (const listener of listeners) listener.heard(event)
  }

  function deliverBeforeHeld(event: OrderEvent): void {
    const waiting = held
    held = []
    for (const one of [event, ...waiting]) deliver(one)
  }

  return {
    tell(event) {
      const { happens, between, oneOf } = chanceOf(seed, 'event', ++told)
      const { lostEvents, doubledEvents, lateEvents, reorderedEvents, wrongEvents } = difficulties()
      const lateMs = between(timings.event)
      const mistake = oneOf(mistakes)
      const [isLost, isDoubled, isLate, isHeld] = [lostEvents, doubledEvents, lateEvents, reorderedEvents].map(happens)
      if (isLost) return
      const said = happens(wrongEvents) ? mistakenEvent(event, mistake) : event
      if (isDoubled) agenda.after(isLate ? lateMs + 1 : 0, () => deliver(said))
      if (isLate) agenda.after(lateMs, () => deliver(said))
      else if (isHeld) {
        held.push(said)
        agenda.after(lateMs, () => {
          if (!held.includes(said)) return
          held = held.filter((one) => one !== said)
          deliver(said)
        })
      } else deliverBeforeHeld(said)
    },
    subscribe(listener) {
      const own = { ...listener }
      listeners.add(own)
      return () => listeners.delete(own)
    },
    fail(cause) {
      for (const listener of listeners) listener.failed(cause)
    },
  }
}
