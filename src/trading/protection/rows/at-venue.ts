import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'

/**
 * The state of the order that protects a position at its venue. `rests`: the venue has confirmed it. `unconfirmed`: the venue has not
 * said that it has it. `nowhere`: no call for it has got through. `ending`: it is being taken back.
 */
export type AtVenue = 'rests' | 'unconfirmed' | 'nowhere' | 'ending'

/** The protection at the venue of open positions, by position id: of one, or of all of an account; missing where there is none. */
export async function protectionAtVenue(
  db: Db,
  of: { positionId: number } | { accountId: number },
): Promise<Map<number, AtVenue>> {
  const which =
    'positionId' in of ? sql<boolean>`position_id = ${of.positionId}` : sql<boolean>`account_id = ${of.accountId}`
  const { rows } = await sql<{ id: number; state: AtVenue }>`
    select position_id as id, case when cancel_asked_at is not null then 'ending' when venue_order_id is not null then 'rests'
      when refused_calls >= calls then 'nowhere' else 'unconfirmed' end as state
    from orders where purpose = 'protect' and state = any(${[...liveStates]}::text[]) and ${which} order by id`.execute(
    db,
  )
  return new Map(rows.map(({ id, state }) => [id, state]))
}

/** The protection of a position at its venue; undefined when there is none. */
export async function atVenueOf(db: Db, positionId: number): Promise<AtVenue | undefined> {
  return (await protectionAtVenue(db, { positionId })).get(positionId)
}

/** Does nobody know whether the venue has the order? */
export const isUncertain = (state: AtVenue | undefined) => state === 'unconfirmed' || state === 'nowhere'
