import { zero } from '../../../base/amounts.ts'
import { type TradeState, tradeState } from '../orders/trade-plan.ts'

/** Packs the state of a trade's question for a row of `scheduled_orders`: side, position, exit, entry, price, open. */
export function packed({ side, exit, enter, price, open }: TradeState): string {
  const amounts = [exit?.quantity ?? zero, enter ?? zero, price, open].map((one) => one.toFixed())
  return [side, exit?.positionId ?? '', ...amounts].join(':')
}

/** Unpacks such a state; undefined when it cannot be read. */
export function unpacked(words: string | undefined): TradeState | undefined {
  const [side, positionId, quantity = '', enter = '', price, open] = words?.split(':') ?? []
  const exit = Number(quantity) > 0 ? { positionId: Number(positionId), quantity, isAll: false } : undefined
  const entering = Number(enter) > 0 ? enter : undefined
  return tradeState.safeParse({ flow: 'trade', v: 1, side, exit, enter: entering, price, open }).data
}
