import { Big } from '../../base/amounts.ts'
import type { CcxtMarket, Exchange } from '../../infra/exchanges/exchange.ts'

/** The desk's symbol of a pair: `BTC-USD` for `BTC/USD`. */
export const deskSymbol = (symbol: string): string => symbol.replace('/', '-')

/** The pair of a desk's symbol; undefined when the exchange has no such spot pair. */
export function pairOf(exchange: Exchange, symbol: string): CcxtMarket | undefined {
  const pair = exchange.markets?.[symbol.replace('-', '/')]
  return pair && pair.spot !== false ? pair : undefined
}

/** The smallest step of quantities, and of prices; an exchange that tells none has steps of eight decimals. */
export const lotOf = ({ precision }: CcxtMarket): Big => new Big(precision.amount ?? '1e-8')
export const tickOf = ({ precision }: CcxtMarket): Big => new Big(precision.price ?? '1e-8')

/** The least quantity, and the least cost in the quote currency, of one order. */
export const leastQuantity = ({ limits }: CcxtMarket): Big | undefined => positive(limits.amount?.min)
export const leastCost = ({ limits }: CcxtMarket): Big | undefined => positive(limits.cost?.min)

function positive(text: string | undefined): Big | undefined {
  const amount = text === undefined ? undefined : new Big(text)
  return amount?.gt(0) ? amount : undefined
}
