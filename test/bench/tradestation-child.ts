import { startTradeStationServer } from '../platforms/tradestation/server.ts'
import { serveBench } from './broker-child.ts'

const ts = await startTradeStationServer({ isByHand: false, isLimited: false })
ts.skew(Number(process.argv[2]))
// Nobody exchanges tokens while orders are timed.
ts.oauth.expiresInSeconds = 86_400

serveBench({
  environment: {
    ...{ TRADESTATION_API: ts.url, TRADESTATION_SIM_API: ts.simUrl, TRADESTATION_SIGN_IN: ts.signInUrl },
    TRADESTATION_OAUTH_CLIENT_ID: ts.oauth.clientId,
    TRADESTATION_OAUTH_CLIENT_SECRET: ts.oauth.clientSecret,
  },
  requests: ts.requests,
  isPlacement: ({ method, path }) => method === 'POST' && path === '/v3/orderexecution/orders',
  kindOf: ({ path }) => path.split('/').at(-1)!,
  open(symbols) {
    const account = ts.addAccount()
    for (const symbol of symbols) {
      ts.addSymbol(symbol)
      ts.setPrice(symbol, '100', '100')
      ts.hold(account, symbol, '100', '100')
    }
    const { access_token: accessToken, refresh_token: refreshToken, expires_in } = ts.oauth.grant(account.user)
    const expiresAt = new Date(ts.now().getTime() + expires_in * 1000)
    return {
      ...{ id: account.id, masked: `••••${account.id.slice(-4)}` },
      credentials: { kind: 'oauth', accessToken, refreshToken, expiresAt },
      bare: {
        url: `${ts.simUrl}/v3/orderexecution/orders`,
        headers: { authorization: `Bearer ${accessToken}` },
        body: {
          ...{ AccountID: account.id, Symbol: 'SAA', Quantity: '1', TradeAction: 'BUY', OrderType: 'Limit' },
          ...{ LimitPrice: '1', TimeInForce: { Duration: 'DAY' }, Route: 'Intelligent' },
        },
      },
    }
  },
  setPrice: (symbol, price) => ts.setPrice(symbol, price, price),
  listening: () => ts.listening().length,
  cutStreams: () => ts.cutStreams(),
})
