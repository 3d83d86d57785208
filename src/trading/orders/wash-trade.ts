import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { VenueCapabilities } from '../../venues/venue.ts'
import { liveOpenings } from './rows/opening-orders.ts'
import type { AnyOrder } from './rows/orders.ts'
import { restingExits } from './rows/working-orders.ts'
import { orderPhrase } from './rules/describe.ts'

/**
 * The refusal of an order while one of the other side rests in the same symbol at a broker, which forbids trades with oneself: of an
 * entry while an exit rests (`positionId`: the open position), of an exit while an entry does. Undefined when there is none, and at
 * the desk's own venue.
 */
export async function washTrade(
  db: Db,
  { isLinked }: Pick<VenueCapabilities, 'isLinked'>,
  of: { entersBeside: number } | { exits: { accountId: number; symbol: string } },
): Promise<Refusal | undefined> {
  if (!isLinked) return undefined
  const [order] =
    'exits' in of
      ? await liveOpenings(db, of.exits.accountId, of.exits.symbol)
      : await restingExits(db, of.entersBeside)
  return order && refusal(order)
}

function refusal(order: AnyOrder): Refusal {
  const sentence = `${orderPhrase(order)} is working, and the broker takes no orders that could trade with one's own. Nothing was sent.`
  const { number, symbol } = order
  const instead =
    number === undefined ? 'Wait until the venue has said what became of it' : `\`cancel ${number}\` first`
  return new Refusal(
    'WASH_TRADE',
    sentence,
    order.purpose === 'open' ? `${instead}; \`close ${symbol}\` takes it back by itself` : instead,
  )
}
