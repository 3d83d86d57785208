import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Run } from './rules/run.ts'

/** A hit of a run. */
export interface Hit {
  symbol: string
  /** 0 to 100. */
  score: number
}

/** A hit of one run or both, with its scores in them; null where a run has none. */
export interface HitInBoth {
  symbol: string
  before: number | null
  after: number | null
}

/** The hits of two runs beside each other. */
export interface Comparison {
  /** They pass in the later run, and failed in the earlier one; by score. */
  new: Hit[]
  /** They passed in the earlier run, and fail in the later one; by score. */
  gone: Hit[]
  /** Both have them, with different scores; the largest change first. */
  moved: { symbol: string; before: number; after: number }[]
  /** The number of hits with the same score in both. */
  same: number
  /** Hits of one run that have no score in the other, which tells nothing about them; by score. */
  unscored: HitInBoth[]
}

type Row = HitInBoth & { passedBefore: boolean | null; passedAfter: boolean | null }

/** Compares the symbols that passed in two runs, as far as both have scored them. */
export async function compareRuns(db: Db, before: Pick<Run, 'id'>, after: Pick<Run, 'id'>): Promise<Comparison> {
  const { rows } = await sql<Row>`
    select coalesce(b.symbol, a.symbol) as symbol, b.score as before, a.score as after,
      b.passed as "passedBefore", a.passed as "passedAfter"
    from (${scoredIn(before.id)}) b full join (${scoredIn(after.id)}) a using (symbol)
    where b.passed or a.passed
    order by 1`.execute(db)
  const byScore = (one: Hit, other: Hit) => other.score - one.score
  const hits = rows.flatMap(({ before, after, ...row }) =>
    before === null || after === null ? [] : [{ ...row, before, after }],
  )
  const both = hits.filter(({ passedBefore, passedAfter }) => passedBefore && passedAfter)
  const change = (one: { before: number; after: number }) => Math.abs(one.after - one.before)
  const best = ({ before, after }: HitInBoth) => before ?? after ?? 0
  return {
    new: hits
      .filter(({ passedBefore }) => !passedBefore)
      .map(({ symbol, after }) => ({ symbol, score: after }))
      .sort(byScore),
    gone: hits
      .filter(({ passedAfter }) => !passedAfter)
      .map(({ symbol, before }) => ({ symbol, score: before }))
      .sort(byScore),
    moved: both
      .filter(({ before, after }) => before !== after)
      .map(({ symbol, before, after }) => ({ symbol, before, after }))
      .sort((one, other) => change(other) - change(one)),
    same: both.filter(({ before, after }) => before === after).length,
    unscored: rows
      .filter(({ before, after }) => before === null || after === null)
      .map(({ symbol, before, after }) => ({ symbol, before, after }))
      .sort((one, other) => best(other) - best(one)),
  }
}

const scoredIn = (run: number) => sql`
  select symbol, score, outcome = 'passed' as passed from strategy_results
  where run = ${run} and outcome in ('passed', 'failed')`
