import { priceText } from '../../base/format.ts'
import type { ScheduleNotice } from '../../trading/schedule/notices.ts'
import type { WordingOf } from './wording-of.ts'

/** The sentences about orders for later. */
export const scheduleWording: WordingOf<ScheduleNotice> = {
  'schedule.ended_with_position': ({ order: { number, what }, because }) =>
    `🛑 ENDED: ${what} (number ${number} of \`schedule\`)\nIt was to close a position, and ${because}. Nothing is ordered later.`,
  'schedule.reached_weakly': ({ order: { number, what, symbol }, price, because }) =>
    `📡 THERE ON A WEAK PRICE, NOT DONE: ${what} (number ${number} of \`schedule\`)\n${symbol} is at ${priceText(price)}, but this price alone is not enough for a linked account, because ${because}. It is done when a second source confirms the price.\n💡 \`quote ${symbol}\` shows the price and what is wrong with it; \`schedule cancel ${number}\` takes it back, and without its condition it is ordered at once`,
}
