// Answers in the formats of Binance's documents (developers.binance.com, Spot API: general endpoints, trading, account), with other numbers.

const at = Date.parse('2026-11-20T14:59:30Z')

const filters = (step: string, tick: string, notional: string) => [
  { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '1000000.00000000', tickSize: tick },
  { filterType: 'LOT_SIZE', minQty: step, maxQty: '9000.00000000', stepSize: step },
  {
    filterType: 'NOTIONAL',
    minNotional: notional,
    applyMinToMarket: true,
    maxNotional: '9000000.00000000',
    applyMaxToMarket: false,
    avgPriceMins: 5,
  },
]

const symbolOf = (baseAsset: string, quoteAsset: string, given: ReturnType<typeof filters>) => ({
  symbol: `${baseAsset}${quoteAsset}`,
  status: 'TRADING',
  baseAsset,
  baseAssetPrecision: 8,
  quoteAsset,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
  icebergAllowed: true,
  ocoAllowed: true,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: true,
  filters: given,
  permissions: [],
  permissionSets: [['SPOT', 'MARGIN']],
})

/** The answers; `clientOrderId` is that of the one order of the account. */
export function answers({
  clientOrderId = 'x',
  mayWithdraw = false,
}: {
  clientOrderId?: string
  mayWithdraw?: boolean
} = {}) {
  const order = {
    symbol: 'BTCUSDT',
    orderId: 28,
    orderListId: -1,
    clientOrderId,
    price: '60000.01000000',
    origQty: '0.50000000',
    executedQty: '0.50000000',
    cummulativeQuoteQty: '30000.00500000',
    status: 'FILLED',
    timeInForce: 'GTC',
    type: 'LIMIT',
    side: 'BUY',
  }
  return {
    'GET /api/v3/exchangeInfo': () => ({
      timezone: 'UTC',
      serverTime: at,
      rateLimits: [],
      exchangeFilters: [],
      symbols: [
        symbolOf('BTC', 'USDT', filters('0.00001000', '0.01000000', '5.00000000')),
        symbolOf('ETH', 'BTC', filters('0.00010000', '0.00001000', '0.00010000')),
      ],
    }),
    'GET /sapi/v1/account/apiRestrictions': () => ({
      ipRestrict: false,
      createTime: at,
      enableReading: true,
      enableWithdrawals: mayWithdraw,
      enableInternalTransfer: false,
      enableMargin: false,
      enableFutures: false,
      enableSpotAndMarginTrading: true,
    }),
    'GET /api/v3/account': () => ({
      makerCommission: 15,
      takerCommission: 15,
      canTrade: true,
      canWithdraw: true,
      canDeposit: true,
      updateTime: at,
      accountType: 'SPOT',
      balances: [
        { asset: 'BTC', free: '0.49950000', locked: '0.00000000' },
        { asset: 'USDT', free: '4723846.89208129', locked: '0.00000000' },
      ],
      permissions: ['SPOT'],
      uid: 354937868,
    }),
    'POST /api/v3/order': () => ({
      ...order,
      transactTime: at,
      workingTime: at,
      selfTradePreventionMode: 'NONE',
      fills: [
        { price: '60000.01000000', qty: '0.50000000', commission: '0.00050000', commissionAsset: 'BTC', tradeId: 56 },
      ],
    }),
    'GET /api/v3/order': () => ({
      ...order,
      stopPrice: '0.0',
      icebergQty: '0.0',
      time: at,
      updateTime: at,
      isWorking: true,
      origQuoteOrderQty: '0.000000',
    }),
    'GET /api/v3/myTrades': (given: URLSearchParams) =>
      given.get('symbol') === 'BTCUSDT'
        ? [
            {
              symbol: 'BTCUSDT',
              id: 28457,
              orderId: 28,
              orderListId: -1,
              price: '60000.01000000',
              qty: '0.50000000',
              quoteQty: '30000.00500000',
              commission: '0.00050000',
              commissionAsset: 'BTC',
              time: at,
              isBuyer: true,
              isMaker: false,
              isBestMatch: true,
            },
          ]
        : [],
  }
}
