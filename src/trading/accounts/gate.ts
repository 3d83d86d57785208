import { Big, finestStep, floorTo, isMultiple } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import { currencyOf } from '../../market/currency.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../parts.ts'
import { presentQuotes } from '../positions/present-quotes.ts'
import type { Side } from '../positions/rules/position.ts'
import { refusedWhileFrozen } from './frozen.ts'
import { type Entering, refusalOf } from './gate-refusals.ts'
import { type FactsFor, type GateFacts, gateFacts } from './rows/gate-facts.ts'
import { lockLive } from './rows/live-allowances.ts'
import { gate } from './rules/gate.ts'

/**
 * The one gate before every order that opens a position or adds to one, whoever wants it. Undefined when the order passes; else
 * the refusal, with the largest size that passes. Code that writes the order asks in the same transaction, after locking the
 * account. Without the lock the answer is only a forecast. Exits need no gate: they always pass.
 */
export async function passGate(
  db: Db,
  parts: Pick<Parts, 'market' | 'clock'>,
  wanted: Entering,
): Promise<Refusal | undefined> {
  const instrument = parts.market.instrument(wanted.symbol)
  if (!instrument) throw new Error(`${wanted.symbol} is not traded here`)
  const currency = currencyOf(wanted.symbol)
  if (currency !== undefined)
    return new Refusal(
      'OTHER_CURRENCY',
      `${wanted.symbol} is priced in ${currency}, and the desk counts in dollars. Nothing was done.`,
      'Trade the pair with dollars',
    )
  const forecast = await factsNow(db, parts, wanted)
  if (forecast.live) await lockLive(db, wanted.accountId)
  const facts = forecast.live ? await factsNow(db, parts, wanted) : forecast
  const frozen = wanted.isLater ? undefined : await refusedWhileFrozen(db, wanted)
  // The process died after it wrote this order, and the message is heard again. The writer finds the existing row.
  if (facts.isThere) return undefined
  if (frozen) return frozen
  // A quantity in parts of a lot is one of a venue that trades them.
  const lot = isMultiple(wanted.quantity, instrument.lot) ? instrument.lot : finestStep
  const verdict = gate(facts, {
    ...wanted,
    opens: true,
    isLater: wanted.isLater ?? false,
    lot,
    isAtMarket: !wanted.limitPrice,
  })
  if (verdict.passes) return undefined
  return refusalOf(wanted, facts, { ...verdict, largest: roundly(verdict.largest, instrument.lot) })
}

/** A size to name, in units: whole lots, or the first digits of less than one. */
const roundly = (largest: Big, lot: Big) => (largest.gte(lot) ? floorTo(largest, lot) : largest.prec(4, Big.roundDown))

/** The facts for the gate. Short positions count at the present price, or at the last stored mark when there is no price. */
export async function factsNow(
  db: Db,
  { market, clock }: Pick<Parts, 'market' | 'clock'>,
  wanted: FactsFor,
): Promise<GateFacts> {
  const facts = await gateFacts(db, wanted)
  const shorts = facts.positions.filter(({ signedQuantity }) => signedQuantity.lt(0))
  if (shorts.length === 0) return facts
  // The account is locked, so do not wait for a doubtful price to be confirmed.
  const quote = (symbol: string) =>
    marksOf(market)
      .now(symbol)
      .catch(() => undefined)
  const quotes = await presentQuotes({ db, quote, now: clock.now() }, shorts)
  return { ...facts, positions: facts.positions.map((one) => ({ ...one, mark: quotes.get(one.id)?.last ?? one.mark })) }
}

/**
 * The price, in dollars a unit, at which an order takes the most buying power. A sale may be filled above its limit. An order
 * without a limit needs a quote.
 */
export function dearest(side: Side, limit: Big | undefined, quote: Pick<Quote, 'bid' | 'ask'> | undefined): Big {
  const market = side === 'buy' ? quote?.ask : quote?.bid
  if (!limit || !market) return (limit ?? market)!
  return side === 'sell' && market.gt(limit) ? market : limit
}
