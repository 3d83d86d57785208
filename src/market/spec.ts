/** One part of the `MARKET` variable. */
export type MarketSpec =
  | { kind: 'sim'; seed: string }
  | { kind: 'quotes'; file: string }
  /** `from` is the first day to play: `2016-01-04`. */
  | { kind: 'replay'; folder: string; from?: string }
  /** An exchange by CCXT's id. */
  | { kind: 'ccxt'; exchange: string }
  | { kind: Provider }

/** The providers of real prices over the network. */
export const providers = ['tradestation', 'alpaca', 'yahoo', 'alphavantage'] as const
export type Provider = (typeof providers)[number]

const known =
  'sim, sim:SEED, quotes:FILE, replay:FOLDER, tradestation, alpaca, yahoo, alphavantage, kraken or ccxt:EXCHANGE'

/** The `MARKET` variable is not valid; the message is a sentence for the person who set it. */
export class MarketError extends Error {
  override name = 'MarketError'
}

/**
 * Parses `sim`, `sim:SEED`, `quotes:FILE`, `replay:FOLDER`, `replay:FOLDER@2016-01-04`, `tradestation`, `alpaca`, `yahoo`,
 * `alphavantage`, `kraken`, `ccxt:coinbase`, or
 * several, separated by commas, in order of preference. Throws `MarketError`.
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
    return replayOf(rest)
  }
  if (part === 'kraken') return { kind: 'ccxt', exchange: part }
  if (kind === 'ccxt') {
    if (!/^[a-z0-9]{2,30}$/.test(rest)) throw new MarketError('MARKET=ccxt names no exchange: write ccxt:kraken')
    return { kind, exchange: rest }
  }
  const provider = providers.find((name) => name === part)
  if (provider) return { kind: provider }
  throw new MarketError(
    part === ''
      ? `MARKET has an empty part: write ${known}, separated by commas`
      : `MARKET knows no "${part}": write ${known}`,
  )
}

/** `FOLDER`, or `FOLDER@DAY` with the first day to play. */
function replayOf(rest: string): MarketSpec {
  const [, folder, from] = /^(.+)@([\d-]+)$/.exec(rest) ?? []
  if (!folder || !from) return { kind: 'replay', folder: rest }
  const isDay = /^\d{4}-\d\d-\d\d$/.test(from) && new Date(`${from}T00:00:00Z`).toJSON()?.startsWith(from)
  if (!isDay) throw new MarketError(`MARKET=replay: "${from}" is no day: write replay:FOLDER@2016-01-04`)
  return { kind: 'replay', folder, from }
}
