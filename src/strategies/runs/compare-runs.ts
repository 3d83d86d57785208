import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Run } from './rules/run.ts'

/** A hit of a run. */
export interface Hit {
  symbol: string
  /** 0 to 100. */
  score: number
}

/** The hits of two runs beside each other. */
export interface Comparison {
  /** Only the later run has them; by score. */
  new: Hit[]
  /** Only the earlier run has them; by score. */
  gone: Hit[]
  /** Both have them, with different scores; the largest change first. */
  moved: { symbol: string; before: number; after: number }[]
  /** The number of hits with the same score in both. */
  same: number
}

/** Compares the symbols that passed in two runs. */
export async function compareRuns(db: Db, before: Pick<Run, 'id'>, after: Pick<Run, 'id'>): Promise<Comparison> {
  const { rows } = await sql<{ symbol: string; before: number | null; after: number | null }>`
    select coalesce(b.symbol, a.symbol) as symbol, b.score as before, a.score as after
    from (select symbol, score from strategy_results where run = ${before.id} and outcome = 'passed') b
    full join (select symbol, score from strategy_results where run = ${after.id} and outcome = 'passed') a using (symbol)
    order by 1`.execute(db)
  const byScore = (one: Hit, other: Hit) => other.score - one.score
  const both = rows.flatMap(({ symbol, before, after }) =>
    before === null || after === null ? [] : [{ symbol, before, after }],
  )
  const change = (one: { before: number; after: number }) => Math.abs(one.after - one.before)
  return {
    new: rows
      .flatMap(({ symbol, before, after }) => (before === null ? [{ symbol, score: after! }] : []))
      .sort(byScore),
    gone: rows
      .flatMap(({ symbol, before, after }) => (after === null ? [{ symbol, score: before! }] : []))
      .sort(byScore),
    moved: both.filter(({ before, after }) => before !== after).sort((one, other) => change(other) - change(one)),
    same: both.filter(({ before, after }) => before === after).length,
  }
}
