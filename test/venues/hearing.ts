import { onTestFinished } from 'vitest'
import type { OrderEvent, OrderReference, OrderReport, Venue } from '../../src/venues/venue.ts'

/** Collects a venue's news until the test ends. */
export function listen(venue: Venue): OrderEvent[] {
  const heard: OrderEvent[] = []
  const stop = venue.subscribe({
    heard: (event) => heard.push(event),
    failed: (cause) => {
      throw cause
    },
  })
  onTestFinished(stop)
  return heard
}

/** The news of an order. */
export function newsOf({ clientOrderId }: OrderReference, heard: OrderEvent[]): OrderEvent[] {
  return heard.filter((event) => (event.kind === 'fill' ? event.fill : event.report).clientOrderId === clientOrderId)
}

/** The report in an answer; throws when there is none. */
export function reportIn(answer: { outcome: string; report?: OrderReport }): OrderReport {
  if (!answer.report) throw new Error(`it is ${answer.outcome}`)
  return answer.report
}
