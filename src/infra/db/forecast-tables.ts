import type { ColumnType, Generated } from 'kysely'

type Later<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>

/** The tables of forecasts: those that were told, their ranges beside what came, and models that are off. */
export interface ForecastTables {
  forecasts: {
    id: Generated<number>
    /** The hash of the model. */
    model: string
    market: string
    symbol: string
    day: string
    made_at: Date
    far: number
  }
  forecast_ranges: {
    forecast_id: number
    horizon: number
    lower68: number | null
    upper68: number | null
    lower90: number
    upper90: number
    outcome: Later<number>
    due_day: Later<string>
    settled_at: Later<Date>
  }
  model_states: {
    model: string
    hash: string
    is_off: boolean
    code: string | null
    because: string | null
    changes: number
    changed_at: Date
    kept_past_expiry: string | null
  }
}
