import type { ColumnType, Generated } from 'kysely'

type Source = 'news' | 'reddit' | 'x'

/** The tables of sentiment: headlines, and the questions to their providers. */
export interface SentimentTables {
  sentiment_items: {
    id: Generated<number>
    symbol: string
    source: Source
    provider: string
    title: string
    title_key: string
    publisher: string
    url: string | null
    published_at: Date
    heard_at: Date
  }
  sentiment_questions: {
    symbol: string
    provider: string
    source: Source
    asked_at: Date
    answered_at: ColumnType<Date | null, Date | null | undefined, Date>
    fault: ColumnType<string | null, string | null | undefined, string | null>
  }
}
