import { expect, onTestFinished, test } from 'vitest'
import { openAlphaVantage } from '../../../src/market/feeds/alphavantage/alphavantage.ts'
import { inPreference } from '../../../src/market/preference.ts'
import { gatherSentiment, sentimentNow } from '../../../src/prediction/sentiment/gather.ts'
import { itemsKnownAt } from '../../../src/prediction/sentiment/items.ts'
import { sentimentNames } from '../../../src/prediction/sentiment/names.ts'
import { type Ground, grounds } from '../../market/feeds/opened.ts'
import { aapl, asked, openedYahoo, seconds } from '../../market/feeds/opened-yahoo.ts'
import { startAlphaVantageServer, usedUp } from '../../platforms/alphavantage-server.ts'

const ground = grounds()
const key = 'K7DEMOKEY42'
const minute = 60_000

const yahooStory = (title: string, at: string, more: object = {}) => ({
  ...{ uuid: title, title, publisher: 'Reuters', link: 'https://example.com/story', type: 'STORY' },
  ...{ providerPublishTime: seconds(at), relatedTickers: ['AAPL'], ...more },
})
const feedStory = (title: string, time: string, relevance = '0.9') => ({
  ...{ title, url: 'https://example.com/av', time_published: time, source: 'Benzinga', overall_sentiment_score: 0.1 },
  ticker_sentiment: [{ ticker: 'AAPL', relevance_score: relevance, ticker_sentiment_score: '0.2' }],
})

/** Yahoo and Alpha Vantage as one market, with stories about Apple. */
async function opened(): Promise<{
  on: Ground
  yahoo: Awaited<ReturnType<typeof openedYahoo>>['server']
  alpha: Awaited<ReturnType<typeof startAlphaVantageServer>>
  parts: Parameters<typeof gatherSentiment>[0]
}> {
  const on = await ground()
  await on.db.deleteFrom('sentiment_items').execute()
  await on.db.deleteFrom('sentiment_questions').execute()
  const { server: yahoo, market: first } = await openedYahoo(on)
  const alpha = await startAlphaVantageServer(key)
  onTestFinished(() => alpha.close())
  const second = await openAlphaVantage(
    { ...on, spacingMs: 0, timeoutMs: 1000, budget: { source: 'alphavantage', perDay: 25, perMinute: 1000 } },
    { alphavantage: { api: alpha.url, key } },
  )
  onTestFinished(() => second.close())
  yahoo.symbols.set('AAPL', {
    quote: aapl,
    news: [
      yahooStory('Apple shares surge after earnings beat', '2026-11-20T12:00:00Z'),
      yahooStory('Apple\u0000  recalls\nchargers over fire risk', '2026-11-18T12:00:00Z', {
        publisher: undefined,
        link: 'javascript:alert(1)',
      }),
      yahooStory('Microsoft beats estimates', '2026-11-20T11:00:00Z', { relatedTickers: ['MSFT'] }),
      yahooStory('Somebody beats estimates', '2026-11-20T11:00:00Z', { relatedTickers: undefined }),
      { title: 7, providerPublishTime: 'soon' },
    ],
  })
  alpha.symbols.set('AAPL', {
    ...{ price: '268.50', tradingDay: '2026-11-19' },
    feed: [
      feedStory('APPLE SHARES SURGE, after earnings beat!', '20261120T121500'),
      feedStory('Apple wins patent case', '20261119T090000'),
      feedStory('Ten funds that hold Apple', '20261119T090000', '0.05'),
      feedStory('Apple to fall tomorrow', '20991231T000000'),
    ],
  })
  return { on, yahoo, alpha, parts: { ...on, market: inPreference([first, second], on) } }
}

const titles = (items: readonly { title: string }[]) => items.map(({ title }) => title)
const search = '/v1/finance/search'

