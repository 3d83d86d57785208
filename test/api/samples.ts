import type { RouteName } from '../../src/api/contract/index.ts'

/** Ids of things that exist, for the paths of requests. */
export interface Things {
  scaleout: number
  session: number
  question: number
  /** The UUID of a run. */
  run: string
}

/** A good body for each route that takes one. */
const bodies: Partial<Record<RouteName, object>> = {
  login: { token: 'x'.repeat(43) },
  closePosition: { share: '0.01' },
  setStop: { price: '0.20' },
  setTarget: { price: '9' },
  setTrail: { share: '0.1' },
  breakeven: {},
  placeOrder: { symbol: 'AAPL', side: 'buy', quantity: '1' },
  moveOrder: { price: '101' },
  startScaleout: { symbol: 'AAPL', speed: 'slow' },
  addAlert: { symbol: 'BYND', above: '50' },
  answerQuestion: { choice: 'HOLD' },
  executeStrategy: { strategy_code: 'breakout', parameters: { tickers: ['BYND'] } },
  executeBacktest: { strategy_code: 'buy-and-hold', parameters: { tickers: ['BYND'] } },
  sweepStrategy: { strategy_code: 'breakout', parameter: 'min_score', values: [60, 70] },
  saveTemplate: { name: 'paper', strategy_code: 'breakout', parameters: { min_score: 80 } },
  saveSchedule: { strategy_code: 'breakout', days: 'weekdays', local_time: '16:15' },
  say: { text: 'positions' },
}

const queries: Partial<Record<RouteName, string>> = {
  quotes: 'symbols=BYND,AAPL,NONE',
  bars: 'symbol=BYND&minutes=5&count=10',
  indicators: 'symbol=BYND&minutes=5&count=10&names=vwap,rsi,macd,atr,rvol',
  instruments: 'like=by',
}

/** A request for a route that names things which exist: its path with its query, and its body. */
export function sampleOf(
  name: RouteName,
  path: string,
  { scaleout, session, question, run }: Things,
): { path: string; body?: object } {
  const ids: Partial<Record<RouteName, number>> = {
    scaleout,
    cancelScaleout: scaleout,
    endSession: session,
    answerQuestion: question,
  }
  const filled = path
    .replace('{symbol}', 'BYND')
    .replace('{id}', String(ids[name] ?? 1))
    .replace('{number}', '1')
    .replace('{name}', 'paper')
    .replace('{run_id}', run)
    .replace('{other_id}', run)
  const query = queries[name]
  return { path: query ? `${filled}?${query}` : filled, body: bodies[name] }
}
