import { z } from 'zod'
import { row } from './row.ts'
import { moment } from './shapes.ts'

const state = z
  .enum(['ok', 'warn', 'down'])
  .meta({ description: '`warn` limits something or soon will; `down` stops something now' })

/** How the parts of the desk are, looked at now. */
export const health = z.object({
  state: state.meta({ description: 'The worst of all parts; `down` when no worker looks' }),
  watched: z
    .boolean()
    .meta({ description: 'Workers have looked at every part for this answer; else it is as they found it last' }),
  parts: z.array(
    z.object({
      name: z.string().meta({ examples: ['database', 'redis', 'backups'] }),
      machine: z.string().nullable().meta({ description: 'The machine, for a part of one; null for the whole desk' }),
      state,
      words: z.string(),
      since: moment.meta({ description: 'Since when it is in this state' }),
      looked_at: moment,
      stops: z.string().meta({ description: 'The sentence that says what stops while it is down' }),
    }),
  ),
})

export const healthRows = {
  health: row({
    method: 'GET',
    path: '/api/health',
    summary:
      'How the parts of the desk are, looked at now: database, Redis, queues, sources, brokers, disk, clocks, models, headlines, backups',
    needs: 'reads',
    answer: health,
  }),
}

export type Health = z.infer<typeof health>
