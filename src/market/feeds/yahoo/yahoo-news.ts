import { z } from 'zod'
import { type NewsItem, type NewsSource, titleIn, webAddressIn } from '../../news.ts'
import type { YahooClient } from './yahoo-client.ts'
import { deskSymbol, yahooSymbol } from './yahoo-quotes.ts'

const story = z.object({
  title: z.string(),
  publisher: z.string().max(100).optional(),
  link: z.string().optional(),
  /** Unix seconds. */
  providerPublishTime: z.number().int().positive().max(1e11),
  relatedTickers: z.array(z.string()).optional(),
})

/** Yahoo's headlines. Its search also finds stories about others: only those count that name the symbol. */
export function yahooNews(client: Pick<YahooClient, 'news'>): NewsSource {
  return {
    name: 'yahoo',
    everyMs: 900_000,
    news: async (symbol) => {
      const stories = await client.news(yahooSymbol(symbol))
      return stories.flatMap((one) => itemIn(one, symbol) ?? [])
    },
  }
}

function itemIn(given: unknown, symbol: string): NewsItem | undefined {
  const parsed = story.safeParse(given)
  if (!parsed.success) return undefined
  const { publisher, link, providerPublishTime, relatedTickers = [] } = parsed.data
  const title = titleIn(parsed.data.title)
  if (!title || !relatedTickers.some((ticker) => deskSymbol(ticker) === symbol)) return undefined
  const url = webAddressIn(link)
  return {
    title,
    publisher: titleIn(publisher) ?? 'Yahoo',
    publishedAt: new Date(providerPublishTime * 1000),
    ...(url && { url }),
  }
}
