import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { healthParts } from '../../../jobs/health.ts'
import { clock } from '../../../src/watch/health/checks/clock.ts'
import { models } from '../../../src/watch/health/checks/models.ts'
import { providers } from '../../../src/watch/health/checks/providers.ts'
import { sentiment } from '../../../src/watch/health/checks/sentiment.ts'
import { aapl } from '../../market/feeds/opened-yahoo.ts'
import { startYahooServer } from '../../platforms/yahoo-server.ts'
import { openTestDesk } from '../../support/desk.ts'
import { startPostgresServer } from '../../support/servers.ts'

/** Parts that are outside of the desk: providers, brokers' clocks, the database's server. */

const slow = { timeout: 120_000 }
const patience = { timeout: 60_000, interval: 25 }
const owner = { DESKHAND_OWNERS: 'slack:T1:OLGA' }

test('a provider that answers 500 is told to the owner once, and once that it is back', slow, async () => {
  const yahoo = await startYahooServer(Date.now)
  yahoo.symbols.set('AAPL', { quote: aapl })
  const desk = await openTestDesk({
    ...{ readsMarket: true, sources: { everyMs: 50, holdMs: 300 }, health: { everyMs: 60, soonMs: 30 } },
    environment: { MARKET: 'yahoo', YAHOO_API: yahoo.url, ...owner },
  })
  onTestFinished(async () => {
    await desk.close()
    await yahoo.close()
  })
  const told = () => desk.posted.map(({ text }) => text).filter((text) => /^🚨 (yahoo|HEALTH: prov)/.test(text))
  const seen = async () => (await providers.look(healthParts(desk.desk))).state
  const asking = async () => {
    await desk.desk.parts.market.quote('AAPL')
    return told()
  }
  await expect.poll(() => asking().then(seen), patience).toBe('ok')
  yahoo.breakDown({ status: 500, body: 'oops' })
  await expect.poll(asking, patience).toHaveLength(1)
  expect(told()[0]).toMatch(/^🚨 yahoo does not answer since .*500/)
  expect(await seen()).toBe('down')
  await expect
    .poll(() => desk.say('health'), patience)
    .toMatch(/\n✗ providers: yahoo: not connected \(.*500.*\) · for .*\. Without prices no stop, target/)
  yahoo.heal()
  await expect.poll(asking, patience).toHaveLength(2)
  expect(told()[1]).toContain('yahoo answers again')
  expect(await seen()).toBe('ok')
})

test('a broker whose clock differs is found by its Date header', slow, async () => {
  let aheadMs = 0
  const server = createServer((request, response) => {
    expect(request.headers.authorization).toBeUndefined()
    response.writeHead(404, { date: new Date(Date.now() + aheadMs).toUTCString() }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const desk = await openTestDesk({
    worker: false,
    environment: { ALPACA_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  })
  onTestFinished(async () => {
    await desk.close()
    server.closeAllConnections()
    server.close()
  })
  const parts = healthParts(desk.desk)
  const inUse = { ...parts, market: { ...parts.market, name: 'alpaca,hand' } }
  expect(await clock.look(inUse)).toMatchObject({ state: 'ok' })
  aheadMs = 20_000
  expect(await clock.look(inUse)).toEqual({
    state: 'down',
    words: expect.stringMatching(/^alpaca is (19|20)\.\d s ahead of/),
  })
  aheadMs = -5000
  expect(await clock.look(inUse)).toEqual({
    state: 'warn',
    words: expect.stringMatching(/^alpaca is [45]\.\d s behind/),
  })
  // One that is not in use is not asked.
  expect(await clock.look(parts)).toMatchObject({ state: 'ok' })
})

test('a model that is refused, and headlines that do not come, are down', slow, async () => {
  const desk = await openTestDesk({ worker: false, forecasterFolder: '/nowhere' })
  onTestFinished(() => desk.close())
  const parts = healthParts(desk.desk)
  expect(await models.look(parts)).toEqual({
    state: 'down',
    words: expect.stringMatching(/^the forecaster is refused: /),
  })
  expect(await sentiment.look(parts)).toEqual({ state: 'ok', words: 'no provider of headlines is connected' })
  parts.market.newsSources = () => [{ name: 'wire', everyMs: 60_000, news: async () => [] }]
  const question = { symbol: 'BYND', provider: 'wire', source: 'news' as const, asked_at: parts.clock.now() }
  await parts.db
    .insertInto('sentiment_questions')
    .values({ ...question, fault: 'it answered with 502' })
    .execute()
  const words = 'wire: no answer within a day (it answered with 502)'
  expect(await sentiment.look(parts)).toEqual({ state: 'down', words })
  await parts.db.updateTable('sentiment_questions').set({ answered_at: question.asked_at }).execute()
  expect(await sentiment.look(parts)).toEqual({ state: 'ok', words: 'wire: answered' })
})

test('a database that was away is told once when it is back', slow, async () => {
  const server = await startPostgresServer({ durable: true })
  const desk = await openTestDesk({
    ...{ databaseServer: server.url, environment: owner, health: { everyMs: 60, soonMs: 30 } },
  })
  onTestFinished(async () => {
    await desk.close()
    await server.stop()
  })
  const told = () => desk.posted.map(({ text }) => text).filter((text) => text.startsWith('🚨 HEALTH: database'))
  const looked = () => desk.desk.parts.db.selectFrom('health').select('name').where('name', '=', 'database').execute()
  await expect.poll(looked, patience).toHaveLength(1)
  let failures = 0
  const { log } = desk.desk.parts
  const error = log.error.bind(log)
  log.error = ((...said: Parameters<typeof error>) => {
    if (said[1] === 'the database does not answer: nothing can act') failures += 1
    error(...said)
  }) as typeof log.error
  await server.halt()
  await expect.poll(() => failures, patience).toBe(1)
  await server.start()
  await expect.poll(told, patience).toHaveLength(1)
  expect(told()[0]).toMatch(/^🚨 HEALTH: database is back after .* \(down since .*\): it answers\.$/)
  expect(failures).toBe(1)
})
