import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { SymbolResult } from '../../screeners/strategy.ts'
import type { WrittenResult } from '../../screeners/written-result.ts'

/** A result with its rank in its run, from 1: what passed first, then by score, then by symbol. */
export type RankedResult = SymbolResult & { rank: number }

export type Outcome = SymbolResult['outcome']

/** Saves results, each symbol once, and counts the new ones in the row of the run, which the caller has locked. */
export async function saveResults(trx: Trx, run: number, results: readonly WrittenResult[]): Promise<void> {
  await sql`
    with kept as (
      insert into strategy_results (run, symbol, outcome, score, detail)
      select ${run}::bigint, r ->> 'symbol', r ->> 'outcome', (r ->> 'score')::double precision, r
      from jsonb_array_elements(${`[${results.map(({ json }) => json).join(',')}]`}::jsonb) as r
      on conflict (run, symbol) do nothing returning outcome
    ), counted as (
      select count(*) as items, count(*) filter (where outcome = 'passed') as passed,
        count(*) filter (where outcome = 'skipped') as skipped, count(*) filter (where outcome = 'error') as errors
      from kept
    )
    update strategy_runs set completed_items = completed_items + items, passed_count = passed_count + passed,
      skipped_count = skipped_count + skipped, error_count = error_count + errors,
      -- A worker that gets on is no sign that the run ends its workers.
      losses = 0, heartbeat_at = clock_timestamp(), updated_at = clock_timestamp()
    from counted where id = ${run}`.execute(trx)
}

/** The symbols of a run that have a result. */
export async function doneSymbols(db: Db, run: number): Promise<Set<string>> {
  const rows = await db.selectFrom('strategy_results').select('symbol').where('run', '=', run).execute()
  return new Set(rows.map(({ symbol }) => symbol))
}

/** How to read results: those after rank `after`, at most `most`, only of some outcomes, or of one symbol. */
export interface ResultPage {
  after?: number
  most?: number
  outcomes?: readonly Outcome[]
  symbol?: string
}

/** The results of a run by rank. They appear while the run goes on, and ranks may then still move. */
export async function resultsOf(
  db: Db,
  run: number,
  { after = 0, most = 50, outcomes, symbol }: ResultPage = {},
): Promise<RankedResult[]> {
  const { rows } = await sql<Row>`
    select * from (
      select symbol, outcome, detail, row_number() over (
        order by array_position(array['passed', 'failed', 'skipped', 'error'], outcome), score desc nulls last, symbol collate "C"
      )::int as rank
      from strategy_results where run = ${run}
    ) ranked
    where rank > ${after} and (${outcomes ? [...outcomes] : null}::text[] is null or outcome = any(${outcomes ? [...outcomes] : null}::text[]))
      and (${symbol ?? null}::text is null or symbol = ${symbol ?? null})
    order by rank limit ${most}`.execute(db)
  return rows.map(toRanked)
}

/** The most texts that are counted. */
const mostTexts = 5

/** Counts the most frequent texts of results: the data that was lacking, or the reasons why symbols were skipped. */
export async function countTexts(
  db: Db,
  run: number,
  of: 'lacking' | 'skipped',
): Promise<{ text: string; symbols: number }[]> {
  const texts =
    of === 'lacking'
      ? sql`select jsonb_array_elements_text(detail -> 'lacking') as text from strategy_results
          where run = ${run} and outcome in ('passed', 'failed')`
      : // `143 of 260 bars` and `last bar 2015-03-02` count as one reason each.
        sql`select regexp_replace(regexp_replace(detail ->> 'reason', '^\\d+ of ', 'fewer than '), ' \\d{4}-\\d\\d-\\d\\d$', ' too old') as text
          from strategy_results where run = ${run} and outcome = 'skipped'`
  const { rows } = await sql<{ text: string; symbols: number }>`
    select text, count(*)::int as symbols from (${texts}) t where text is not null
    group by text order by symbols desc, text limit ${mostTexts}`.execute(db)
  return rows
}

interface Row {
  symbol: string
  outcome: Outcome
  detail: Record<string, unknown>
  rank: number
}

const toRanked = ({ symbol, outcome, detail, rank }: Row) => ({ symbol, outcome, ...detail, rank }) as RankedResult
