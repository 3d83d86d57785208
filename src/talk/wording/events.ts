import type { EventNotice } from '../../trading/events/notices.ts'
import { headings } from './event-headings.ts'
import { eventText, storedText } from './event-text.ts'
import { ownerText, ownerWording } from './owners.ts'
import { watchText } from './watch-text.ts'
import type { WordingOf } from './wording-of.ts'

export const eventWording: WordingOf<EventNotice> = {
  'event.followed': ({ event }) => `👁 ${eventText(event)}`,
  'event.listed': ({ event }) => storedText(event),
  'event.told': ({ event }) => `${headings[event.type]}\n${watchText(event)}`,
  'task.ended': ({ event }) => endText(eventText(event)),
  'tasks.ended': ({ total }) => endText(total),
  'owners.alarmed': ({ about }) => `🚨 ${ownerText(about)}`,
  ...ownerWording,
}

/** A direct message about something that has ended. */
function endText(text: string): string {
  return `🔔 ${text}\n💡 \`history\` shows how it went, \`notify off\` ends these messages`
}
