import type { DeskEvent } from './desk-event.ts'

/** The reason of an end that a member asked for. Rows keep it, so it stays the same. */
export const asYouAsked = 'as you asked'

/** Does an event end a background task by itself? A task that a person ended needs no message. */
export function endsTask(event: DeskEvent): boolean {
  switch (event.type) {
    case 'scaleout_complete':
    case 'scheduled_ended':
    case 'order_expired':
      return true
    case 'scaleout_cancelled':
      return event.data.because !== asYouAsked
    case 'scaleout_error':
      return event.data.retryAt === undefined
    case 'order_filled':
      return event.data.rested === true
    default:
      return false
  }
}
