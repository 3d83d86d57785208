import Big from 'big.js'
import { readCells } from '../../csv.ts'
import { decimalsOf, mostDecimals, symbolOf } from '../../symbol.ts'

/** A valid row of a quotes file. */
export interface QuoteRow {
  symbol: string
  bid: Big
  ask: Big
  last: Big
  /** The most decimals among its prices. */
  decimals: number
  /** The time of the `time` column; undefined without that column or when the cell is empty. */
  time?: Date
}

/** The valid rows of a quotes file, and the faults of the others. */
export interface QuoteRows {
  rows: Map<string, QuoteRow>
  /** Such as `line 3: the bid 5 is above the ask 4`. */
  faults: string[]
}

/** A time may be this far ahead of the clock before it counts as a mistake: clocks differ a little. */
const aheadMs = 5_000

/**
 * Reads `symbol,bid,ask,last` and optionally `time` (ISO, with an offset); columns in any order. Throws when the first line
 * does not name them.
 */
export function readQuotes(text: string, now: Date): QuoteRows {
  const [head, ...lines] = readCells(text)
  const names = (head ?? []).map((name) => name.toLowerCase())
  const missing = ['symbol', 'bid', 'ask', 'last'].filter((name) => !names.includes(name))
  if (missing.length > 0) throw new Error(`its first line must be symbol,bid,ask,last: it lacks ${missing.join(', ')}`)

  const rows = new Map<string, QuoteRow>()
  const faults: string[] = []
  for (const [index, line] of lines.entries()) {
    if (line.length === 1 && line[0] === '') continue
    const cell = (name: string) => line[names.indexOf(name)] ?? ''
    const row = line.length === names.length ? rowOf(cell, now) : `${line.length} columns instead of ${names.length}`
    if (typeof row === 'string') faults.push(`line ${index + 2}: ${row}`)
    else if (rows.has(row.symbol)) faults.push(`line ${index + 2}: a second row for ${row.symbol}`)
    else rows.set(row.symbol, row)
  }
  return { rows, faults }
}

/** The row, or its fault. */
function rowOf(cell: (name: string) => string, now: Date): QuoteRow | string {
  const symbol = symbolOf(cell('symbol'))
  if (!symbol) return 'the symbol is not one'
  const prices: Big[] = []
  let decimals = 0
  for (const name of ['bid', 'ask', 'last']) {
    const text = cell(name)
    if (!/^(\d{1,12}(\.\d*)?|\.\d+)$/.test(text)) return `the ${name} of ${symbol} is not a price`
    const price = new Big(text)
    if (price.lte(0)) return `the ${name} of ${symbol} is zero`
    if (decimalsOf(text) > mostDecimals) return `the ${name} of ${symbol} has more than ${mostDecimals} decimals`
    decimals = Math.max(decimals, decimalsOf(text))
    prices.push(price)
  }
  const [bid, ask, last] = prices as [Big, Big, Big]
  if (bid.gt(ask)) return `the bid ${bid} of ${symbol} is above the ask ${ask}`

  const written = cell('time')
  if (!written) return { symbol, bid, ask, last, decimals }
  const time = /T.*(Z|[+-]\d\d:?\d\d)$/.test(written) ? new Date(written) : new Date(Number.NaN)
  if (Number.isNaN(time.getTime())) return `the time of ${symbol} is not an ISO time with its offset`
  if (time.getTime() > now.getTime() + aheadMs) return `the time of ${symbol} lies in the future`
  return { symbol, bid, ask, last, decimals, time }
}
