import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../parts.ts'
import { presentQuotes } from '../positions/present-quotes.ts'
import type { Side } from '../positions/rules/position.ts'
import { type Entering, refusalOf } from './gate-refusals.ts'
import { type FactsFor, type GateFacts, gateFacts } from './rows/gate-facts.ts'
import { gate } from './rules/gate.ts'

/**
 * The one gate before every order that opens a position or adds to one, whoever wants it: undefined when it passes, else
 * why not, with the largest size that does. Whoever then writes the order asks in the same transaction, with the account
 * locked; asked without, it says beforehand what would be refused. What exits needs no gate: it always passes.
 */
export async function passGate(
  db: Db,
  parts: Pick<Parts, 'market' | 'clock'>,
  wanted: Entering,
): Promise<Refusal | undefined> {
  const instrument = parts.market.instrument(wanted.symbol)
  if (!instrument) throw new Error(`${wanted.symbol} is not traded here`)
  const facts = await factsNow(db, parts, wanted)
  // Heard once more after the process died over it: what it took is taken, and whoever writes it finds that it is there.
  if (facts.isThere) return undefined
  const verdict = gate(facts, { ...wanted, opens: true, isLater: wanted.isLater ?? false, lot: instrument.lot })
  return verdict.passes ? undefined : refusalOf(wanted, facts, verdict)
}

/** What the gate decides on, with short positions at the prices of now; at the mark that was stored last where there is none. */
export async function factsNow(
  db: Db,
  { market, clock }: Pick<Parts, 'market' | 'clock'>,
  wanted: FactsFor,
): Promise<GateFacts> {
  const facts = await gateFacts(db, wanted)
  const shorts = facts.positions.filter(({ signedQuantity }) => signedQuantity.lt(0))
  if (shorts.length === 0) return facts
  // The account is locked: a price in doubt is not waited for.
  const quote = (symbol: string) =>
    marksOf(market)
      .now(symbol)
      .catch(() => undefined)
  const quotes = await presentQuotes({ db, quote, now: clock.now() }, shorts)
  return { ...facts, positions: facts.positions.map((one) => ({ ...one, mark: quotes.get(one.id)?.last ?? one.mark })) }
}

/** The price, in dollars a unit, at which an order takes the most: a sale may be filled above its limit. One without a limit needs a quote. */
export function dearest(side: Side, limit: Big | undefined, quote: Pick<Quote, 'bid' | 'ask'> | undefined): Big {
  const market = side === 'buy' ? quote?.ask : quote?.bid
  if (!limit || !market) return (limit ?? market)!
  return side === 'sell' && market.gt(limit) ? market : limit
}
