import type { DeskEvent, EventType } from './desk-event.ts'
import { isWatchType } from './watch-event.ts'

/** The part of a logged event that people are told. Another version of the desk may have written it. */
export type StoredEvent = Pick<DeskEvent, 'type' | 'data' | 'symbol'>

/** The type of a field in an event's data; a field whose type ends in `?` may be absent. */
type Kind = 'decimal' | 'text' | 'number' | 'date'
type Field = Kind | `${Kind}?`

type Fields = Record<string, Field>

const seen: Fields = {
  signedQuantity: 'decimal',
  averageEntryPrice: 'decimal',
  price: 'decimal',
  unrealizedReturn: 'decimal',
}
const traded: Fields = { side: 'text', quantity: 'decimal', price: 'decimal' }
const working: Fields = { side: 'text', quantity: 'decimal', limitPrice: 'decimal?', stopPrice: 'decimal?' }
const outage: Fields = { source: 'text', since: 'date', alone: 'text?', replaced: 'text?', fallback: 'text?' }
const fed: Fields = { ...seen, since: 'date', stop: 'decimal?', target: 'decimal?' }

/** The fields that people are told; other fields are not checked. */
const fieldsOf: Record<EventType, Fields> = {
  position_opened: { direction: 'text', quantity: 'decimal', price: 'decimal' },
  position_added: traded,
  position_updated: { before: 'text', after: 'text' },
  position_replaced: { before: 'text', after: 'text' },
  order_filled: { ...traded, purpose: 'text', realizedPnl: 'decimal', left: 'decimal' },
  order_error: { purpose: 'text', error: 'text' },
  order_working: working,
  order_moved: { ...working, was: 'decimal' },
  order_cancelled: { ...working, because: 'text' },
  order_expired: working,
  scaleout_start: { quantity: 'decimal', chunks: 'number', speed: 'text', lengthMs: 'number?' },
  scaleout_progress: {
    ...traded,
    chunk: 'number',
    chunks: 'number',
    realizedPnl: 'decimal',
    remaining: 'decimal',
  },
  scaleout_complete: { quantity: 'decimal', chunks: 'number', totalPnl: 'decimal' },
  scaleout_cancelled: { because: 'text', sold: 'decimal', left: 'decimal' },
  scaleout_error: { chunk: 'number', error: 'text' },
  scheduled_ended: { what: 'text', outcome: 'text' },
  scheduled_weak_touch: { what: 'text', price: 'decimal', because: 'text' },
  protection_set: {
    kind: 'text',
    price: 'decimal',
    quantity: 'decimal?',
    trail: 'decimal?',
    trailDollars: 'decimal?',
    was: 'decimal?',
  },
  protection_cancelled: { kind: 'text', price: 'decimal', quantity: 'decimal?', because: 'text' },
  undone: { what: 'text' },
  corporate_action: { what: 'text', before: 'text?', after: 'text?' },
  books_differ: { ledger: 'decimal', venue: 'decimal', gap: 'decimal' },
  books_agree: { because: 'text' },
  'position.stop_approaching': { ...seen, stop: 'decimal', distance: 'decimal' },
  'position.target_approaching': { ...seen, target: 'decimal', distance: 'decimal' },
  'position.profit_milestone': { ...seen, milestone: 'decimal' },
  'position.time_decay': { ...seen, hoursOpen: 'number' },
  'position.thesis_invalidation': { ...seen, because: 'text' },
  'position.correlation_spike': { ...seen, value: 'text', limit: 'text' },
  'position.volatility_spike': { ...seen, value: 'text', limit: 'text' },
  'trading.stop_loss_triggered': { ...seen, level: 'decimal' },
  'trading.take_profit_hit': { ...seen, level: 'decimal' },
  'trading.part_stop_hit': { ...seen, level: 'decimal', quantity: 'decimal' },
  'trading.part_target_hit': { ...seen, level: 'decimal', quantity: 'decimal' },
  'watching.feed_silent': fed,
  'watching.feed_back': fed,
  'watching.source_lost': { ...outage, because: 'text' },
  'watching.source_back': outage,
  'watching.weak_touch': { ...seen, what: 'text', because: 'text', level: 'decimal?' },
  'watching.sources_disagree': { ...seen, because: 'text' },
  'risk.circuit_breaker_tripped': { because: 'text', account: 'text?' },
  'risk.account_flat': { because: 'text', loss: 'text?' },
}

const decimal = /^-?\d+(\.\d+)?$/

const fits: Record<Kind, (value: unknown) => boolean> = {
  decimal: (value) => typeof value === 'string' && decimal.test(value),
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
}

/** May the event concern a whole account, so that it names no symbol? A `close all` for later is one. */
const concernsAccount = (type: EventType) => isWatchType(type) || type === 'scheduled_ended'

/** Does a stored event have valid data for everything that people are told of it? */
export function isReadable({ type, data, symbol }: StoredEvent): boolean {
  if (!Object.hasOwn(fieldsOf, type) || typeof data !== 'object' || data === null) return false
  if (symbol === undefined && !concernsAccount(type)) return false
  const values: Partial<Record<string, unknown>> = { ...data }
  return Object.entries(fieldsOf[type]).every(([name, field]) => {
    const value = values[name] ?? undefined
    return value === undefined ? field.endsWith('?') : fits[field.replace('?', '') as Kind](value)
  })
}
