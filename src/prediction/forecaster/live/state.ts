import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The names of the models in `models` and in their states. */
export const forecasterName = 'forecaster'
export const policyName = 'policy'
export type ModelName = typeof forecasterName | typeof policyName

/** The reasons for which a model is off. */
export type OffCode = 'MODEL_EXPIRED' | 'OFF_DISTRIBUTION' | 'COVERAGE_LOST' | 'BY_OWNER'

/** The reason for which a model is off, as a code and in words. */
export interface OffReason {
  code: OffCode
  because: string
}

/** The reason why a model of this hash is off; undefined when it is on. What was seen of an earlier model does not count for a new one. */
export async function stateOf(db: Db, hash: string, model: ModelName = forecasterName): Promise<OffReason | undefined> {
  const row = await db
    .selectFrom('model_states')
    .selectAll()
    .where('model', '=', model)
    .where('is_off', '=', true)
    .executeTakeFirst()
  if (!row || (row.hash !== hash && row.code !== 'BY_OWNER')) return undefined
  return { code: row.code as OffCode, because: row.because! }
}

/**
 * Switches the model off. Returns the number of the change, or undefined when it was off already: then its first reason stays, unless an
 * owner switches it off.
 */
export async function switchOff(
  db: Db,
  hash: string,
  { code, because }: OffReason,
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
            eb.and([
              eb('model_states.code', '!=', 'BY_OWNER'),
              eb.or([eb('model_states.hash', '!=', hash), eb(eb.val(code), '=', 'BY_OWNER')]),
            ]),
          ]),
        ),
    )
    .returning('changes')
    .executeTakeFirst()
  return row?.changes
}

/**
 * Switches the model on: for good when its time was over, and else until it is not fit again. Returns undefined when it was not off.
 */
export async function switchOn(
  db: Db,
  hash: string,
  at: Date,
  model: ModelName = forecasterName,
): Promise<{ isKeptPastExpiry: boolean } | undefined> {
  const row = await db
    .updateTable('model_states')
    .set({
      ...{ hash, is_off: false, code: null, because: null, changes: sql`changes + 1`, changed_at: at },
      kept_past_expiry: sql<string>`case when code = 'MODEL_EXPIRED' and hash = ${hash} then hash else kept_past_expiry end`,
    })
    .where('model', '=', model)
    .where('is_off', '=', true)
    .returning('kept_past_expiry')
    .executeTakeFirst()
  return row && { isKeptPastExpiry: row.kept_past_expiry === hash }
}
