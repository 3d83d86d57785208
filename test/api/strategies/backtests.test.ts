import { expect } from 'vitest'
import { gateBars, listScreened } from '../../support/screened.ts'
import { apiTest, type Client, newKey, program, signIn } from '../serve.ts'

const { test, market } = apiTest()
let rising: string[] = []
test.beforeEach(() => {
  ;({ rising } = listScreened(market, { rising: 4, falling: 2 }))
})

const patience = { timeout: 60_000 }
const at = '/api/backtests'

async function ended(page: Client, id: string): Promise<Record<string, unknown>> {
  const status = async () => (await page.get(`/api/strategies/runs/${id}/status`)).body
  await expect.poll(async () => (await status()).status, patience).toMatch(/completed|error|cancelled/)
  return status()
}

async function start(
  page: Client,
  strategy_code: string,
  parameters: object,
): Promise<{ run_id: string; number: number }> {
  const answer = await page.post(`${at}/execute`, { strategy_code, parameters })
  expect(answer).toMatchObject({ status: 200, body: { sse_endpoint: expect.stringContaining('/api/strategies/sse/') } })
  return answer.body
}

test('a backtest is asked for, ends as a run, and has its figures, curves and trades, in pages and as files', async ({
  api,
  alice,
  bob,
}) => {
  const page = await signIn(api, alice)
  const { items } = (await page.get(`${at}/strategies`)).body
  expect(items.map((one: { strategy_code: string }) => one.strategy_code)).toEqual([
    ...['sma-cross', 'buy-and-hold', 'bracket', 'breakout', 'policy'],
  ])
  expect(items[0].parameters.properties.fast).toMatchObject({ type: 'integer', minimum: 1, maximum: 500, default: 10 })
  const tickers = rising.slice(0, 2)
  const { run_id, number } = await start(page, 'bracket', {
    tickers,
    stop: 1,
    target: 1,
    cash: '20000',
    commission: 0.1,
  })
  expect(await ended(page, run_id)).toMatchObject({
    ...{ kind: 'backtest', strategy_code: 'bracket', status: 'completed', progress_percent: 100 },
    metrics: { processed_tickers: 2, total_tickers: 2 },
  })
  const { report, run } = (await page.get(`${at}/runs/${run_id}/report`)).body
  expect(run.number).toBe(number)
  expect(report).toMatchObject({ symbols: tickers, cash: 20000, ruined_on: null, is_simulated: expect.any(Boolean) })
  expect(report.conventions.execution).toContain('next open')
  expect(report.buy_and_hold.return_pct).toBeGreaterThan(0)

  const curves = (await page.get(`${at}/runs/${run_id}/curves`)).body
  expect(curves.days).toHaveLength(report.days)
  for (const name of ['equity', 'buy_and_hold', 'drawdown_pct']) expect(curves[name]).toHaveLength(report.days)
  expect(curves.equity.at(-1)).toBeCloseTo(report.figures.final_equity, 1)
  expect(Math.min(...curves.drawdown_pct)).toBeCloseTo(report.figures.max_drawdown_pct, 1)

  const all: { number: number; profit: number }[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { items, next, status }: { items: typeof all; next: string | null; status: string } = (
      await page.get(`${at}/runs/${number}/trades?limit=7${cursor && `&cursor=${cursor}`}`)
    ).body
    expect(status).toBe('completed')
    all.push(...items)
    cursor = next
  }
  expect(all).toHaveLength(report.figures.trades)
  expect(all.length).toBeGreaterThan(7)
  const profit = all.reduce((sum, one) => sum + one.profit, 0)
  expect(profit).toBeCloseTo(report.figures.final_equity - report.cash, 4)
  const lines = (await page.get(`${at}/runs/${run_id}/trades.jsonl`)).body.trim().split('\n')
  expect(lines.map((line: string) => JSON.parse(line))).toEqual(all)
  const table = (await page.get(`${at}/runs/${run_id}/trades.csv`)).body.trim().split(/\r?\n/)
  expect(table).toHaveLength(all.length + 1)
  expect(table[0]).toContain('number,symbol,side,quantity,entry_day')

  const other = await start(page, 'bracket', { tickers, stop: 2, target: 1, cash: 20000 })
  await ended(page, other.run_id)
  const compared = (await page.get(`${at}/runs/${run_id}/compare/${other.run_id}`)).body
  expect(compared.differ.map(({ name }: { name: string }) => name).toSorted()).toEqual(['commission', 'stop'])
  expect(compared.figures).toContainEqual({
    name: 'return_pct',
    before: report.figures.return_pct,
    after: (await page.get(`${at}/runs/${other.number}/report`)).body.report.figures.return_pct,
  })
  expect((await page.get('/api/strategies/runs?kind=backtest')).body.items).toHaveLength(2)
  expect((await page.get('/api/strategies/runs?kind=screen')).body.items).toEqual([])
  const stranger = await signIn(api, bob)
  for (const path of ['report', 'curves', 'trades', 'trades.csv'])
    expect((await stranger.get(`${at}/runs/${run_id}/${path}`)).status).toBe(404)
})

