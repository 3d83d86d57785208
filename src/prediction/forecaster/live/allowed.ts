import type { Db } from '../../../infra/db/client.ts'
import { type Allowed, plainAllowed } from '../forecast.ts'
import { knots } from '../horizons.ts'
import { nextAllowed, shares } from '../ranges/adaptive.ts'
import { missesByDay } from './rows.ts'

/** The shares of misses that ranges allow for now: they begin as promised and follow the outcomes, day by day as those were known. */
export async function allowedNow(db: Db, model: string, market: string): Promise<Allowed> {
  return allowedAfter(await missesByDay(db, model, market))
}

/** The shares after the misses of these days, oldest first. */
export function allowedAfter(days: readonly { horizon: number; missed: readonly number[] }[]): Allowed {
  const allowed = plainAllowed.map((own) => [...own])
  for (const { horizon, missed } of days) {
    const own = allowed[(knots as readonly number[]).indexOf(horizon)]
    if (!own) continue
    for (const [at, share] of shares.entries()) own[at] = nextAllowed(own[at]!, 1 - share, missed[at]!)
  }
  return allowed
}
