import type { SymbolResult } from './strategy.ts'

/**
 * The result of a symbol as JSON, as the thread that scored it wrote it. It goes into the database as it is: reading and writing its
 * many texts again would take the main thread longer than anything else in a screen.
 */
export interface WrittenResult {
  symbol: string
  outcome: SymbolResult['outcome']
  json: string
}

/** Writes a result. */
export function writeResult(result: SymbolResult): WrittenResult {
  return { symbol: result.symbol, outcome: result.outcome, json: JSON.stringify(result) }
}

/** The result that was written. */
export function readResult({ json }: WrittenResult): SymbolResult {
  return JSON.parse(json) as SymbolResult
}
