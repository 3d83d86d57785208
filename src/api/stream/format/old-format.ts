import type { Format } from './format.ts'
import type { StreamedEvent } from './streamed-event.ts'

/** The types of messages of the older stream. */
type OldType = 'connected' | 'status' | 'trade' | 'session_complete' | 'complete' | 'error'

const errors = new Set(['scaleout_error', 'order_error', 'watching.feed_silent', 'watching.source_lost'])
const trades = new Set(['order_filled', 'position_opened', 'position_added', 'scaleout_progress'])
/** A task that runs in the background is a session of the older stream. */
const ends = new Set(['scaleout_complete', 'scaleout_cancelled', 'scheduled_ended'])

/** Messages of the older stream of one account: `{type, timestamp, data}` without a name, events with their cursor as the id. */
export function oldFormat(accountId: number): Format {
  return {
    opened: (id, at, retry) =>
      message('connected', at, { model_id: accountId, message: 'Connected to trading stream' }, { retry, id }),
    event(event) {
      const { id, type, urgency, symbol, at, text, data } = event
      const details = { message: text, event: type, urgency, symbol, details: data }
      if (ends.has(type))
        return message('session_complete', at, details, { id }) + message('complete', at, details, { id })
      return message(oldType(type), at, trades.has(type) ? { action: actionOf(event), ...details } : details, { id })
    },
    // Older clients show every message, so a sign of life is a comment.
    beat: () => ': beat\n\n',
    reset: (id, at) => message('status', at, { message: 'Events were missed: fetch everything again' }, { id }),
    ended: (because, retry, at) => message('status', at, { message: `The stream ends: ${because}` }, { retry }),
  }
}

function message(type: OldType, timestamp: string, data: object, fields: { id?: string; retry?: number } = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  return `${lines.join('')}data: ${JSON.stringify({ type, timestamp, data })}\n\n`
}

function oldType(type: string): OldType {
  if (errors.has(type)) return 'error'
  if (type === 'risk.account_flat') return 'complete'
  return trades.has(type) ? 'trade' : 'status'
}

function actionOf({ data }: StreamedEvent): string {
  const { side, direction } = data as { side?: string; direction?: string }
  return side ?? (direction === 'SHORT' ? 'sell' : 'buy')
}
