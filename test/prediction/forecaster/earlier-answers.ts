import type { ForecastParts } from '../../../src/prediction/parts.ts'

let told = 0

/**
 * Keeps answers that a model gave about symbols of their own, as many as are listed; each entry has its inputs beyond five deviations, and
 * whether its 90% range of a day held, where that is known. Their windows do not overlap.
 */
export async function keepAnswers(
  { db, clock }: Pick<ForecastParts, 'db' | 'clock'>,
  model: string,
  answers: readonly { far?: number; isHeld?: boolean }[],
): Promise<void> {
  const day = (at: number) => new Date(Date.UTC(1990, 0, 1 + at)).toISOString().slice(0, 10)
  for (const { far = 0, isHeld } of answers) {
    const at = told++
    const about = { model, market: 'hand', symbol: `OLD${at}`, day: day(at), made_at: clock.now(), far }
    const { id } = await db.insertInto('forecasts').values(about).returning('id').executeTakeFirstOrThrow()
    if (isHeld === undefined) continue
    const outcome = { outcome: isHeld ? 0 : 0.1, due_day: day(at + 1), settled_at: clock.now() }
    const range = { lower68: -0.01, upper68: 0.01, lower90: -0.02, upper90: 0.02 }
    await db
      .insertInto('forecast_ranges')
      .values({ forecast_id: id, horizon: 1, ...range, ...outcome })
      .execute()
  }
}

/** The alerts to owners about a model that was switched off. */
export async function alertsOf({ db }: Pick<ForecastParts, 'db'>, model: string): Promise<number> {
  const rows = await db.selectFrom('owner_notices').select('key').where('key', 'like', `model-off-${model}%`).execute()
  return rows.length
}
