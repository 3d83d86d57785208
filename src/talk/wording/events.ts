import type { EventNotice } from '../../trading/events/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const eventWording: WordingOf<EventNotice> = {}
