import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { tellOwners } from '../../../trading/events/tell-owners.ts'
import type { ForecastParts } from '../../parts.ts'
import type { Card } from '../card.ts'
import { lostHorizon, type Outcome } from './coverage.ts'

/** The names of the models in `models` and in their states. */
export const forecasterName = 'forecaster'
export const policyName = 'policy'
export type ModelName = typeof forecasterName | typeof policyName

/** The reasons for which a model is off. */
export type OffCode = 'MODEL_EXPIRED' | 'OFF_DISTRIBUTION' | 'COVERAGE_LOST' | 'BY_OWNER'

/** The reason why a model of this hash is off; undefined when it is on. What was seen of an earlier model does not count for a new one. */
export async function stateOf(
  db: Db,
  hash: string,
  model: ModelName = forecasterName,
): Promise<{ code: OffCode; because: string } | undefined> {
  const row = await db
    .selectFrom('model_states')
    .selectAll()
    .where('model', '=', model)
    .where('is_off', '=', true)
    .executeTakeFirst()
  if (!row || (row.hash !== hash && row.code !== 'BY_OWNER')) return undefined
  return { code: row.code as OffCode, because: row.because! }
}

/** Switches the model off. Returns the number of the change, or undefined when it was off already. */
export async function switchOff(
  db: Db,
  hash: string,
  { code, because }: { code: OffCode; because: string },
  at: Date,
  model: ModelName = forecasterName,
): Promise<number | undefined> {
  const set = { hash, is_off: true, code, because, changed_at: at }
  const row = await db
    .insertInto('model_states')
    .values({ model, ...set, changes: 1 })
    .onConflict((conflict) =>
      conflict
        .column('model')
        .doUpdateSet({ ...set, changes: sql`model_states.changes + 1` })
        .where((eb) =>
          eb.or([
            eb('model_states.is_off', '=', false),
            eb.and([eb('model_states.hash', '!=', hash), eb('model_states.code', '!=', 'BY_OWNER')]),
          ]),
        ),
    )
    .returning('changes')
    .executeTakeFirst()
  return row?.changes
}

/** Switches the model on. Returns false when it was not off. */
export async function switchOn(db: Db, hash: string, at: Date, model: ModelName = forecasterName): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('model_states')
    .set({ hash, is_off: false, code: null, because: null, changes: sql`changes + 1`, changed_at: at })
    .where('model', '=', model)
    .where('is_off', '=', true)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Forecasts whose inputs are looked at together, and the share of them with an input unlike anything seen that ends a model. */
const watchedForecasts = 100
const mostFar = 0.2

/**
 * Switches the model off when its time is over, when too many forecasts have inputs unlike anything that it has seen, or when its
 * ranges miss more than luck explains; tells the owners once. Returns the reason, or undefined.
 */
export async function endIfUnfit(parts: ForecastParts, card: Card, day: string): Promise<string | undefined> {
  const found = await unfitness(parts, card, day)
  if (!found) return undefined
  const changes = await switchOff(parts.db, card.hash, found, parts.clock.now())
  if (changes !== undefined) {
    const about = { kind: 'model.off', model: forecasterName, code: found.code, because: found.because } as const
    await tellOwners(parts, `model-off-${forecasterName}-${changes}`, about, {
      model: forecasterName,
      code: found.code,
    })
  }
  return found.because
}

async function unfitness(
  { db, runs, clock }: ForecastParts,
  card: Card,
  day: string,
): Promise<{ code: OffCode; because: string } | undefined> {
  if (card.expires !== null && day > card.expires)
    return {
      code: 'MODEL_EXPIRED',
      because: `it learned from bars up to ${card.data.to}, and was good until ${card.expires}`,
    }
  // What came before an owner switched it on again was judged by them.
  const row = await db
    .selectFrom('model_states')
    .select(['hash', 'changed_at'])
    .where('model', '=', forecasterName)
    .executeTakeFirst()
  const since = row?.hash === card.hash ? row.changed_at : new Date(0)
  const last = await db
    .selectFrom('forecasts')
    .select('far')
    .where('model', '=', card.hash)
    .where('market', '=', runs.bars.name)
    .where('made_at', '>=', since)
    .orderBy('id', 'desc')
    .limit(watchedForecasts)
    .execute()
  const far = last.filter((one) => one.far > 0).length
  if (last.length === watchedForecasts && far > mostFar * watchedForecasts)
    return {
      code: 'OFF_DISTRIBUTION',
      because: `${far} of its last ${watchedForecasts} forecasts had inputs unlike anything that it learned from`,
    }
  const lost = lostHorizon(await outcomesSince(db, card.hash, runs.bars.name, since))
  if (lost)
    return {
      code: 'COVERAGE_LOST',
      because: `its 90% range of ${lost.horizon} ${lost.horizon === 1 ? 'day' : 'days'} held ${lost.held} of ${lost.of} outcomes that do not overlap, fewer than luck explains (as of ${clock.now().toISOString().slice(0, 10)})`,
    }
  return undefined
}

/** One outcome of each horizon and day of a forecast, told since then. */
async function outcomesSince(db: Db, model: string, market: string, since: Date): Promise<Outcome[]> {
  const { rows } = await sql<{ horizon: number; day: string; due_day: string; is_held: boolean }>`
    select distinct on (r.horizon, f.day) r.horizon, f.day, r.due_day, r.outcome between r.lower90 and r.upper90 as is_held
    from forecast_ranges r join forecasts f on f.id = r.forecast_id
    where f.model = ${model} and f.market = ${market} and f.made_at >= ${since} and r.outcome is not null
    order by r.horizon, f.day, f.id`.execute(db)
  return rows.map(({ horizon, day, due_day, is_held }) => ({ horizon, day, dueDay: due_day, isHeld: is_held }))
}
