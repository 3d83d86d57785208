import type { Order } from '../../api/contract/orders.ts'

/** The desk answers for this many symbols at once. */
const most = 50

/**
 * Symbols whose prices no stream brings, with commas: what is shown (that of the chart, those of working orders) and is not among
 * the open positions.
 */
export function unheld(
  charted: string | undefined,
  orders: readonly Pick<Order, 'symbol' | 'isLive'>[],
  positions: readonly { symbol: string }[],
): string {
  const held = new Set(positions.map(({ symbol }) => symbol))
  const working = orders.filter(({ isLive }) => isLive).map(({ symbol }) => symbol)
  const shown = [...(charted === undefined ? [] : [charted]), ...working]
  return [...new Set(shown)]
    .filter((symbol) => !held.has(symbol))
    .slice(0, most)
    .join(',')
}
