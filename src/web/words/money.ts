import Big from 'big.js'

const none = '—'

/** `$1,234.50`; fractions of a cent only for prices (`price`). */
export function dollars(amount: string | null | undefined): string {
  if (amount === null || amount === undefined) return none
  const value = new Big(amount)
  return `${value.round(2).lt(0) ? '−' : ''}$${grouped(value.abs().toFixed(2))}`
}

/** A gain or a loss with its sign: `+$12.00`, `−$3.10`, `$0.00`. */
export function gain(amount: string | null | undefined): string {
  if (amount === null || amount === undefined) return none
  const value = new Big(amount)
  const text = dollars(value.abs().toFixed())
  return value.round(2).eq(0) ? text : `${value.gt(0) ? '+' : '−'}${text}`
}

/** A share of one in percent with its sign: `+3.20%`. */
export function percent(share: string | null | undefined): string {
  if (share === null || share === undefined) return none
  const value = new Big(share).times(100).round(2)
  return `${value.gt(0) ? '+' : value.lt(0) ? '−' : ''}${value.abs().toFixed(2)}%`
}

/** A price of a unit with all its digits, at least two: `$0.6275`, in another currency `0.03295 BTC`. */
export function price(amount: string | null | undefined, currency = 'USD'): string {
  if (amount === null || amount === undefined) return none
  const digits = amount.split('.')[1]?.length ?? 0
  const text = grouped(new Big(amount).toFixed(Math.max(2, Math.min(digits, 8))))
  return currency === 'USD' ? `$${text}` : `${text} ${currency}`
}

/** Units: `3,750`, `0.0125`. */
export function units(amount: string | null | undefined): string {
  return amount === null || amount === undefined ? none : grouped(new Big(amount).toFixed())
}

/** The way an amount points: for colours, and for the arrow beside them. */
export function way(amount: string | null | undefined): 'up' | 'down' | 'flat' {
  if (!amount) return 'flat'
  const value = new Big(amount).round(6)
  return value.gt(0) ? 'up' : value.lt(0) ? 'down' : 'flat'
}

/** The arrow of a way. Colours alone say nothing to many people. */
export const arrow = { up: '▲', down: '▼', flat: ' ' } as const

function grouped(plain: string): string {
  const [whole = '', part] = plain.split('.')
  const thousands = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? thousands : `${thousands}.${part}`
}
