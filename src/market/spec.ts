/** One part of the `MARKET` variable. */
export type MarketSpec =
  | { kind: 'sim'; seed: string }
  | { kind: 'quotes'; file: string }
  | { kind: 'replay'; folder: string }

/** The `MARKET` variable is not valid; the message is a sentence for the person who set it. */
export class MarketError extends Error {
  override name = 'MarketError'
}

/**
 * Parses `sim`, `sim:SEED`, `quotes:FILE`, `replay:FOLDER`, or several, separated by commas, in order of preference. Throws
 * `MarketError`.
 */
export function parseMarkets(spec: string): MarketSpec[] {
  return spec.split(',').map((part) => parseMarket(part.trim()))
}

function parseMarket(part: string): MarketSpec {
  const colon = part.indexOf(':')
  const kind = colon < 0 ? part : part.slice(0, colon)
  const rest = colon < 0 ? '' : part.slice(colon + 1).trim()
  if (kind === 'sim') return { kind, seed: rest || 'deskhand' }
  if (kind === 'quotes') {
    if (!rest) throw new MarketError('MARKET=quotes names no file: write quotes:FILE.csv')
    return { kind, file: rest }
  }
  if (kind === 'replay') {
    if (!rest) throw new MarketError('MARKET=replay names no folder: write replay:FOLDER')
    return { kind, folder: rest }
  }
  throw new MarketError(
    part === ''
      ? 'MARKET has an empty part: write sim, sim:SEED, quotes:FILE or replay:FOLDER, separated by commas'
      : `MARKET knows no "${part}": write sim, sim:SEED, quotes:FILE or replay:FOLDER`,
  )
}
