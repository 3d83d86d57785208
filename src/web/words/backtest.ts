/** A percentage with its sign, which one that rounds to zero has not: `+414.23%`; a dash where there is none. */
export function percentOf(value: number | null | undefined): string {
  if (value === null || value === undefined) return '—'
  const text = Math.abs(value).toFixed(2)
  return `${Number(text) === 0 ? '' : value > 0 ? '+' : '-'}${text}%`
}

/** A percentage that is a share: `46.97%`. */
export const shareOf = (value: number | null | undefined): string => percentOf(value).replace(/^\+/, '')

/** A ratio: `0.58`. */
export const ratioOf = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : value.toFixed(2)

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** Dollars of a simulation, which are floats: `$51,422.99`. */
export const dollarsOf = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : dollars.format(value)

/** The name of a figure of the API: `max_drawdown_pct` as `max drawdown, %`. */
export const figureName = (name: string): string =>
  name
    .replace(/_pct$/, ', %')
    .replace(/_days$/, ', days')
    .replaceAll('_', ' ')
