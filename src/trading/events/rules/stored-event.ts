import { type DeskEvent, eventText } from './desk-event.ts'
import { headings, isWatchType } from './watch-event.ts'

/** As much of an event of the log as its texts need; another version of the desk may have written it. */
export type StoredEvent = Pick<DeskEvent, 'type' | 'data' | 'symbol'>

const missing = /undefined|NaN/

/** Can the desk say what is in a stored event? */
export function isReadable(event: StoredEvent): boolean {
  try {
    // Of what is missing a sentence says so; what people wrote may say anything.
    return !missing.test(eventText(event)) || missing.test(JSON.stringify(event.data))
  } catch {
    return false
  }
}

/** A stored event in one line; one that cannot be read is named all the same. */
export function storedText(event: StoredEvent): string {
  return isReadable(event) ? eventText(event) : `${nameOf(event)} · its details cannot be read`
}

function nameOf({ type, symbol }: StoredEvent): string {
  return [isWatchType(type) ? headings[type] : type, symbol].filter(Boolean).join(' — ')
}
