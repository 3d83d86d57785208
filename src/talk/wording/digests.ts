import { momentText } from '../../base/format.ts'
import type { AlertNotice } from '../../watch/alerts/notices.ts'
import { storedText } from './event-text.ts'

type Digested = Extract<AlertNotice, { kind: 'events.digested' }>
type Muted = Extract<AlertNotice, { kind: 'events.muted' }>

/** The most lines of a digest. */
const mostLines = 30

/** The digest of LOW events, a line for each symbol and type. */
export function digestText({ span: { from, until }, zone, happened }: Digested): string {
  const lines = happened
    .slice(0, mostLines)
    .map((event) => `${storedText(event)}${event.times > 1 ? ` (the last of ${event.times})` : ''}`)
  const rest = happened.length - lines.length
  return [
    `📰 DIGEST — ${momentText(from, zone)} to ${momentText(until, zone)}`,
    ...lines,
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ].join('\n')
}

/** The muted alerts, a line each, the newest last. */
export function mutedText({ zone, missed }: Muted): string {
  const lines = missed.map((event) => `${momentText(event.at, zone)} · ${storedText(event)}`)
  return ['🔇 WHILE IT WAS MUTED HERE', ...lines].join('\n')
}
