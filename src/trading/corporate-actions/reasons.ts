import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { orderPhrase } from '../orders/rules/describe.ts'
import type { ImmediateEffect } from './at-once.ts'
import type { TwoPrices } from './prices.ts'
import type { InTheWay } from './rows/in-the-way.ts'

// Refusals of actions and questions about actions share these sentences.

/** The hindrances of an action, one line each: `alice: LIMIT SELL 500 BYND @ $1.10 has no end at the venue yet`. */
export function inTheWayLines(all: InTheWay[]): string[] {
  return all.map((one) => `${one.name}: ${hindranceText(one)}`)
}

function hindranceText(one: InTheWay): string {
  switch (one.kind) {
    case 'order':
      return `${orderPhrase(one.order)} has no end at the venue yet`
    case 'close':
      return 'a close waits for orders that are taken back'
    case 'critical':
      return 'a stop, a target or the circuit breaker is closing positions'
    case 'scheduled':
      return `${one.what} is being carried out`
    case 'both':
      return `${one.symbol} is held, too`
  }
}

/** The immediate effects of an action, one line each: `alice: the stop at $6.00`. */
export function effectLines(all: ImmediateEffect[]): string[] {
  return all.map((one) => `${one.name}: ${effectText(one)}`)
}

function effectText(one: ImmediateEffect): string {
  switch (one.kind) {
    case 'breaker':
      return 'the circuit breaker of the account'
    case 'level':
      return `the ${one.level} at ${priceText(one.price)}`
    case 'limit':
      return `the limit order ${one.order.number} at ${priceText(one.price)}`
    case 'condition':
      return `the order for later ${one.order.number} at ${priceText(one.price)}`
    case 'scaleout':
      return `the scaleout, which would go on at ${priceText(one.price)}`
    case 'market order':
      return `${orderPhrase(one.order)}, an order at the market`
    case 'due today':
      return `the order for later ${one.order.number}, ${one.order.what}`
  }
}

/** The prices of both symbols of a rename: `TLRY is at $5.00, AAPL at $200.00`. */
export function bothText({ symbol, newSymbol }: { symbol: string; newSymbol: string }, { before, after }: TwoPrices) {
  const at = (price: Big | undefined) => (price ? `at ${priceText(price)}` : 'without a price')
  return `${symbol} is ${at(before)}, ${newSymbol} ${at(after)}`
}
