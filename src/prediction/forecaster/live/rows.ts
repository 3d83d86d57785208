import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { type Forecast, rangeAt } from '../forecast.ts'
import { knots } from '../horizons.ts'

/** The answer of a model about a symbol and a day, with ranges that shall be counted: returns as shares of the close. */
export interface Told {
  /** The hash of the model. */
  model: string
  symbol: string
  day: string
  /** Inputs beyond five deviations. */
  far: number
  ranges: {
    horizon: number
    lower68: number | null
    upper68: number | null
    lower90: number
    upper90: number
  }[]
}

/** Keeps what was told of a symbol and a day, once for a model and a market. */
export async function keepTold(db: Db, market: string, { ranges, far, ...about }: Told, at: Date): Promise<void> {
  const row = { ...about, market }
  const isKept = await db
    .selectFrom('forecasts')
    .select('id')
    .where((eb) => eb.and(row))
    .executeTakeFirst()
  if (isKept) return
  await db.transaction().execute(async (trx) => {
    const kept = await trx
      .insertInto('forecasts')
      .values({ ...row, made_at: at, far })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!kept) return
    await trx
      .insertInto('forecast_ranges')
      .values(ranges.map((range) => ({ forecast_id: kept.id, ...range })))
      .execute()
  })
}

/** A forecast as it is kept. */
export function toldBy(forecast: Forecast): Told {
  const { symbol, day, far, card } = forecast
  const ranges = knots.map((horizon) => {
    const [half, most] = [rangeAt(forecast, 0.68, horizon), rangeAt(forecast, 0.9, horizon)]
    return {
      ...{ horizon, lower68: half.lower, upper68: half.upper },
      ...{ lower90: most.lower, upper90: most.upper },
    }
  })
  return { model: card.hash, symbol, day, far: far.length, ranges }
}

/** Misses of both ranges on the days on which outcomes were known, by horizon, oldest first. */
export async function missesByDay(
  db: Db,
  model: string,
  market: string,
): Promise<{ horizon: number; day: string; missed: [number, number] }[]> {
  const share = (lower: 'lower68' | 'lower90', upper: 'upper68' | 'upper90') =>
    sql<number>`avg(case when r.outcome between ${sql.ref(`r.${lower}`)} and ${sql.ref(`r.${upper}`)} then 0 else 1 end)::float8`
  const rows = await db
    .selectFrom('forecast_ranges as r')
    .innerJoin('forecasts as f', 'f.id', 'r.forecast_id')
    .select(['r.horizon', 'r.due_day', share('lower68', 'upper68').as('half'), share('lower90', 'upper90').as('most')])
    .where('f.model', '=', model)
    .where('f.market', '=', market)
    .where('r.outcome', 'is not', null)
    .groupBy(['r.horizon', 'r.due_day'])
    .orderBy('r.due_day')
    .execute()
  return rows.map(({ horizon, due_day, half, most }) => ({ horizon, day: due_day!, missed: [half, most] }))
}

/** How often ranges held, of the last outcomes of a horizon. */
export interface Coverage {
  horizon: number
  of: number
  /** Outcomes within the 68% range, and within the 90% range. */
  held68: number
  held90: number
}

/** The last outcomes that are counted. */
const mostCounted = 100

/** The live coverage by horizons; none without outcomes. */
export async function coverageOf(db: Db, model: string, market: string): Promise<Coverage[]> {
  const { rows } = await sql<Coverage>`
    select horizon, count(*)::int as of,
      count(*) filter (where outcome between lower68 and upper68)::int as held68,
      count(*) filter (where outcome between lower90 and upper90)::int as held90
    from (
      select r.*, row_number() over (partition by r.horizon order by r.due_day desc, r.forecast_id desc) as nth
      from forecast_ranges r join forecasts f on f.id = r.forecast_id
      where f.model = ${model} and f.market = ${market} and r.outcome is not null
    ) last
    where nth <= ${mostCounted}
    group by horizon order by horizon`.execute(db)
  return rows.map((row) => ({ ...row, horizon: Number(row.horizon) }))
}
