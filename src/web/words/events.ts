import type { Event } from '../../api/contract/events.ts'

/** The look of an event in the feed: a sign, a name in words, and the kind that gives its colour. */
export interface Look {
  sign: string
  name: string
  kind: 'fill' | 'order' | 'scaleout' | 'level' | 'guard' | 'trouble' | 'other'
}

const looks: [start: string, look: Look][] = [
  ['order_filled', { sign: '✓', name: 'Fill', kind: 'fill' }],
  ['order_error', { sign: '!', name: 'Order refused', kind: 'trouble' }],
  ['order_', { sign: '≡', name: 'Order', kind: 'order' }],
  ['scaleout_error', { sign: '!', name: 'Scaleout in trouble', kind: 'trouble' }],
  ['scaleout_progress', { sign: '◔', name: 'Chunk', kind: 'scaleout' }],
  ['scaleout_complete', { sign: '●', name: 'Scaleout complete', kind: 'scaleout' }],
  ['scaleout_', { sign: '◌', name: 'Scaleout', kind: 'scaleout' }],
  ['protection_', { sign: '⇕', name: 'Level', kind: 'level' }],
  ['risk.', { sign: '!', name: 'Breaker', kind: 'trouble' }],
  ['position.', { sign: '◈', name: 'Watch', kind: 'guard' }],
  ['watching.', { sign: '◈', name: 'Prices', kind: 'guard' }],
  ['trading.', { sign: '◈', name: 'Watch', kind: 'guard' }],
  ['position_', { sign: '+', name: 'Position', kind: 'fill' }],
  ['scheduled_', { sign: '◷', name: 'Later', kind: 'order' }],
  ['corporate_', { sign: '⑂', name: 'Split', kind: 'other' }],
]
const other: Look = { sign: '·', name: 'Desk', kind: 'other' }

/** The look of an event. */
export const lookOf = ({ type }: Pick<Event, 'type'>): Look =>
  looks.find(([start]) => type.startsWith(start))?.[1] ?? other

/** The kinds by which the feed is filtered, in words. */
export const kinds = {
  fill: 'Fills',
  order: 'Orders',
  scaleout: 'Scaleouts',
  level: 'Levels',
  guard: 'Watch and guardian',
  trouble: 'Trouble',
  other: 'Other',
} as const
