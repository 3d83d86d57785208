import { averageText, profitText, quantityText } from '../../base/format.ts'
import { isReadable, type StoredEvent } from '../../trading/events/rules/stored-event.ts'
import { isWatchType, type WatchEvent } from '../../trading/events/rules/watch-event.ts'
import { type Held, positionText } from '../../trading/positions/rules/describe.ts'
import { lastPrice } from '../../watch/alerts/last-price.ts'
import type { AlertNotice, Ended, HeldEvent } from '../../watch/alerts/notices.ts'
import { digestText, mutedText } from './digests.ts'
import { headingText } from './event-headings.ts'
import { eventText } from './event-text.ts'
import { watchText } from './watch-text.ts'
import type { WordingOf } from './wording-of.ts'

/** The most lines of a table. The rest is only counted. */
const mostLines = 30

export const alertWording: WordingOf<AlertNotice> = {
  'event.alerted': ({ event, whose, isDirect }) =>
    [
      headingText(event, whose),
      seenText(event),
      ...(isDirect ? ['💡 `notify critical off` ends these messages'] : []),
    ].join('\n'),
  'event.ended': ({ event, whose, ended }) => `${headingText(event, whose)}\n${endedText(event, ended)}`,
  'event.repeated': ({ alert, count, lastPrice, now }) => repeatedText(alert, count, lastPrice, now),
  'events.held': ({ held }) => tableText(held),
  'events.digested': digestText,
  'events.muted': mutedText,
}

/** The text below the heading of an alert. The guardian's line follows it. */
function seenText(event: StoredEvent): string {
  if (!isReadable(event)) return 'Its details cannot be read: look at the position'
  return isWatchType(event.type) ? watchText(event as WatchEvent) : eventText(event)
}

/** How it ended: `Sold 3,750 @ $0.549 · P&L $-303.75 · FLAT`. */
function endedText({ type }: StoredEvent, { side, quantity, value, realizedPnl, positions, open }: Ended): string {
  const profit = `P&L ${profitText(realizedPnl)}`
  if (type === 'risk.circuit_breaker_tripped') {
    if (positions === 0) return 'It is over: nothing had to be closed'
    return `It is over: closed ${positions === 1 ? '1 position' : `${positions} positions`} · ${profit}`
  }
  const rest = open.gt(0) ? `${quantityText(open)} still open` : 'FLAT'
  if (quantity.lte(0)) return open.gt(0) ? `It is over: nothing was traded · ${rest}` : 'It is over: FLAT already'
  const did = side === 'sell' ? 'Sold' : 'Bought back'
  return `${did} ${quantityText(quantity)} @ ${averageText(value.div(quantity))} · ${profit} · ${rest}`
}

/**
 * Adds the count of repeats to the heading of an alert: `⚠️ STOP APPROACHING — BYND ×3, last $0.554`. The position as it is now
 * takes the place of old details, and of a question that nobody can answer any more.
 */
function repeatedText(alert: string, count: number, last?: string, now?: Held): string {
  const [heading = '', ...rest] = alert.split('\n')
  const details = now ? [`Now: ${positionText(now)}`] : rest
  return [`${heading} ×${count}${last ? `, last ${last}` : ''}`, ...details].join('\n')
}

/** The held-back alerts as one table: a line for each position and event type, with the last price and the count. */
function tableText(held: HeldEvent[]): string {
  const subjects = [...Map.groupBy(held, subjectOf).values()]
  const lines = subjects.slice(0, mostLines).map((same) => {
    const { event, whose } = same.at(-1)!
    const times = same.length > 1 ? ` ×${same.length}` : ''
    return [headingText(event, whose), lastPrice(event)].filter(Boolean).join(' · ').concat(times)
  })
  const rest = subjects.slice(mostLines).reduce((sum, same) => sum + same.length, 0)
  return [
    `📋 ${held.length} MORE ALERT${held.length === 1 ? '' : 'S'} IN A MINUTE`,
    ...lines,
    ...(rest > 0 ? [`… and ${rest} more`] : []),
    '💡 `positions` shows where everything stands',
  ].join('\n')
}

const subjectOf = ({ positionId, event: { type, symbol }, whose }: HeldEvent) =>
  `${positionId} ${type} ${symbol} ${whose}`
