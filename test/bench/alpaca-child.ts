import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import { serveBench } from './broker-child.ts'

const alpaca = await startAlpacaServer({ isByHand: false })
alpaca.skew(Number(process.argv[2]))

serveBench({
  environment: { ALPACA_API: alpaca.paperUrl, ALPACA_PAPER_API: alpaca.paperUrl },
  requests: alpaca.requests,
  isPlacement: ({ method, path }) => method === 'POST' && path === '/v2/orders',
  kindOf: () => 'all',
  open(symbols) {
    const account = alpaca.addAccount()
    for (const symbol of symbols) {
      alpaca.addAsset(symbol)
      alpaca.setPrice(symbol, '100', '100')
      alpaca.hold(account, symbol, '100', '100')
    }
    const { id, number, keyId, secret } = account
    return {
      ...{ id, masked: `••••${number.slice(-4)}`, credentials: { kind: 'keys', keyId, secret } },
      bare: {
        url: `${alpaca.paperUrl}/v2/orders`,
        headers: { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret },
        body: { symbol: 'SAA', qty: '1', side: 'buy', type: 'limit', limit_price: '1', time_in_force: 'day' },
      },
    }
  },
  setPrice: (symbol, price) => alpaca.setPrice(symbol, price, price),
  listening: () => alpaca.listening().length,
  cutStreams: () => alpaca.cutStreams(),
})
