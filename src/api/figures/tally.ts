import { sql } from 'kysely'
import { Counter, type Registry } from 'prom-client'
import type { Parts } from '../../trading/parts.ts'

/** Rows younger than this, in milliseconds, may not be committed yet. */
const settledMs = 5000

/**
 * Creates counters that follow the rows in Postgres from now on. Every process counts the whole desk, and counting costs
 * the hot path nothing. The returned function brings the counters up to date.
 */
export function createTally({ db, clock }: Pick<Parts, 'db' | 'clock'>, registers: Registry[]): () => Promise<void> {
  const events = new Counter({
    name: 'deskhand_events_total',
    help: 'Events of the desk since this process began.',
    labelNames: ['type', 'urgency'],
    registers,
  })
  const exits = new Counter({
    name: 'deskhand_exits_total',
    help: 'Orders that closed a position or part of it outside of a scaleout, and those that did not go through.',
    labelNames: ['purpose', 'outcome'],
    registers,
  })
  const decisions = new Counter({
    name: 'deskhand_guardian_decisions_total',
    help: 'Decisions of the guardian: who decided, and why the rules did (timeout: the model did not answer in time).',
    labelNames: ['action', 'source', 'fallback'],
    registers,
  })
  const ended = new Counter({
    name: 'deskhand_guardian_outcomes_total',
    help: 'Outcomes of proposals of the guardian.',
    labelNames: ['action', 'state'],
    registers,
  })
  let upTo = clock.now()

  async function follow(): Promise<void> {
    const [from, until] = [upTo, new Date(clock.now().getTime() - settledMs)]
    if (until <= from) return
    const [happened, decided, endings] = await Promise.all([
      sql<{ type: string; urgency: string; purpose: string | null; times: number }>`
        select type, urgency, case when type in ('order_filled', 'order_error') then data ->> 'purpose' end as purpose,
          count(*)::int as times
        from desk_events where at >= ${from} and at < ${until} group by 1, 2, 3`.execute(db),
      sql<{ action: string; source: string; fallback: string; times: number }>`
        select action, source, ${fallbackKind} as fallback, count(*)::int as times
        from guardian_decisions where decided_at >= ${from} and decided_at < ${until} group by 1, 2, 3`.execute(db),
      sql<{ action: string; state: string; times: number }>`
        select action, state, count(*)::int as times
        from guardian_decisions where ended_at >= ${from} and ended_at < ${until} group by 1, 2`.execute(db),
    ])
    upTo = until
    for (const { type, urgency, purpose, times } of happened.rows) {
      events.inc({ type, urgency }, times)
      if (purpose) exits.inc({ purpose, outcome: type === 'order_filled' ? 'filled' : 'failed' }, times)
    }
    for (const { times, ...labels } of decided.rows) decisions.inc(labels, times)
    for (const { times, ...labels } of endings.rows) ended.inc(labels, times)
  }

  // Two scrapes at the same time share one count.
  let underway: Promise<void> | undefined
  return () => {
    underway ??= follow().finally(() => {
      underway = undefined
    })
    return underway
  }
}

/** The reason why the rules decided instead of the model, as one of a few labels. */
const fallbackKind = sql<string>`
  case
    when fallback_because is null then 'none'
    when fallback_because = 'no model is configured' then 'no model'
    when fallback_because like '%did not answer within%' then 'timeout'
    when fallback_because like '%budget%' then 'budget'
    when fallback_because like '%not allowed%' then 'not allowed'
    when fallback_because like '%position changed%' then 'position changed'
    else 'error'
  end`
