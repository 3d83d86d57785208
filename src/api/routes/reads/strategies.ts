import { z } from 'zod'
import { csvText } from '../../../base/csv-text.ts'
import { Refusal } from '../../../base/refusal.ts'
import { compareRuns } from '../../../strategies/runs/compare-runs.ts'
import { queueOf } from '../../../strategies/runs/queue.ts'
import { resultsOf } from '../../../strategies/runs/rows/results.ts'
import { runOf, runsOf } from '../../../strategies/runs/rows/runs.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd, runStates } from '../../../strategies/runs/rules/run-state.ts'
import { strategies } from '../../../strategies/screeners/list.ts'
import type { Strategy } from '../../../strategies/screeners/strategy.ts'
import { pastText } from '../../../talk/wording/strategies/past.ts'
import type { Strategy as StrategyItem, StrategyRun, SymbolResult } from '../../contract/strategies.ts'
import { seesRun } from '../../sessions/caller.ts'
import type { Context, Handlers } from '../context.ts'
import { notFound } from '../problem.ts'
import { asFile, linesOf } from './files.ts'
import { allOf, pageOf, partOf } from './pages.ts'
import { resultItem, runItem } from './run-item.ts'

/** Results in one file. */
const mostExported = 20_000

type Reads = Pick<
  Handlers,
  | 'strategies'
  | 'strategyRuns'
  | 'strategyRun'
  | 'runResults'
  | 'runResultLines'
  | 'runResultTable'
  | 'compareRuns'
  | 'strategyQueue'
>
type Outcome = SymbolResult['outcome']

export const strategyReads: Reads = {
  strategies: async () => allOf(strategies.map(strategyItem)),
  async strategyRuns(context, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const { caller, accountId, parts } = context
    const isOne = query.account !== undefined || caller.by.kind === 'token'
    const runs = await runsOf(parts.db, caller.memberId, {
      ...{ before: part.after, most: part.limit + 1, kind: query.kind, strategy: query.strategy_code },
      accountId: isOne ? accountId : undefined,
      states: statesOf(query),
    })
    const places = await placesOf(context, runs)
    return pageOf(
      runs,
      part,
      (run) => runItem(run, places.get(run.runId)),
      ({ number }) => number,
    )
  },
  async strategyRun(context, { params }) {
    const run = await ownRun(context, params.run_id)
    return run instanceof Refusal ? run : shownRun(context, run)
  },
  async runResults(context, { params, query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const run = await ownRun(context, params.run_id)
    if (run instanceof Refusal) return run
    const wanted = { after: part.after, most: part.limit + 1, outcomes: outcomesOf(query) }
    const results = pageOf(await resultsOf(context.parts.db, run.id, wanted), part, resultItem, ({ rank }) => rank)
    // The state is of before the results, so that a list that says it is complete is.
    return { ...results, status: run.state, progress_percent: run.progressPercent }
  },
  async runResultLines(context, { params, query }) {
    const run = await ownRun(context, params.run_id)
    if (run instanceof Refusal) return run
    return asFile(`run-${run.number}.jsonl`, linesOf(await exported(context, run, query)))
  },
  async runResultTable(context, { params, query }) {
    const run = await ownRun(context, params.run_id)
    if (run instanceof Refusal) return run
    const all = await exported(context, run, query)
    // All scored symbols of a run have the same items.
    const items = all.find(({ items }) => items.length > 0)?.items.map(({ name }) => name) ?? []
    const rows = all.map((one) => [
      ...[one.rank, one.symbol, one.outcome, one.score, one.price],
      ...items.map((name) => one.items.find((item) => item.name === name)?.points ?? null),
      ...[one.reason ?? one.reasons.join('; '), one.lacking.join('; ')],
    ])
    const names = ['rank', 'symbol', 'outcome', 'score', 'price', ...items, 'reasons', 'lacking']
    return asFile(`run-${run.number}.csv`, csvText(names, rows))
  },
  async compareRuns(context, { params }) {
    const before = await ownRun(context, params.run_id)
    if (before instanceof Refusal) return before
    const after = await ownRun(context, params.other_id)
    if (after instanceof Refusal) return after
    const [compared, first, second] = await Promise.all([
      compareRuns(context.parts.db, before, after),
      shownRun(context, before),
      shownRun(context, after),
    ])
    return {
      ...{ before: first, after: second },
      new: compared.new.map(({ symbol, score }) => ({ symbol, before: null, after: score })),
      gone: compared.gone.map(({ symbol, score }) => ({ symbol, before: score, after: null })),
      moved: compared.moved,
      same: compared.same,
      unscored: compared.unscored,
    }
  },
  async strategyQueue(context) {
    const entries = await queueEntries(context)
    return {
      queue: entries.map(({ runId, isOwn, ...entry }) => ({
        ...{ run_id: isOwn ? runId : null, number: entry.number ?? null },
        ...{ strategy_code: entry.strategy, status: entry.state },
        ...{ position: entry.position, priority: entry.priority },
        started_at: entry.startedAt?.toISOString() ?? null,
        estimated_start: entry.expectedStart?.toISOString() ?? null,
      })),
      total_queued: entries.filter(({ state }) => state === 'queued').length,
      max_concurrent: context.parts.runs.places,
    }
  },
}

/** A run that the caller may see, by its id or its number. Others do not exist for the caller. */
export async function ownRun(
  { parts, caller }: Pick<Context, 'parts' | 'caller'>,
  named: string,
): Promise<Run | Refusal> {
  const run = await runOf(parts.db, caller.memberId, named)
  return run && seesRun(caller, run) ? run : notFound('such run')
}

/** A run with its place in the queue. */
export async function shownRun(context: Pick<Context, 'parts' | 'caller'>, run: Run): Promise<StrategyRun> {
  return runItem(run, (await placesOf(context, [run])).get(run.runId))
}

/** The places of runs that have not ended, by their ids. The queue is read only when there is one. */
async function placesOf(context: Pick<Context, 'parts' | 'caller'>, runs: readonly Run[]) {
  const entries = runs.some(({ state }) => !isEnd(state)) ? await queueEntries(context) : []
  return new Map(entries.map((entry) => [entry.runId, entry]))
}

function queueEntries({ parts, caller }: Pick<Context, 'parts' | 'caller'>) {
  const { db, clock, runs } = parts
  return queueOf(db, { sees: (run) => seesRun(caller, run), places: runs.places, now: clock.now() })
}

async function exported({ parts }: Context, run: Run, query: { outcome?: Outcome }): Promise<SymbolResult[]> {
  const results = await resultsOf(parts.db, run.id, { most: mostExported, outcomes: outcomesOf(query) })
  return results.map(resultItem)
}

function statesOf({ state = 'all' }: { state?: 'active' | 'ended' | 'all' }) {
  return state === 'all' ? undefined : runStates.filter((one) => isEnd(one) === (state === 'ended'))
}

const outcomesOf = ({ outcome }: { outcome?: Outcome }) => (outcome === undefined ? undefined : [outcome])

function strategyItem(strategy: Strategy): StrategyItem {
  const { name, aliases, title, summary, parameters, stages, barsNeeded } = strategy
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' })
  return {
    ...{ strategy_code: name, aliases: [...aliases], title, summary, parameters: schema, stages: [...stages] },
    bars_needed: barsNeeded,
    past: pastText(strategy.name),
  }
}
