import type { Action } from '../chat/action.ts'

/** A position or an order of an account. */
interface InAccount {
  accountId: number
  symbol: string
}

/** The buttons for an open position: close it, scale it out, protect it. */
export function positionActions({ accountId, symbol }: InAccount): Action[] {
  const about = { options: { symbol }, account: accountId }
  return [
    { label: `Close ${symbol}`, command: 'close', ...about, ends: true },
    { label: `Scale out ${symbol}`, command: 'scaleout', ...about },
    { label: `Stop ${symbol}`, command: 'stop', ...about },
  ]
}

/** The button that takes a working order back. */
export function orderAction({ accountId, symbol, number }: InAccount & { number: number }): Action {
  const label = `Cancel ${number}: ${symbol}`
  return { label, command: 'cancel', options: { quantity: String(number) }, account: accountId, ends: true }
}