test('wrong parameters are refused with their field and range, and a token that only reads starts nothing', async ({
  api,
  desk,
  alice,
}) => {
  await alice.say('long BYND 10 @ 1')
  const page = await signIn(api, alice)
  const [ticker] = rising
  for (const [body, code, field] of [
    [{ strategy_code: 'nothing' }, 'UNKNOWN_STRATEGY', 'body.strategy_code'],
    [{ strategy_code: 'bracket' }, 'WRONG_PARAMETER', 'body.parameters.tickers'],
    [
      { strategy_code: 'bracket', parameters: { tickers: [ticker], stop: 96 } },
      'WRONG_PARAMETER',
      'body.parameters.stop',
    ],
    [
      { strategy_code: 'bracket', parameters: { tickers: [ticker], from: '2020-02-31' } },
      'WRONG_PARAMETER',
      'body.parameters.from',
    ],
    [{ strategy_code: 'bracket', parameters: { tickers: ['NOSUCH'] } }, 'UNKNOWN_SYMBOLS', 'body.parameters.tickers'],
  ] as const)
    expect((await page.post(`${at}/execute`, body)).body).toMatchObject({ code, field })
  const crossed = { strategy_code: 'sma-cross', parameters: { tickers: [ticker], fast: 30, slow: 10 } }
  expect((await page.post(`${at}/execute`, crossed)).body).toMatchObject({ code: 'WRONG_PARAMETER' })
  const reader = await program(api, desk, alice, 'read')
  const body = { strategy_code: 'bracket', parameters: { tickers: [ticker] } }
  expect(await reader.post(`${at}/execute`, body)).toMatchObject({ status: 403, body: { code: 'TOKEN_ONLY_READS' } })
  expect((await page.get('/api/strategies/runs')).body.items).toEqual([])
})

test('one key is one backtest; it is cancelled as a run, and a screen is no backtest', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const gate = gateBars(market)
  const body = { strategy_code: 'hold', parameters: { tickers: rising.slice(0, 1) } }
  const key = { 'idempotency-key': newKey() }
  const asked = await page.post(`${at}/execute`, body, key)
  expect((await page.post(`${at}/execute`, body, key)).body).toEqual(asked.body)
  const { run_id } = asked.body
  expect((await page.get(`${at}/runs/${run_id}/report`)).body.report).toBeNull()
  expect((await page.post(`/api/strategies/runs/${run_id}/cancel`, {})).body.cancelled).toBe(true)
  gate.open()
  expect(await ended(page, run_id)).toMatchObject({ status: 'cancelled' })
  expect((await page.get(`${at}/runs/${run_id}/curves`)).body).toMatchObject({ days: [], equity: [] })
  const screen = await page.post('/api/strategies/execute', { strategy_code: 'cross', parameters: { tickers: rising } })
  expect((await page.get(`${at}/runs/${screen.body.run_id}/report`)).status).toBe(404)
})
