import { expect } from 'vitest'
import { sentimentNames } from '../../src/prediction/sentiment/names.ts'
import { apiTest, signIn } from './serve.ts'

const { test } = apiTest({ worker: false })

test('the sentiment of a symbol is 72 values by name, with sources, ages and the headlines that they are of', async ({
  api,
  desk,
  alice,
}) => {
  const { market, clock, db } = desk.desk.parts
  const page = await signIn(api, alice)
  const without = (await page.get('/api/sentiment/bynd')).body
  expect(Object.keys(without.values)).toEqual(sentimentNames)
  expect(Object.values(without.values).every((value) => value === 0)).toBe(true)
  expect(without).toMatchObject({ symbol: 'BYND', providers: [], items: [] })
  expect(without.sources.map(({ available }: { available: boolean }) => available)).toEqual([
    false,
    false,
    false,
    false,
  ])

  const hour = 3_600_000
  const publishedAt = new Date(clock.now().getTime() - 5 * hour)
  let isAway = false
  market.newsSources = () => [
    {
      ...{ name: 'wire', everyMs: hour },
      news: async () => {
        if (isAway) throw new Error('password=hunter2 is refused')
        return [{ title: '<b>Beyond Meat beats estimates</b> @everyone', publisher: 'Reuters', publishedAt }]
      },
    },
  ]
  try {
    const { body } = await page.get('/api/sentiment/BYND')
    expect(body.values).toMatchObject({ news_available: 1, all_available: 1, x_available: 0, news_positive_7d: 1 })
    expect(body.sources[0]).toMatchObject({
      source: 'news',
      available: true,
      items: 1,
      newestAt: publishedAt.toISOString(),
    })
    expect(body.sources[0].ageHours).toBeCloseTo(5, 1)
    expect(body.items).toMatchObject([{ title: '<b>Beyond Meat beats estimates</b> @everyone', url: null }])
    expect(body.items[0].score).toBeGreaterThan(0)
    expect(body.providers).toMatchObject([{ name: 'wire', fault: null }])

    expect(await alice.say('sources')).toMatch(/\n· news from wire \(heard \d+ s ago\)/)

    // A fault is told in words for people, and what is known stays.
    isAway = true
    await db
      .updateTable('sentiment_questions')
      .set({ asked_at: new Date(clock.now().getTime() - 2 * hour) })
      .execute()
    const after = (await page.get('/api/sentiment/BYND')).body
    expect(after.providers).toMatchObject([{ fault: 'There was no usable answer' }])
    expect(after.values.news_available).toBe(1)
    expect(await alice.say('sources')).toContain('\n· news from wire (no answer: There was no usable answer)')
  } finally {
    delete market.newsSources
  }
  expect((await page.get('/api/sentiment/NONE')).status).toBe(404)
})
