import { randomBytes } from 'node:crypto'
import { chanceOf } from '../../contracts/venues/difficult/chance.ts'
import { startAlpacaServer } from './server.ts'

// A local Alpaca to try the desk with: `npm run -s alpaca`. It prints the environment for `npm start` and the
// keys of two accounts, and moves its prices every second until it is stopped. Its market is always open.

const alpaca = await startAlpacaServer({ isByHand: false, seed: Number(process.env.SEED ?? 1), perMinute: 200 })
alpaca.plan = 'plus'
Object.assign(alpaca.faults, { parts: 0.5 })

/** In hundredths of a cent. */
const prices: Record<string, number> = { BYND: 6300, AAPL: 2_310_000, TSLA: 4_025_000, SPY: 6_800_000, NVDA: 1_805_000 }
const names: Record<string, string> = {
  BYND: 'Beyond Meat, Inc.',
  AAPL: 'Apple Inc.',
  TSLA: 'Tesla, Inc.',
  SPY: 'SPDR S&P 500 ETF',
  NVDA: 'NVIDIA Corporation',
}
for (const symbol of Object.keys(prices)) alpaca.addAsset(symbol, { name: names[symbol] })

const drift = chanceOf(Number(process.env.SEED ?? 1), 'drift')
function move(): void {
  for (const [symbol, price] of Object.entries(prices)) {
    const step = price >= 10_000 ? 100 : 1
    const next = Math.max(step * 2, price + step * drift.between([-3, 3]))
    prices[symbol] = next
    const shown = (units: number) => (units / 10_000).toFixed(step === 100 ? 2 : 4)
    alpaca.setPrice(symbol, shown(next - step), shown(next), { last: shown(next), size: '5000' })
  }
}
move()
setInterval(move, 1000)

// The desk reads prices and the list of shares with a key of an account of its own.
const desk = alpaca.addAccount({ mode: 'paper' })
const paper = alpaca.addAccount({ mode: 'paper' })
const live = alpaca.addAccount({ mode: 'live', cash: '25000' })
alpaca.hold(paper, 'BYND', '3000', '0.58')
alpaca.oauth.signIn(paper, live)

const environment = {
  CREDENTIALS_KEYS: `demo:${randomBytes(32).toString('base64')}`,
  MARKET: 'alpaca',
  ALPACA_API: alpaca.url,
  ALPACA_PAPER_API: alpaca.paperUrl,
  ALPACA_DATA_API: alpaca.dataUrl,
  ALPACA_DATA_STREAM: alpaca.dataStreamUrl,
  ALPACA_FEED: 'sip',
  ALPACA_KEY_ID: desk.keyId,
  ALPACA_SECRET_KEY: desk.secret,
  ALPACA_AUTHORIZE: alpaca.oauth.authorizeUrl,
  ALPACA_OAUTH_CLIENT_ID: alpaca.oauth.clientId,
  ALPACA_OAUTH_CLIENT_SECRET: alpaca.oauth.clientSecret,
}
for (const [name, value] of Object.entries(environment)) console.log(`export ${name}=${value}`)
for (const { mode, number, keyId, secret } of [paper, live]) {
  console.log(`# ${mode} account ${number}: key ${keyId}, secret ${secret}`)
}

process.on('SIGINT', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
