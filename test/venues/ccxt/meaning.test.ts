import { describe, expect, test } from 'vitest'
import { type Exchange, loadExchange } from '../../../src/infra/exchanges/exchange.ts'
import { meaningOf, wordsOf } from '../../../src/venues/ccxt/meaning.ts'

/** The error that CCXT makes of an answer. */
async function errorOf(id: string, status: number, text: string): Promise<unknown> {
  const exchange = (await loadExchange(id)) as Exchange & { fetch(url: string, method: string): Promise<unknown> }
  exchange.fetchImplementation = async () => new Response(text, { status })
  return exchange.fetch('https://nobody.invalid/0/private/AddOrder', 'POST').then(
    () => undefined,
    (cause) => cause,
  )
}

// Error strings from docs.kraken.com (Spot error messages), error codes from developers.binance.com, failures from docs.cdp.coinbase.com.
describe('the meaning of an answer', () => {
  const kraken = (error: string) => ['kraken', 200, JSON.stringify({ error: [error] })] as const
  test.each([
    // Its class is a plain error, and yet nobody knows.
    [...kraken('EService:Timeout'), 'unknown'],
    [...kraken('EService:Unavailable'), 'unknown'],
    [...kraken('EService:Deadline elapsed'), 'unknown'],
    [...kraken('EGeneral:Internal error'), 'unknown'],
    [...kraken('EMadeUp:Nobody knows this'), 'unknown'],
    // Its class is an error of the network, and yet nothing was taken.
    [...kraken('EAPI:Invalid nonce'), 'nonce'],
    [...kraken('EAPI:Rate limit exceeded'), 'busy'],
    [...kraken('EOrder:Rate limit exceeded'), 'busy'],
    [...kraken('EGeneral:Temporary lockout'), 'busy'],
    [...kraken('EAPI:Invalid key'), 'keys'],
    [...kraken('EAPI:Invalid signature'), 'keys'],
    [...kraken('EGeneral:Permission denied'), 'OTHER'],
    [...kraken('EOrder:Insufficient funds'), 'NOT_ENOUGH_MONEY'],
    [...kraken('EOrder:Order minimum not met'), 'BAD_QUANTITY'],
    [...kraken('EOrder:Cost minimum not met'), 'BAD_QUANTITY'],
    [...kraken('EOrder:Invalid price:Tick size check failed'), 'BAD_PRICE'],
    [...kraken('EOrder:Unknown order'), 'NO_SUCH_ORDER'],
    [...kraken('EOrder:cl_ord_id not unique'), 'DUPLICATE'],
    [...kraken('EQuery:Unknown asset pair'), 'NOT_TRADED'],
    [...kraken('EService:Market in cancel_only mode'), 'HALTED'],
    [...kraken('EOrder:Orders limit exceeded'), 'OTHER'],
    [
      'binance',
      400,
      '{"code":-2010,"msg":"Account has insufficient balance for requested action."}',
      'NOT_ENOUGH_MONEY',
    ],
    ['binance', 400, '{"code":-1013,"msg":"Filter failure: LOT_SIZE"}', 'BAD_QUANTITY'],
    ['binance', 400, '{"code":-2010,"msg":"Duplicate order sent."}', 'DUPLICATE'],
    ['binance', 400, '{"code":-2013,"msg":"Order does not exist."}', 'NO_SUCH_ORDER'],
    [
      'binance',
      400,
      '{"code":-1007,"msg":"Timeout waiting for response from backend server. Send status unknown; execution status unknown."}',
      'unknown',
    ],
    ['binance', 400, '{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}', 'nonce'],
    ['binance', 401, '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}', 'keys'],
    ['binance', 429, '{"code":-1003,"msg":"Too many requests queued."}', 'busy'],
    ['binance', 418, '{"code":-1003,"msg":"Way too many requests; IP banned until 1659146400000."}', 'busy'],
    ['coinbase', 401, 'Unauthorized', 'keys'],
    // Servers that fail, and pages of proxies.
    ['kraken', 502, '<html>Bad gateway</html>', 'unknown'],
    ['kraken', 520, '', 'unknown'],
    ['kraken', 200, '<html>One moment, please</html>', 'unknown'],
    ['binance', 503, '{"code":-1008,"msg":"Server is currently overloaded"}', 'unknown'],
    ['binance', 403, '<html>Forbidden</html>', 'unknown'],
  ] as const)('of %s with %i and %s is %s', async (id, status, text, wanted) => {
    const cause = await errorOf(id, status, text)
    const meaning = meaningOf(cause ?? new Error('an answer of another form'), { status, text })
    expect(meaning.kind === 'refused' ? meaning.code : meaning.kind).toBe(wanted)
  })

  test('of no answer proves nothing, and a call that CCXT itself refused was not sent', async () => {
    expect(meaningOf(new TypeError('fetch failed'), {})).toEqual({ kind: 'unknown' })
    const binance = await loadExchange('binance')
    binance.markets = {}
    const cause = await binance.fetchOrder('17').catch((error) => error)
    expect(meaningOf(cause, {})).toEqual({ kind: 'refused', code: 'OTHER' })
  })

  test('is told in the exchange’s own words', () => {
    const text = '{"error":["EOrder:Insufficient funds"]}'
    expect(wordsOf(new Error(`kraken ${text}`), { status: 200, text })).toBe('EOrder:Insufficient funds')
    const binance = '{"code":-2010,"msg":"Duplicate order sent."}'
    expect(wordsOf(new Error('x'), { status: 400, text: binance })).toBe('Duplicate order sent.')
    expect(wordsOf(new Error('the order has no price'), {})).toBe('the order has no price')
  })
})
