import type { EventNotice } from '../../trading/events/notices.ts'
import { endText } from './end-text.ts'
import { eventText, storedText } from './event-text.ts'
import { ownerText, ownerWording } from './owners.ts'
import type { WordingOf } from './wording-of.ts'

export const eventWording: WordingOf<EventNotice> = {
  'event.followed': ({ event }) => `👁 ${eventText(event)}`,
  'event.listed': ({ event }) => storedText(event),
  'task.ended': ({ event }) => endText(eventText(event)),
  'owners.alarmed': ({ about }) => `🚨 ${ownerText(about)}`,
  ...ownerWording,
}
