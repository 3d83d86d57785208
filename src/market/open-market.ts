import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../infra/db/schema.ts'
import type { ProviderSettings } from './feeds/feed-options.ts'
import { createMarket } from './index.ts'
import type { Market } from './market.ts'

/**
 * Opens the market that `MARKET` names. After a restart a replay continues from where it was, and begins again once it has
 * ended; a simulation with a time scale continues too. All processes on the same database see the same moment.
 */
export async function openMarket(
  db: Kysely<Database>,
  given: { spec: string; clock: Clock; maxAgeMs: number; log: Logger; providers?: ProviderSettings },
): Promise<Market> {
  const options = { ...given, db }
  const isReplay = options.spec.includes('replay:')
  if (!isReplay && options.clock.scale === 1) return createMarket(options)
  const key = `${options.spec} at ${options.clock.scale}`
  const now = options.clock.now()
  const kept = await db.selectFrom('market_anchors').select('began_at').where('market', '=', key).executeTakeFirst()
  const market = await createMarket({ ...options, anchor: kept?.began_at ?? now })
  const goesOn = kept && (!isReplay || (market.replayEndsAt !== undefined && market.replayEndsAt > now))
  if (goesOn) return market
  await db
    .insertInto('market_anchors')
    .values({ market: key, began_at: now })
    .onConflict((conflict) => conflict.column('market').doUpdateSet({ began_at: now }))
    .execute()
  if (!kept) return market
  await market.close()
  return createMarket({ ...options, anchor: now })
}
