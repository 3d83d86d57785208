import { readFileSync } from 'node:fs'

/** A slow oracle for recorded bars. Prices are whole ten-thousandths of a dollar, and it uses no code of the desk. */

/** Ten-thousandths of a dollar. */
export type Price = bigint

/** The four prices of a bar in the order in which a replay plays them: of high and low, the one nearer to the open first. */
export type Walk = [Price, Price, Price, Price]

/** The rows of a CSV file of bars (`time,open,high,low,close,…`) from a time on. */
export function rowsOf(file: string, from: string, count: number): { header: string; rows: string[] } {
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  return { header, rows: rows.filter((row) => row >= from).slice(0, count) }
}

/** The prices that a row plays. */
export function walkOf(row: string): Walk {
  const [open, high, low, close] = row.split(',').slice(1, 5).map(priceFrom) as Walk
  return high - open < open - low ? [open, high, low, close] : [open, low, high, close]
}

/** `12.5` → 125000n. */
export function priceFrom(text: string): Price {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0').slice(0, 4))
}

/** 125000n → `12.5000`. */
export function textOf(price: Price): string {
  return `${price / 10_000n}.${String(price % 10_000n).padStart(4, '0')}`
}

/** A number of basis points of a price, rounded half to even, in ten-thousandths of a dollar. */
export function share(price: Price, points: bigint): Price {
  const [whole, rest] = [(price * points) / 10_000n, (price * points) % 10_000n]
  return rest > 5000n || (rest === 5000n && whole % 2n === 1n) ? whole + 1n : whole
}

/** A position with its levels, as the oracle keeps them. */
export interface Guarded {
  isLong: boolean
  stop: Price
  target?: Price
  /** Basis points that the stop keeps from the best price. */
  trail?: bigint
  best: Price
}

/** Applies a price and returns the level that it touches. */
export function pass(guarded: Guarded, price: Price): { kind: 'stop' | 'target'; level: Price } | undefined {
  const { isLong, target, trail } = guarded
  if (trail !== undefined && (isLong ? price > guarded.best : price < guarded.best)) {
    guarded.best = price
    const moved = share(price, isLong ? 10_000n - trail : 10_000n + trail)
    if (isLong ? moved > guarded.stop : moved < guarded.stop) guarded.stop = moved
  }
  if (isLong ? price <= guarded.stop : price >= guarded.stop) return { kind: 'stop', level: guarded.stop }
  if (target !== undefined && (isLong ? price >= target : price <= target)) return { kind: 'target', level: target }
  return undefined
}
