import type { Clock } from '../clock.ts'
import type { MarketLog } from './log.ts'
import type { Market } from './market.ts'
import { inPreference } from './preference.ts'
import { createSimMarket } from './sim.ts'
import { MarketError, type MarketSpec, parseMarkets } from './spec.ts'

export { MarketError } from './spec.ts'

/** What `createMarket` needs. */
export interface MarketOptions {
  /** The `MARKET` variable: `sim`, `sim:SEED`, `quotes:FILE`, `replay:FOLDER`, or several with commas in order of preference. */
  spec: string
  clock: Clock
  /** A quote older than this many real milliseconds is stale. */
  maxAgeMs: number
  /** When the replay began, so that a restart goes on with it; without, it begins now. */
  anchor?: Date
  log?: MarketLog
}

/** Opens the market that `MARKET` names. Throws `MarketError` with a sentence that says what is wrong with it. */
export async function createMarket(options: MarketOptions): Promise<Market> {
  const markets: Market[] = []
  try {
    for (const spec of parseMarkets(options.spec)) markets.push(await open(spec, options))
  } catch (error) {
    await Promise.all(markets.map((market) => market.close()))
    throw error
  }
  return inPreference(markets, options)
}

async function open(spec: MarketSpec, options: MarketOptions): Promise<Market> {
  if (spec.kind === 'sim') return createSimMarket({ ...options, seed: spec.seed })
  throw new MarketError(`MARKET=${spec.kind} is not there yet`)
}
