/** Letters, digits and the marks that tickers use (`BRK.B`, `BTC-USD`, `EURUSD=X`, `^GSPC`), at most 20. */
const ticker = /^[A-Z0-9^][A-Z0-9.\-_/=]{0,19}$/

/** The symbol in capitals; undefined when the text cannot be a symbol. */
export function symbolOf(text: string): string | undefined {
  const symbol = text.trim().toUpperCase()
  return ticker.test(symbol) ? symbol : undefined
}

/** More decimals than this are rounding errors of a float in the file. */
export const mostDecimals = 8

/** The number of decimals of a number in a text: 3 for `1.010`. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}
