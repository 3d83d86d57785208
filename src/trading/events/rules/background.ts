import { type DeskEvent, eventText } from './desk-event.ts'

/** Does an event end something that ran in the background by itself? What a person has ended they know already. */
export function endsTask(event: DeskEvent): boolean {
  switch (event.type) {
    case 'scaleout_complete':
    case 'scheduled_ended':
    case 'order_expired':
      return true
    case 'scaleout_cancelled':
      return event.data.because !== 'as you asked'
    case 'scaleout_error':
      return event.data.retryAt === undefined
    case 'order_filled':
      return event.data.rested === true
    default:
      return false
  }
}

/** What a member who wants to be told reads in their direct messages. */
export function notifyText(event: DeskEvent): string {
  return noticeText(eventText(event))
}

/** A direct message about something that has ended. */
export function noticeText(text: string): string {
  return `🔔 ${text}\n💡 \`history\` shows how it went, \`notify off\` ends these messages`
}
