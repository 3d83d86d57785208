import { randomBytes } from 'node:crypto'
import { chanceOf } from '../../contracts/venues/difficult/chance.ts'
import { startKrakenServer } from './server.ts'

// A local Kraken to try the desk with: `npm run -s kraken`. It prints the environment for `npm start`, and moves its prices every second
// until it is stopped.

const seed = Number(process.env.SEED ?? 1)
const kraken = await startKrakenServer({ isByHand: false, seed })
Object.assign(kraken.faults, { parts: 0.5 })

/** Prices in the smallest step, and decimals. */
const pairs: Record<string, { price: number; decimals: number; min: string }> = {
  'XBT/USD': { price: 965_000, decimals: 1, min: '0.00005' },
  'ETH/USD': { price: 318_000, decimals: 2, min: '0.001' },
  'SOL/USD': { price: 14_200, decimals: 2, min: '0.02' },
  'ETH/XBT': { price: 3295, decimals: 5, min: '0.001' },
}
const drift = chanceOf(seed, 'drift')
for (const [name, { decimals, min }] of Object.entries(pairs))
  kraken.addPair(name, { priceDecimals: decimals, orderMin: min, ...(name === 'ETH/XBT' && { costMin: '0.00002' }) })

function show(): void {
  for (const [name, { price, decimals }] of Object.entries(pairs)) {
    const at = (steps: number) => ((price + steps) / 10 ** decimals).toFixed(decimals)
    kraken.setPrice(name, at(-1), at(1), { last: at(0) })
  }
}
show()
setInterval(() => {
  for (const pair of Object.values(pairs)) pair.price += drift.between([-3, 3]) * Math.ceil(pair.price / 20_000)
  show()
}, 1000)

const member = kraken.addAccount({ cash: '50000' })
kraken.hold(member, 'XBT', '0.25')

console.log(`export CREDENTIALS_KEYS=demo:${randomBytes(32).toString('base64')}`)
console.log(`export CCXT_URLS=kraken=${kraken.url}`)
console.log(`# key ID: ${member.key}`)
console.log(`# secret key: ${member.secret}`)

process.on('SIGINT', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
