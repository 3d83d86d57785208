import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { tellOwners } from '../../../trading/events/tell-owners.ts'
import type { ForecastParts } from '../../parts.ts'
import { lostHorizon, type Outcome } from './coverage.ts'
import { type ModelName, type OffReason, switchOff } from './state.ts'

/** A model whose fitness is watched. */
export interface WatchedModel {
  name: ModelName
  hash: string
  /** The last day that it learned from. */
  learnedTo: string
  /** The last day of the market on which it may be asked; null when only its inputs and ranges end it. */
  expires: string | null
  /** The horizons in days whose 90% ranges are watched. */
  horizons: readonly number[]
  /** The things that it tells: `forecasts`. */
  tells: string
}

/** Answers whose inputs are looked at together, and the share of them with an input unlike anything seen that ends a model. */
const watchedAnswers = 100
const mostFar = 0.2

/**
 * Switches the model off when its time is over, when too many answers have inputs unlike anything that it has seen, or when its
 * ranges miss more than luck explains; tells the owners once. Returns the reason, or undefined.
 */
export async function endIfUnfit(
  parts: ForecastParts,
  model: WatchedModel,
  day: string,
): Promise<OffReason | undefined> {
  const found = await unfitness(parts, model, day)
  if (!found) return undefined
  const changes = await switchOff(parts.db, model.hash, found, parts.clock.now(), model.name)
  if (changes !== undefined) {
    const about = { kind: 'model.off', model: model.name, code: found.code, because: found.because } as const
    await tellOwners(parts, `model-off-${model.name}-${changes}`, about, { model: model.name, code: found.code })
  }
  return found
}

async function unfitness(
  { db, runs, clock }: ForecastParts,
  { name, hash, learnedTo, expires, horizons, tells }: WatchedModel,
  day: string,
): Promise<OffReason | undefined> {
  const row = await db
    .selectFrom('model_states')
    .select(['hash', 'changed_at', 'kept_past_expiry'])
    .where('model', '=', name)
    .executeTakeFirst()
  if (expires !== null && day > expires && row?.kept_past_expiry !== hash)
    return { code: 'MODEL_EXPIRED', because: `it learned from bars up to ${learnedTo}, and was good until ${expires}` }
  // An owner who switched it on again has judged what came before.
  const since = row?.hash === hash ? row.changed_at : new Date(0)
  const last = await db
    .selectFrom('forecasts')
    .select('far')
    .where('model', '=', hash)
    .where('market', '=', runs.bars.name)
    .where('made_at', '>=', since)
    .orderBy('id', 'desc')
    .limit(watchedAnswers)
    .execute()
  const far = last.filter((one) => one.far > 0).length
  if (last.length === watchedAnswers && far > mostFar * watchedAnswers)
    return {
      code: 'OFF_DISTRIBUTION',
      because: `${far} of its last ${watchedAnswers} ${tells} had inputs unlike anything that it learned from`,
    }
  const lost = lostHorizon(await outcomesSince(db, hash, runs.bars.name, since), horizons)
  if (lost)
    return {
      code: 'COVERAGE_LOST',
      because: `its 90% range of ${lost.horizon} ${lost.horizon === 1 ? 'day' : 'days'} held ${lost.held} of ${lost.of} outcomes that do not overlap, fewer than luck explains (as of ${clock.now().toISOString().slice(0, 10)})`,
    }
  return undefined
}

/** One outcome of each horizon and day, told since then. */
async function outcomesSince(db: Db, model: string, market: string, since: Date): Promise<Outcome[]> {
  const { rows } = await sql<{ horizon: number; day: string; due_day: string; is_held: boolean }>`
    select distinct on (r.horizon, f.day) r.horizon, f.day, r.due_day, r.outcome between r.lower90 and r.upper90 as is_held
    from forecast_ranges r join forecasts f on f.id = r.forecast_id
    where f.model = ${model} and f.market = ${market} and f.made_at >= ${since} and r.outcome is not null
    order by r.horizon, f.day, f.id`.execute(db)
  return rows.map(({ horizon, day, due_day, is_held }) => ({ horizon, day, dueDay: due_day, isHeld: is_held }))
}
