import { Refusal } from '../../../base/refusal.ts'
import { within } from '../../../market/feeds/shared/within.ts'
import { instrumentNamed } from '../../../market/held-symbols.ts'
import { gatherSentiment, type Sentiment, sentimentNow } from '../../../prediction/sentiment/gather.ts'
import { sentimentNames, sentimentSources } from '../../../prediction/sentiment/names.ts'
import type { Sentiment as Answer } from '../../contract/sentiment.ts'
import type { Handlers } from '../context.ts'

/** A request waits no longer for providers, in milliseconds; what they say afterwards is in the next answer. */
const waitMs = 4000
const mostItems = 10
const [hourMs, weekMs] = [3_600_000, 7 * 86_400_000]

export const sentimentReads: Pick<Handlers, 'sentiment'> = {
  async sentiment({ parts }, { params }) {
    const { market } = parts
    const instrument = await instrumentNamed(market, params.symbol)
    if (!instrument) {
      const sentence = `The market in use (${market.name}) does not know ${params.symbol}.`
      return new Refusal('UNKNOWN_SYMBOL', sentence, 'See /api/instruments?like=')
    }
    await within(gatherSentiment(parts, instrument.symbol), waitMs)
    return answerOf(instrument.symbol, await sentimentNow(parts, instrument.symbol))
  },
}

function answerOf(symbol: string, { at, values, available, asked, items }: Sentiment): Answer {
  return {
    symbol,
    at: at.toISOString(),
    values: Object.fromEntries(sentimentNames.map((name, nth) => [name, values[nth]!])),
    sources: sentimentSources.map((source) => {
      const own = source === 'all' ? items : items.filter((item) => item.source === source)
      const newest = own[0]?.publishedAt
      return {
        source,
        available: source === 'all' ? available.size > 0 : available.has(source),
        items: own.filter(({ publishedAt }) => at.getTime() - publishedAt < weekMs).length,
        newestAt: newest === undefined ? null : new Date(newest).toISOString(),
        ageHours: newest === undefined ? null : Math.round(((at.getTime() - newest) / hourMs) * 100) / 100,
      }
    }),
    providers: asked.map(({ provider, source, askedAt, answeredAt, fault }) => ({
      ...{ name: provider, source, fault },
      ...{ askedAt: askedAt.toISOString(), answeredAt: answeredAt?.toISOString() ?? null },
    })),
    items: items.slice(0, mostItems).map(({ source, title, publisher, url, publishedAt, score }) => ({
      ...{ source, title, publisher, url, score },
      publishedAt: new Date(publishedAt).toISOString(),
    })),
  }
}
