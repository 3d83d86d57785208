import type { Big } from '../../../base/amounts.ts'
import { compared, fixed, type Look, type Rule } from './check.ts'

/** Hours, symbols and sides in which an agent may open, and its pace. */
export const placeRules: readonly Rule[] = [
  fixed('OUTSIDE_HOURS', ({ facts: { at, session }, limits }) => {
    if (session === 'always') return { passes: true }
    if (!session) return { passes: false }
    const from = session.open.getTime() + minutes(limits.afterOpen)
    const to = session.close.getTime() - minutes(limits.beforeClose)
    return { passes: at.getTime() >= from && at.getTime() < to }
  }),
  fixed('SYMBOL_NOT_ALLOWED', ({ order, limits: { symbols } }) => ({
    passes: !symbols || symbols.includes(order.symbol),
    of: order.symbol,
  })),
  fixed('SHORT_NOT_ALLOWED', ({ order, limits }) => ({
    passes: order.side === 'buy' || limits.shorts,
    of: order.symbol,
  })),
  fixed('TOO_MANY_TRADES', ({ facts, limits: { trades } }) =>
    compared(facts.trades.today, trades, 'plain', (figure) => figure.lt(trades)),
  ),
  fixed('TOO_SOON', ({ facts: { trades }, limits: { pause } }): Look => {
    if (trades.secondsSince === undefined) return { passes: true, limit: pause, unit: 'seconds' }
    return compared(trades.secondsSince, pause, 'seconds', (figure) => figure.gte(pause))
  }),
]

const minutes = (count: Big) => count.times(60_000).toNumber()
