import { randomBytes } from 'node:crypto'
import { demoPrices } from '../broker/demo-prices.ts'
import { startAlpacaServer } from './server.ts'

// A local Alpaca to try the desk with: `npm run -s alpaca`. It prints the environment for `npm start` and the
// keys of two accounts, and moves its prices every second until it is stopped. Its market is always open.

const alpaca = await startAlpacaServer({ isByHand: false, seed: Number(process.env.SEED ?? 1), perMinute: 200 })
alpaca.plan = 'plus'
Object.assign(alpaca.faults, { parts: 0.5 })

const { shares, move } = demoPrices(Number(process.env.SEED ?? 1))
for (const { symbol, name } of shares) alpaca.addAsset(symbol, { name })
function show(): void {
  for (const { symbol, at } of shares) alpaca.setPrice(symbol, at(-1), at(0), { last: at(0), size: '5000' })
}
show()
setInterval(() => {
  move()
  show()
}, 1000)

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
