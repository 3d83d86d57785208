import { randomBytes } from 'node:crypto'
import { chanceOf } from '../../contracts/venues/difficult/chance.ts'
import { demoPrices } from '../broker/demo-prices.ts'
import { startTradeStationServer } from './server.ts'

// A local TradeStation to try the desk with: `npm run -s tradestation`. It prints the environment for `npm start`, and
// moves its prices every second until it is stopped. Its market is always open.

const ts = await startTradeStationServer({ isByHand: false, seed: Number(process.env.SEED ?? 1) })
Object.assign(ts.faults, { parts: 0.5 })

const seed = Number(process.env.SEED ?? 1)
const { shares, move } = demoPrices(seed)
const sizes = chanceOf(seed, 'sizes')
for (const { symbol, name } of shares) ts.addSymbol(symbol, { description: name })

function show(): void {
  const steps = [0, 1, 2, 3, 4]
  for (const { symbol, at } of shares) {
    const level = (above: number): [string, string] => [at(above), String(sizes.between([5, 60]) * 100)]
    const [asks, bids] = [steps.map(level), steps.map((step) => level(-1 - step))]
    ts.setBook(symbol, { bids, asks, last: at(0) })
  }
}
show()
setInterval(() => {
  move()
  show()
}, 1000)

const dayMs = 86_400_000
const dayIn = (days: number) => new Date(ts.now().getTime() + days * dayMs).toISOString().slice(0, 10)
for (const { symbol, at } of shares) {
  const price = Number(at(0))
  if (price < 10) continue
  const step = price >= 300 ? 10 : 5
  const center = Math.round(price / step) * step
  const strikes = Array.from({ length: 21 }, (_, index) => String(center + (index - 10) * step))
  ts.setChain(symbol, { expirations: [30, 90, 400, 600].map(dayIn), strikes, volatility: 0.35 })
}

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
