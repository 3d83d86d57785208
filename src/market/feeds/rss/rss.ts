import type { Clock } from '../../../base/clock.ts'
import { companyNames } from '../../company-names.ts'
import type { Market } from '../../market.ts'
import type { NewsItem, NewsSource } from '../../news.ts'
import { headlinesIn } from './headlines.ts'
import { FeedFault, readFeed } from './read-feed.ts'

/** Stands in an address for the symbol that is asked about. */
export const symbolMark = '{symbol}'
const everyMs = 900_000

/** Settings of feeds: `allowsPrivate` as for `readFeed`. */
interface FeedSettings {
  clock: Clock
  allowsPrivate: boolean
}

/**
 * The feeds of these addresses (RSS, Atom) as sources of headlines, each by the name of its host: `rss:news.example.com`. An address with
 * `{symbol}` is one feed a symbol, and all of it counts; of another feed those headlines count that name the symbol.
 */
export function rssFeeds(addresses: readonly string[], settings: FeedSettings): NewsSource[] {
  const hosts = addresses.map((address) => new URL(address.replaceAll(symbolMark, 'A')).host)
  return addresses.map((address, at) => {
    const earlier = hosts.slice(0, at).filter((host) => host === hosts[at]).length
    const name = `rss:${hosts[at]}${earlier > 0 ? `-${earlier + 1}` : ''}`
    return address.includes(symbolMark) ? feedOfSymbols(name, address, settings) : feedOfAll(name, address, settings)
  })
}

/** The market with these sources of headlines beside its own. */
export function withNews(market: Market, sources: readonly NewsSource[]): Market {
  if (sources.length === 0) return market
  return { ...market, newsSources: () => [...(market.newsSources?.() ?? []), ...sources] }
}

function feedOfSymbols(name: string, address: string, settings: FeedSettings): NewsSource {
  return {
    ...{ name, everyMs },
    news: (symbol) => read(address.replaceAll(symbolMark, encodeURIComponent(symbol)), settings),
  }
}

/** One reading serves all symbols for its time. */
function feedOfAll(name: string, address: string, settings: FeedSettings): NewsSource {
  let last: { at: number; items: Promise<NewsItem[]> } | undefined
  const latest = (): Promise<NewsItem[]> => {
    const now = settings.clock.now().getTime()
    if (last && now - last.at < everyMs) return last.items
    const own = { at: now, items: read(address, settings) }
    last = own
    own.items.catch(() => {
      if (last === own) last = undefined
    })
    return own.items
  }
  return { ...{ name, everyMs }, news: async (symbol) => (await latest()).filter(({ title }) => names(title, symbol)) }
}

async function read(address: string, { allowsPrivate }: FeedSettings): Promise<NewsItem[]> {
  const url = new URL(address)
  const items = headlinesIn(await readFeed(url, allowsPrivate), url.host)
  if (!items) throw new FeedFault(`${url.host} has no feed there that can be read`)
  return items
}

/** Does a title name a symbol: as `$AAPL`, `(AAPL)`, `NASDAQ: AAPL`, or by a name of its company as the list of names writes it? */
export function names(title: string, symbol: string): boolean {
  const exact = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const marked = new RegExp(`\\$${exact(symbol)}(?![\\w.])|(\\(|[A-Z]{3,8}: ?)${exact(symbol)}(?![\\w.]\\w)\\b`)
  if (marked.test(title)) return true
  return (companyNames.get(symbol) ?? []).some((name) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${exact(name)}(?![\\p{L}\\p{N}])`, 'u').test(title),
  )
}
