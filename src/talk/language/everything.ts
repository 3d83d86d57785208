import type { Given } from './given.ts'
import type { Said } from './tokens.ts'

/**
 * Does `all` mean every position, as in `get me out of all my positions`, and not all of this thread's position? `flat all` and
 * `close it all` may mean both, so they are every position, which is asked about.
 */
export function isOfAll(
  { tokens }: Said,
  command: string,
  { symbol, symbols, fraction, quantity, price }: Given,
): boolean {
  if (!['close', 'sell'].includes(command) || (symbol ?? symbols) !== undefined || fraction !== '1') return false
  const has = (...words: string[]) => tokens.some(({ word }) => words.includes(word))
  if (command === 'close' && (quantity ?? price) === undefined && has('all') && !has('position', 'shares')) return true
  return has('positions', 'trades', 'holdings', 'account', 'portfolio', 'book', 'stocks', 'everything')
}

/** Does an order say that a whole position goes, as in `dump my entire RIVN position`? That closes it, long or short. */
export function isOfTheWhole({ tokens }: Said, command: string, { fraction, symbols }: Given): boolean {
  if (!['sell', 'trim'].includes(command) || fraction !== '1' || symbols !== undefined) return false
  const said = tokens.map(({ word }) => word).join(' ')
  return /\b(whole|entire)\b(?! half)/.test(said) && !/\b(all|price|day|week)\b/.test(said)
}
