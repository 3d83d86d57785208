import { z } from 'zod'
import { row } from './row.ts'
import { id, inAccount, moment, page, paging, symbol, urgency } from './shapes.ts'

/** Something that happened on the desk, the same on the stream and in lists. */
export const event = z.object({
  /** The cursor of the stream: `epoch.xid.id`. */
  id: z.string(),
  type: z.string().meta({ examples: ['scaleout_progress', 'trading.stop_loss_triggered'] }),
  urgency,
  symbol: z.string().nullable(),
  account: id.nullable(),
  scaleout: id.nullable(),
  at: moment,
  text: z.string().meta({ description: 'In one line, as in chat' }),
  data: z.record(z.string(), z.unknown()),
})

const filter = {
  ...inAccount,
  symbol: symbol.optional(),
  type: z.string().max(500).optional().meta({ description: 'One type, or several with commas' }),
  urgency: z.string().max(40).optional().meta({ description: 'One urgency, or several with commas' }),
  from: moment.optional(),
  to: moment.optional(),
  text: z.string().max(200).optional().meta({
    description: 'A text in the sentence, the type, the symbol or the data; it is looked for in the newest 50,000',
  }),
}

export const eventRows = {
  events: row({
    method: 'GET',
    path: '/api/events',
    summary: 'Events, the newest first; with `after` the ones since that event, in the order of the stream',
    needs: 'reads',
    query: z.strictObject({
      ...filter,
      ...paging,
      after: z
        .string()
        .max(100)
        .optional()
        .meta({ description: 'The `id` of an event: the polling twin of the stream' }),
    }),
    answer: page(event).extend({
      /** The cursor to poll from. */
      latest: z.string(),
      /** The cursor of `after` is too old: read everything anew. */
      isReset: z.boolean(),
    }),
  }),
  eventLines: row({
    method: 'GET',
    path: '/api/events.jsonl',
    summary: 'Events as JSON lines, the oldest first',
    needs: 'reads',
    query: z.strictObject(filter),
    answer: z.string(),
    type: 'application/jsonl; charset=utf-8',
  }),
  eventTable: row({
    method: 'GET',
    path: '/api/events.csv',
    summary: 'Events as a table, the oldest first',
    needs: 'reads',
    query: z.strictObject(filter),
    answer: z.string(),
    type: 'text/csv; charset=utf-8',
  }),
}

export type Event = z.infer<typeof event>
