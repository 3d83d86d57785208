import type { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { calendarOf } from '../../../market/calendar.ts'
import { venueHours } from '../../../trading/orders/venue-hours.ts'
import type { Given } from '../../language/slots.ts'
import type { Hearing, Option } from '../command.ts'
import { expiresIn } from './limit-price.ts'

/** The words for how long an order with a limit works, and at which hours. */
export const restingOptions: Option[] = [
  { name: 'hours', type: 'choice', choices: ['extended'], description: 'Also before and after the session' },
  { name: 'tif', type: 'choice', choices: ['day', 'gtc'], description: 'Until the close, or until cancelled' },
]

/** The end of an order with a limit, and its hours. */
export interface RestingTerms {
  expiresAt?: Date
  isExtended?: boolean
}

/** Reads these words: `extended`, `day` (it ends at the close) and `gtc` (until it is cancelled, as without a word). */
export async function restingTerms(
  { parts, speaker }: Hearing,
  symbol: string,
  given: Given,
  limitPrice: Big | undefined,
): Promise<RestingTerms | Refusal> {
  const expiresAt = expiresIn(given)
  const isExtended = given.hours === 'extended'
  if (given.tif !== undefined && !limitPrice) {
    const sentence = `\`${given.tif}\` says how long an order with a limit works, and this one has none. Nothing was done.`
    return new Refusal('TIF_WITHOUT_LIMIT', sentence, `Such as \`buy 100 ${symbol} @ 118 day\``)
  }
  const closesAt = given.tif === 'day' ? await closeOf(parts, speaker.accountId, symbol) : undefined
  if (closesAt instanceof Refusal) return closesAt
  const ends = closesAt ?? expiresAt
  return { ...(ends && { expiresAt: ends }), ...(isExtended && { isExtended }) }
}

/** The end of the session that trades now, or of the next one. */
async function closeOf(parts: Hearing['parts'], accountId: number, symbol: string): Promise<Date | Refusal> {
  const calendar = calendarOf(symbol)
  if (calendar.isAlwaysOpen) {
    const sentence = `${symbol} is traded around the clock and has no close. Nothing was done.`
    return new Refusal('NEVER_CLOSES', sentence, 'Name a time, such as `by 3pm`')
  }
  const hours = await venueHours(parts, accountId)
  if (hours) return hours.closesAt
  const now = parts.clock.now()
  return (calendar.sessionAt(now) ?? calendar.nextSession(now)).close
}
