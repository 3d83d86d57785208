import { z } from 'zod'
import { row } from './row.ts'
import { done, id, inAccount, moment, page, whole } from './shapes.ts'
import { code, given, notifyOnCompletion, state } from './strategy-shapes.ts'

/** A screener with parameters under a name of its member's. */
const template = z.object({
  name: z.string(),
  strategy_code: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  saved_at: moment,
})

/** A run that starts by itself on days of the exchange. */
const schedule = z.object({
  number: z.int(),
  account: id.nullable(),
  template: z.string().nullable().meta({ description: 'The template that it takes, as it is when it is due' }),
  strategy_code: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  days: z.string().meta({ examples: ['weekdays', 'monday'] }),
  local_time: z.string().meta({ description: 'By the clocks of `zone`', examples: ['16:15'] }),
  zone: z.string(),
  next_at: moment.nullable(),
})

/** The runs of a screener so far. Medians are of completed runs. */
const stats = z.object({
  strategy_code: z.string(),
  runs: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  median_seconds: z.number().nullable(),
  median_wait_seconds: z.number().nullable(),
  tickers_per_second: z.number().nullable(),
  median_hits: z.number().nullable(),
  last_hits: z
    .array(z.object({ number: z.int(), ended_at: moment, hits: z.int(), of: z.int() }))
    .meta({ description: 'Of the last completed runs, the newest first' }),
})

const scheduleNumber = z.strictObject({ number: whole(1, 2 ** 31 - 1) })
const templateName = z.string().min(1).max(40)

/** Sweeps, templates, schedules and figures of screeners. */
export const strategyListRows = {
  sweepStrategy: row({
    method: 'POST',
    path: '/api/strategies/sweep',
    summary: 'Queues runs that differ in one parameter: all or none',
    needs: 'reads',
    acts: true,
    query: z.strictObject(inAccount),
    body: z.strictObject({
      strategy_code: code,
      parameters: given.optional(),
      parameter: code.meta({ description: 'The parameter that varies', examples: ['min_score'] }),
      values: z
        .array(z.union([z.number(), z.string().max(40)]))
        .min(2)
        .max(8),
    }),
    answer: z.object({
      runs: z.array(z.object({ run_id: z.uuid(), number: z.int(), status: state, value: z.unknown() })),
    }),
  }),
  strategyTemplates: row({
    method: 'GET',
    path: '/api/strategies/templates',
    summary: 'Screeners with parameters under names of the member',
    needs: 'reads',
    answer: page(template),
  }),
  saveTemplate: row({
    method: 'POST',
    path: '/api/strategies/templates',
    summary: 'Keeps a screener with parameters under a name; one of the same name is replaced',
    needs: 'reads',
    acts: true,
    body: z.strictObject({ name: templateName, strategy_code: code, parameters: given.optional() }),
    answer: template.extend({ replaced: z.boolean() }),
  }),
  dropTemplate: row({
    method: 'DELETE',
    path: '/api/strategies/templates/{name}',
    summary: 'Drops a template; its schedules go on with its values of when they were made',
    needs: 'reads',
    acts: true,
    params: z.strictObject({ name: templateName }),
    answer: done,
  }),
  strategySchedules: row({
    method: 'GET',
    path: '/api/strategies/schedules',
    summary: 'Runs that start by themselves',
    needs: 'reads',
    answer: page(schedule),
  }),
  saveSchedule: row({
    method: 'POST',
    path: '/api/strategies/schedules',
    summary: 'Starts a screener, or a template, by itself on days of the exchange',
    needs: 'reads',
    acts: true,
    query: z.strictObject(inAccount),
    body: z.strictObject({
      template: templateName.optional().meta({ description: 'Instead of a screener' }),
      strategy_code: code.optional(),
      parameters: given.optional(),
      days: z.enum(['weekdays', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday']),
      local_time: z
        .string()
        .max(5)
        .meta({ examples: ['16:15'] }),
      zone: z.string().max(60).optional().meta({ description: 'That of the exchange unless said' }),
      notify_on_completion: notifyOnCompletion.optional(),
    }),
    answer: schedule,
  }),
  endSchedule: row({
    method: 'DELETE',
    path: '/api/strategies/schedules/{number}',
    summary: 'Ends a schedule; runs that it has started go on',
    needs: 'reads',
    acts: true,
    params: scheduleNumber,
    answer: done,
  }),
  strategyStats: row({
    method: 'GET',
    path: '/api/strategies/stats',
    summary: 'Durations, rates, failures and hits over time, by screener',
    needs: 'reads',
    answer: page(stats),
  }),
}

export type Template = z.infer<typeof template>
export type RunSchedule = z.infer<typeof schedule>
export type RunStats = z.infer<typeof stats>
