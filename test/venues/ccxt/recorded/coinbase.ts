// Answers in the formats of Coinbase's documents (docs.cdp.coinbase.com, Advanced Trade API: products, accounts, orders, key permissions), with
// other numbers.

const at = '2026-11-20T14:59:30.091377Z'

const product = {
  product_id: 'BTC-USD',
  price: '60000.01',
  price_percentage_change_24h: '0.5',
  volume_24h: '7000',
  volume_percentage_change_24h: '1',
  base_increment: '0.00000001',
  quote_increment: '0.01',
  quote_min_size: '1',
  quote_max_size: '150000000',
  base_min_size: '0.00000001',
  base_max_size: '3400',
  base_name: 'Bitcoin',
  quote_name: 'US Dollar',
  watched: false,
  is_disabled: false,
  new: false,
  status: 'online',
  cancel_only: false,
  limit_only: false,
  post_only: false,
  trading_disabled: false,
  auction_mode: false,
  product_type: 'SPOT',
  quote_currency_id: 'USD',
  base_currency_id: 'BTC',
  base_display_symbol: 'BTC',
  quote_display_symbol: 'USD',
  price_increment: '0.01',
}

interface Told {
  clientOrderId?: string
  mayTransfer?: boolean
  isPoor?: boolean
}

/** The answers; `clientOrderId` is that of the one order of the account. */
export function answers({ clientOrderId = 'x', mayTransfer = false, isPoor = false }: Told = {}) {
  const account = (currency: string, value: string, hold: string) => ({
    uuid: `00000000-0000-0000-0000-00000000${currency.padEnd(4, '0')}`,
    name: `${currency} Wallet`,
    currency,
    available_balance: { value, currency },
    default: true,
    active: true,
    created_at: at,
    updated_at: at,
    deleted_at: null,
    type: currency === 'USD' ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
    ready: true,
    hold: { value: hold, currency },
  })
  return {
    'GET /v2/currencies': () => ({ data: [{ id: 'USD', name: 'US Dollar', min_size: '0.01' }] }),
    'GET /v2/currencies/crypto': () => ({
      data: [{ code: 'BTC', name: 'Bitcoin', type: 'crypto', asset_id: 'x', exponent: 8 }],
    }),
    'GET /v2/exchange-rates': () => ({ data: { currency: 'USD', rates: { BTC: '0.0000166', USD: '1' } } }),
    'GET /api/v3/brokerage/market/products': (given: URLSearchParams) =>
      given.get('product_type') === 'FUTURE'
        ? { products: [], num_products: 0 }
        : { products: [product], num_products: 1 },
    'GET /api/v3/brokerage/key_permissions': () => ({
      can_view: true,
      can_trade: true,
      can_transfer: mayTransfer,
      portfolio_uuid: '8bfc20d7-f7c6-4422-bf07-8243ca4169fe',
      portfolio_type: 'DEFAULT',
    }),
    'GET /api/v3/brokerage/accounts': () => ({
      accounts: [account('USD', '1000.36', '45.00'), account('BTC', '0.001', '0')],
      has_next: false,
      cursor: '',
      size: 2,
    }),
    'POST /api/v3/brokerage/orders': () =>
      isPoor
        ? {
            success: false,
            error_response: {
              error: 'INSUFFICIENT_FUND',
              message: 'Insufficient balance in source account',
              error_details: '',
              preview_failure_reason: 'PREVIEW_INSUFFICIENT_FUND',
            },
          }
        : {
            success: true,
            success_response: {
              order_id: '11111-00000-000000',
              product_id: 'BTC-USD',
              side: 'BUY',
              client_order_id: clientOrderId,
            },
            order_configuration: { limit_limit_gtc: { base_size: '0.001', limit_price: '60000.01', post_only: false } },
          },
    'GET /api/v3/brokerage/orders/historical/11111-00000-000000': () => ({
      order: {
        order_id: '11111-00000-000000',
        product_id: 'BTC-USD',
        user_id: '2222-000000-000000',
        order_configuration: { limit_limit_gtc: { base_size: '0.001', limit_price: '60000.01', post_only: false } },
        side: 'BUY',
        client_order_id: clientOrderId,
        status: 'FILLED',
        time_in_force: 'GOOD_UNTIL_CANCELLED',
        created_time: at,
        completion_percentage: '100',
        filled_size: '0.001',
        average_filled_price: '60000.01',
        fee: '',
        number_of_fills: '1',
        filled_value: '60.00001',
        pending_cancel: false,
        size_in_quote: false,
        total_fees: '0.36',
        size_inclusive_of_fees: false,
        total_value_after_fees: '60.36001',
        trigger_status: 'INVALID_ORDER_TYPE',
        order_type: 'LIMIT',
        reject_reason: 'REJECT_REASON_UNSPECIFIED',
        settled: true,
        product_type: 'SPOT',
      },
    }),
    'GET /api/v3/brokerage/orders/historical/fills': () => ({
      fills: [
        {
          entry_id: '22222-2222222-22222222',
          trade_id: '1111-11111-111111',
          order_id: '11111-00000-000000',
          trade_time: at,
          trade_type: 'FILL',
          price: '60000.01',
          size: '0.001',
          commission: '0.36',
          product_id: 'BTC-USD',
          sequence_timestamp: at,
          liquidity_indicator: 'TAKER',
          size_in_quote: false,
          user_id: '3333-333333-3333333',
          side: 'BUY',
        },
      ],
      cursor: '',
    }),
  }
}
