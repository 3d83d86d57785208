import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { VenueCapabilities } from '../../venues/venue.ts'
import { liveOpenings } from './rows/opening-orders.ts'
import type { AnyOrder } from './rows/orders.ts'
import { restingExits } from './rows/working-orders.ts'
import { orderPhrase } from './rules/describe.ts'

/**
 * The refusal of an order while one of the other side rests in the same symbol at a broker, which forbids trades with oneself: of an
 * entry while an exit rests (`entersBeside`: the open position), of an exit or a scaleout while an entry does. Undefined when there is none, and at
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

/** The refusal of an entry that would rest at a broker while a scaleout runs: none of its chunks would be taken. */
export function washWithScaleout(symbol: string): Refusal {
  const sentence = `A scaleout of ${symbol} is running, and the broker takes none of its chunks while an order of the other side rests. Nothing was sent.`
  return new Refusal('WASH_TRADE', sentence, `\`cancel scaleout\` first, or wait for its end`)
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
