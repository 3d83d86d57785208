import type { VenueFill } from '../venue.ts'
import { executionOf } from './report-map.ts'

/**
 * The fills that this process has seen, by Alpaca's order. Alpaca takes a fill back (a bust, a correction) by leaving it out of its
 * lists, and perhaps by a word on the stream; only who remembers it can say which one it was.
 */
export interface FillMemory {
  note(account: string, orderId: string, fill: VenueFill): void
  /** The stream says that an execution of an order was taken back. */
  noteTakenBack(account: string, orderId: string, executionId: string): void
  /** The fills of an order, without those that take one back. */
  ofOrder(account: string, orderId: string): VenueFill[]
  isTakenBack(account: string, orderId: string, fill: VenueFill): boolean
  /** The orders of an account with a fill since a time, and the ids of these fills. */
  since(account: string, from: Date): Map<string, string[]>
}

interface Known {
  fills: Map<string, VenueFill>
  takenBack: Set<string>
}

/** Orders of which fills are remembered. */
const most = 5000

export function createFillMemory(): FillMemory {
  const byAccount = new Map<string, Map<string, Known>>()

  function known(account: string, orderId: string): Known {
    const orders = byAccount.get(account) ?? new Map<string, Known>()
    byAccount.set(account, orders)
    const found = orders.get(orderId) ?? { fills: new Map(), takenBack: new Set() }
    orders.delete(orderId)
    orders.set(orderId, found)
    if (orders.size > most) orders.delete(orders.keys().next().value!)
    return found
  }

  return {
    note(account, orderId, fill) {
      if (fill.reverses === undefined) known(account, orderId).fills.set(fill.venueFillId, fill)
    },
    noteTakenBack: (account, orderId, executionId) => void known(account, orderId).takenBack.add(executionId),
    ofOrder: (account, orderId) => [...(byAccount.get(account)?.get(orderId)?.fills.values() ?? [])],
    isTakenBack: (account, orderId, { venueFillId }) =>
      byAccount.get(account)?.get(orderId)?.takenBack.has(executionOf(venueFillId)) ?? false,
    since(account, from) {
      const orders = [...(byAccount.get(account) ?? [])].map(
        ([orderId, { fills }]) =>
          [
            orderId,
            [...fills.values()].filter(({ filledAt }) => filledAt >= from).map(({ venueFillId }) => venueFillId),
          ] as const,
      )
      return new Map(orders.filter(([, ids]) => ids.length > 0))
    },
  }
}

/** The fill that takes another back. */
export const reversalOf = (fill: VenueFill): VenueFill => ({
  ...fill,
  venueFillId: `bust:${fill.venueFillId}`,
  reverses: fill.venueFillId,
})
