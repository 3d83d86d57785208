import { isMultiple } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { instrumentNamed } from '../../market/held-symbols.ts'
import { type Traded, tradedBy } from '../../trading/orders/traded.ts'
import type { Parts } from '../../trading/parts.ts'
import { type Amount, isAllOf } from './quantity.ts'

/**
 * The instrument of an order as its account trades it; undefined when the market does not have it. The venue is asked for its steps of
 * quantities only where they matter: not for whole units, and not for all of a position (`isOfAll`: no amount means all).
 */
export async function instrumentMeant(
  parts: Pick<Parts, 'market' | 'venues'>,
  accountId: number,
  symbol: string,
  amount: Amount,
  { isOfAll = false } = {},
): Promise<Traded | undefined> {
  const instrument = await instrumentNamed(parts.market, symbol)
  if (!instrument) return undefined
  const { quantity } = amount
  const isWhole = quantity && !(quantity instanceof Refusal) && isMultiple(quantity, instrument.lot)
  const isAll = isOfAll && amount.dollars === undefined && amount.leave === undefined && isAllOf(amount)
  return isWhole || isAll ? instrument : tradedBy(parts, accountId, instrument)
}
