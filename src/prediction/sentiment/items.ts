import { createHash } from 'node:crypto'
import type { Db } from '../../infra/db/client.ts'
import type { NewsItem } from '../../market/news.ts'
import type { SentimentSource } from './names.ts'
import { scoreOf } from './score.ts'
import { daysUsed, type ScoredItem } from './values.ts'

const dayMs = 86_400_000

/** A kept item with its score by the present lexicon. */
export interface SentimentItem extends ScoredItem {
  title: string
  provider: string
  url: string | null
}

/**
 * Keeps items, each headline of a source once for a symbol, whichever provider had it first. A time of publishing that is still
 * to come is a fault of the provider: the moment when it was heard counts instead.
 */
export async function keepItems(
  db: Db,
  {
    symbol,
    provider,
    source,
    heardAt,
  }: { symbol: string; provider: string; source: Exclude<SentimentSource, 'all'>; heardAt: Date },
  items: readonly NewsItem[],
): Promise<void> {
  if (items.length === 0) return
  const rows = items.map(({ title, publisher, url, publishedAt }) => ({
    ...{ symbol, provider, source, title, publisher, url: url ?? null },
    ...{ title_key: keyOf(title), published_at: publishedAt > heardAt ? heardAt : publishedAt, heard_at: heardAt },
  }))
  const once = [...new Map(rows.toReversed().map((row) => [row.title_key, row])).values()]
  // Two providers that bring the same headlines wait for each other in one order.
  once.sort((a, b) => (a.title_key < b.title_key ? -1 : 1))
  await db
    .insertInto('sentiment_items')
    .values(once)
    .onConflict((conflict) => conflict.columns(['symbol', 'source', 'title_key']).doNothing())
    .execute()
}

/** Headlines that differ in letter case, marks and blanks are the same. */
function keyOf(title: string): string {
  const plain = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return createHash('sha256').update(plain).digest('hex').slice(0, 32)
}

/** The items of 30 days that had been published, and had been heard of, at a moment; newest first. */
export async function itemsKnownAt(db: Db, symbol: string, at: Date): Promise<SentimentItem[]> {
  const rows = await db
    .selectFrom('sentiment_items')
    .where('symbol', '=', symbol)
    .where('published_at', '<=', at)
    .where('published_at', '>', new Date(at.getTime() - daysUsed * dayMs))
    .where('heard_at', '<=', at)
    .select(['source', 'provider', 'title', 'publisher', 'url', 'published_at'])
    .orderBy('published_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(({ published_at, ...row }) => ({
    ...row,
    publishedAt: published_at.getTime(),
    ...scoreOf(row.title),
  }))
}
