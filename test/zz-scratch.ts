import { Big } from '../src/base/amounts.ts'
import { startAlpacaServer } from './platforms/alpaca/server.ts'
import { venueAt } from './venues/alpaca/under-test.ts'
const alpaca = await startAlpacaServer({ seed: 1 })
const a = alpaca.addAccount()
alpaca.addAsset('BYND', { fractionable: false })
alpaca.setPrice('BYND', '1.00', '1.01')
const v = venueAt(alpaca, [a])
v.subscribe({ heard: (e) => console.log('heard', e.kind), failed: (c) => console.log('failed', c) })
console.log('submit')
console.log(await v.submit({ account: a.id, clientOrderId: 'x1', symbol: 'BYND', side: 'buy', quantity: new Big(10) }))
console.log('settle'); await alpaca.settle()
console.log(await v.find({ account: a.id, clientOrderId: 'x1' }))
console.log(alpaca.requests.map((r) => JSON.stringify(r).slice(0, 200)))
await new Promise(r => setTimeout(r, 300))
v.follow!([]); await alpaca.close()
