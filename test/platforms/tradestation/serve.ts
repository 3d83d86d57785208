import { randomBytes } from 'node:crypto'
import { chanceOf } from '../../contracts/venues/difficult/chance.ts'
import { startTradeStationServer } from './server.ts'

// A local TradeStation to try the desk with: `npm run -s tradestation`. It prints the environment for `npm start`, and
// moves its prices every second until it is stopped. Its market is always open.

const ts = await startTradeStationServer({ isByHand: false, seed: Number(process.env.SEED ?? 1) })
Object.assign(ts.faults, { parts: 0.5 })

/** In hundredths of a cent. */
const prices: Record<string, number> = { BYND: 6300, AAPL: 2_310_000, TSLA: 4_025_000, SPY: 6_800_000, NVDA: 1_805_000 }
const names: Record<string, string> = {
  BYND: 'Beyond Meat, Inc.',
  AAPL: 'Apple Inc.',
  TSLA: 'Tesla, Inc.',
  SPY: 'SPDR S&P 500 ETF',
  NVDA: 'NVIDIA Corporation',
}
for (const symbol of Object.keys(prices)) ts.addSymbol(symbol, { description: names[symbol] })

const dayMs = 86_400_000
const dayIn = (days: number) => new Date(ts.now().getTime() + days * dayMs).toISOString().slice(0, 10)
for (const [symbol, price] of Object.entries(prices)) {
  if (symbol === 'BYND') continue
  const step = price >= 3_000_000 ? 10 : 5
  const center = Math.round(price / 10_000 / step) * step
  const strikes = Array.from({ length: 21 }, (_, index) => String(center + (index - 10) * step))
  ts.setChain(symbol, { expirations: [dayIn(30), dayIn(90), dayIn(400), dayIn(600)], strikes, volatility: 0.35 })
}

const drift = chanceOf(Number(process.env.SEED ?? 1), 'drift')
function move(): void {
  for (const [symbol, price] of Object.entries(prices)) {
    const step = price >= 10_000 ? 100 : 1
    const next = Math.max(step * 8, price + step * drift.between([-3, 3]))
    prices[symbol] = next
    const shown = (units: number) => (units / 10_000).toFixed(step === 100 ? 2 : 4)
    const size = () => String(drift.between([5, 60]) * 100)
    const side = (sign: number) =>
      [0, 1, 2, 3, 4].map((level): [string, string] => [
        shown(next + sign * step * (level + (sign < 0 ? 1 : 0))),
        size(),
      ])
    ts.setBook(symbol, { bids: side(-1), asks: side(1), last: shown(next) })
  }
}
move()
setInterval(move, 1000)

const sim = ts.addAccount()
const live = ts.addAccount({ mode: 'live', cash: '25000', user: sim.user })
ts.hold(sim, 'BYND', '3000', '0.58')
ts.oauth.signIn(sim.user)

const environment = {
  CREDENTIALS_KEYS: `demo:${randomBytes(32).toString('base64')}`,
  TRADESTATION_API: ts.url,
  TRADESTATION_SIM_API: ts.simUrl,
  TRADESTATION_SIGN_IN: ts.signInUrl,
  TRADESTATION_OAUTH_CLIENT_ID: ts.oauth.clientId,
  TRADESTATION_OAUTH_CLIENT_SECRET: ts.oauth.clientSecret,
}
for (const [name, value] of Object.entries(environment)) console.log(`export ${name}=${value}`)
for (const { mode, id } of [sim, live]) console.log(`# ${mode} account ${id}`)
console.log(`# an access token of their user: ${ts.oauth.grant(sim.user).access_token}`)

process.on('SIGINT', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