test('headlines of all connected providers are kept once, and make the values', async () => {
  const { on, parts } = await opened()
  await gatherSentiment(parts, 'AAPL')
  const { values, items, available, asked: questions } = await sentimentNow(parts, 'AAPL')
  // A headline from the future counts from the moment when it was heard.
  expect(titles(items)).toEqual([
    'Apple to fall tomorrow',
    'Apple shares surge after earnings beat',
    'Apple wins patent case',
    'Apple recalls chargers over fire risk',
  ])
  expect(items.map(({ publisher, url, score }) => [publisher, url, Math.sign(score)])).toEqual([
    ['Benzinga', 'https://example.com/av', -1],
    ['Reuters', 'https://example.com/story', 1],
    ['Benzinga', 'https://example.com/av', 1],
    ['Yahoo', null, -1],
  ])
  expect(items[0]!.publishedAt).toBe(on.clock.now().getTime())
  expect([...available]).toEqual(['news'])
  expect(questions.map(({ provider, fault }) => [provider, fault])).toEqual([
    ['alphavantage', null],
    ['yahoo', null],
  ])
  const value = (name: string) => values[sentimentNames.indexOf(name)]
  expect([value('news_available'), value('reddit_available'), value('all_available')]).toEqual([1, 0, 1])
  expect(value('news_count_7d')).toBeCloseTo(Math.log(5), 12)
  expect(value('all_positive_7d')).toBe(0.5)
})

test('a provider is asked once in its time, however many want it at once, and a decision knows only what had been heard by then', async () => {
  const { on, yahoo, alpha, parts } = await opened()
  await Promise.all(Array.from({ length: 5 }, () => gatherSentiment(parts, 'AAPL')))
  expect([asked(yahoo, search), alpha.used]).toEqual([1, 1])
  const before = on.clock.now()
  on.clock.advance(16 * minute)
  yahoo.symbols.set('AAPL', { quote: aapl, news: [yahooStory('Apple halts production', '2026-11-20T14:00:00Z')] })
  await gatherSentiment(parts, 'AAPL')
  expect([asked(yahoo, search), alpha.used]).toEqual([2, 1])
  expect(titles((await sentimentNow(parts, 'AAPL')).items)).toContain('Apple halts production')
  // It had been published before, and nobody here knew it.
  expect(titles(await itemsKnownAt(on.db, 'AAPL', before))).not.toContain('Apple halts production')
})

test('faults are told without the key, asked about again after a quarter of an hour, and after a day without an answer nothing is available', async () => {
  const { on, yahoo, alpha, parts } = await opened()
  await gatherSentiment(parts, 'AAPL')
  on.clock.advance(23 * 60 * minute)
  yahoo.breakDown({ status: 500, body: 'no' })
  alpha.instead(usedUp(key))
  await gatherSentiment(parts, 'AAPL')
  const then = await sentimentNow(parts, 'AAPL')
  expect(then.asked.map(({ fault }) => fault)).toEqual([
    expect.stringContaining('25 requests per day'),
    'Yahoo answered with 500',
  ])
  expect(JSON.stringify([then.asked, on.logged])).not.toContain(key)
  expect(then.available.size).toBe(1)
  on.clock.advance(2 * 60 * minute)
  const later = await sentimentNow(parts, 'AAPL')
  expect(later.available.size).toBe(0)
  expect(later.values.every((value) => value === 0)).toBe(true)
  yahoo.heal()
  await gatherSentiment(parts, 'AAPL')
  expect((await sentimentNow(parts, 'AAPL')).available.size).toBe(1)
})

test('a question whose process ended before the answer is asked again after a quarter of an hour', async () => {
  const { on, alpha, parts } = await opened()
  const key = { symbol: 'AAPL', provider: 'alphavantage', source: 'news' as const }
  await on.db
    .insertInto('sentiment_questions')
    .values({ ...key, asked_at: on.clock.now() })
    .execute()
  on.clock.advance(14 * minute)
  await gatherSentiment(parts, 'AAPL')
  expect(alpha.used).toBe(0)
  on.clock.advance(minute)
  await gatherSentiment(parts, 'AAPL')
  expect(alpha.used).toBe(1)
})

test('without a provider of news there is no sentiment, and nobody is asked', async () => {
  const on = await ground()
  await gatherSentiment({ ...on, market: {} }, 'BYND')
  const { values, asked: questions, available } = await sentimentNow(on, 'BYND')
  expect([values.some((value) => value !== 0), questions, available.size]).toEqual([false, [], 0])
})
