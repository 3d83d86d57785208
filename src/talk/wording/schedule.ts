import type { ScheduleNotice } from '../../trading/schedule/notices.ts'
import type { WordingOf } from './wording-of.ts'

/** The sentences about orders for later. */
export const scheduleWording: WordingOf<ScheduleNotice> = {
  'schedule.ended_with_position': ({ order: { number, what }, because }) =>
    `🛑 ENDED: ${what} (number ${number} of \`schedule\`)\nIt was to close a position, and ${because}. Nothing is ordered later.`,
}
