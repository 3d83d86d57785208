/**
 * The currency of a symbol's prices when they are no dollars: `BTC` for `ETH-BTC`. Undefined for dollars, and for coins that stand for one
 * (USDT, USDC), which count as dollars.
 */
export function currencyOf(symbol: string): string | undefined {
  return /^[A-Z0-9]+-(EUR|BTC|ETH)$/.exec(symbol)?.[1]
}
