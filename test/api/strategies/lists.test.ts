import { expect } from 'vitest'
import { apiTest, newKey, program, signIn } from '../serve.ts'

// Nobody works in this file, so what is queued waits.
const { test } = apiTest({ worker: false, environment: { MAX_QUEUE_SIZE: '30' } })
const at = '/api/strategies'
const parameters = { tickers: ['BYND'] }

test('a sweep queues a run for each value, once for its key, or none at all', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const body = { strategy_code: 'breakout', parameters, parameter: 'min-score', values: [60, '70'] }
  const key = { 'idempotency-key': newKey() }
  const swept = await page.post(`${at}/sweep`, body, key)
  expect(swept).toMatchObject({ status: 200, body: { runs: [{ value: 60 }, { value: 70, status: 'queued' }] } })
  expect((await page.post(`${at}/sweep`, body, key)).body).toEqual(swept.body)
  const wrong = await page.post(`${at}/sweep`, { ...body, values: [60, 170] })
  expect(wrong).toMatchObject({ status: 400, body: { code: 'WRONG_PARAMETER', field: 'body.values' } })
  for (const [more, field] of [
    [{ values: [70, 70] }, 'body.values'],
    [{ values: [1, 2], parameter: 'wat' }, 'body.parameter'],
    [{ parameters: { max_workers: 90 } }, 'body.parameters.max_workers'],
    [{ strategy_code: 'brakout' }, 'body.strategy_code'],
  ] as const)
    expect((await page.post(`${at}/sweep`, { ...body, ...more })).body).toMatchObject({ field })
  expect((await page.get(`${at}/runs`)).body.items).toHaveLength(2)
  const [stats] = (await page.get(`${at}/stats`)).body.items
  expect(stats).toMatchObject({ strategy_code: 'bullish_breakout', runs: 2, completed: 0, median_seconds: null })
})

test('a template is kept, replaced and dropped, as in chat, by its member alone', async ({ api, alice, bob }) => {
  const page = await signIn(api, alice)
  const other = await signIn(api, bob)
  const body = { name: 'tight', strategy_code: 'breakout', parameters: { min_score: 80 } }
  expect((await page.post(`${at}/templates`, body)).body).toMatchObject({ name: 'tight', replaced: false })
  const again = await page.post(`${at}/templates`, { ...body, parameters: { min_score: '85' } })
  expect(again.body).toMatchObject({ replaced: true, parameters: { min_score: 85 } })
  expect(await alice.say('templates')).toContain(
    '`tight` · Bullish breakout · all symbols of the market · min_score 85',
  )
  expect((await page.get(`${at}/templates`)).body.items).toMatchObject([{ name: 'tight' }])
  expect((await other.get(`${at}/templates`)).body.items).toEqual([])
  expect((await other.del(`${at}/templates/tight`)).status).toBe(404)
  expect((await page.post(`${at}/templates`, { ...body, name: 'a b' })).body.code).toBe('TEMPLATE_NAME')
  expect((await page.del(`${at}/templates/tight`)).body.said).toEqual(['✓ The template `tight` is gone.'])
  expect((await page.get(`${at}/templates`)).body.items).toEqual([])
})

test('a schedule is made, listed and ended; a token sees those of its account, and one that only reads makes none', async ({
  api,
  desk,
  alice,
}) => {
  await alice.say('long BYND 10 @ 1')
  const page = await signIn(api, alice)
  const body = { strategy_code: 'breakout', parameters, days: 'weekdays', local_time: '16:15' }
  const made = await page.post(`${at}/schedules`, body)
  expect(made.body).toMatchObject({ number: 1, days: 'weekdays', local_time: '16:15', zone: 'America/New_York' })
  expect(Date.parse(made.body.next_at)).toBeGreaterThan(Date.now())
  for (const [wrong, field] of [
    [{ local_time: '25:99' }, 'body.local_time'],
    [{ zone: 'Moon/Base' }, 'body.zone'],
    [{ parameters: { min_score: 300 } }, 'body.parameters.min_score'],
    [{ strategy_code: 'nothing' }, 'body.strategy_code'],
  ] as const)
    expect((await page.post(`${at}/schedules`, { ...body, ...wrong })).body).toMatchObject({ field })
  const unknown = await page.post(`${at}/schedules`, { template: 'none', days: 'monday', local_time: '10:00' })
  expect(unknown).toMatchObject({ body: { code: 'NO_SUCH_TEMPLATE' } })
  const reader = await program(api, desk, alice, 'read')
  expect((await reader.get(`${at}/schedules`)).body.items).toHaveLength(1)
  expect(await reader.post(`${at}/schedules`, body)).toMatchObject({ status: 403, body: { code: 'TOKEN_ONLY_READS' } })
  await alice.say('account new paper swing $50,000')
  const accounts = (await page.get('/api/me')).body.accounts
  const other = await page.post(`${at}/schedules?account=${accounts[1].id}`, body)
  expect(other.body).toMatchObject({ number: 2, account: accounts[1].id })
  expect((await reader.get(`${at}/schedules`)).body.items).toHaveLength(1)
  const robot = await program(api, desk, alice)
  expect((await robot.del(`${at}/schedules/2`)).body.code).toBe('NO_SUCH_SCHEDULE')
  expect((await page.del(`${at}/schedules/2`)).body.said).toEqual(['✓ Ended: schedule 2.'])
  expect((await page.del(`${at}/schedules/2`)).body.code).toBe('NO_SUCH_SCHEDULE')
  expect(await alice.say('screen schedules')).toContain('SCHEDULE 1 · Bullish breakout')
})
