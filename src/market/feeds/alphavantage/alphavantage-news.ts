import { z } from 'zod'
import { type NewsItem, type NewsSource, titleIn, webAddressIn } from '../../news.ts'
import type { AlphaVantageClient } from './alphavantage-client.ts'

/** A story that is hardly about the symbol does not count: its relevance, by Alpha Vantage, goes from 0 to 1. */
const leastRelevance = 0.25

const story = z.object({
  title: z.string(),
  url: z.string().optional(),
  /** UTC: `20261120T143000`. */
  time_published: z.string().regex(/^\d{8}T\d{6}$/),
  source: z.string().max(100).optional(),
  ticker_sentiment: z.array(z.object({ ticker: z.string(), relevance_score: z.coerce.number<string | number>() })),
})

/**
 * Alpha Vantage's headlines, of which only the titles are read: its own scores are of a scale that it does not explain. A free key has few requests a
 * day, and `reserve` of them are kept for bars.
 */
export function alphaVantageNews(client: Pick<AlphaVantageClient, 'ask'>, reserve: number): NewsSource {
  return {
    name: 'alphavantage',
    everyMs: 21_600_000,
    async news(symbol) {
      const answer = await client.ask(
        { function: 'NEWS_SENTIMENT', tickers: symbol, sort: 'LATEST', limit: '50' },
        reserve,
      )
      const feed = Array.isArray(answer?.feed) ? answer.feed : []
      return feed.flatMap((one) => itemIn(one, symbol) ?? [])
    },
  }
}

function itemIn(given: unknown, symbol: string): NewsItem | undefined {
  const parsed = story.safeParse(given)
  if (!parsed.success) return undefined
  const { source, time_published: time, ticker_sentiment: tickers } = parsed.data
  const isAbout = tickers.some(({ ticker, relevance_score }) => ticker === symbol && relevance_score >= leastRelevance)
  const title = titleIn(parsed.data.title)
  const publishedAt = new Date(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!title || !isAbout || Number.isNaN(publishedAt.getTime())) return undefined
  const url = webAddressIn(parsed.data.url)
  return { title, publisher: titleIn(source) ?? 'Alpha Vantage', publishedAt, ...(url && { url }) }
}
