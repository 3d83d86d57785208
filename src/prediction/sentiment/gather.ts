import { sql } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Market } from '../../market/market.ts'
import type { NewsSource } from '../../market/news.ts'
import { itemsKnownAt, keepItems, type SentimentItem } from './items.ts'
import type { SentimentSource } from './names.ts'
import { sentimentValues } from './values.ts'

/** A provider that has not answered for so long says nothing of the present any more. */
const currentMs = 86_400_000
/** After a fault, or when a process ended before the answer, it is asked again this soon, in milliseconds. */
const againMs = 900_000

interface Parts {
  db: Db
  clock: Clock
  market: Pick<Market, 'newsSources'>
  log?: { warn(fields: object, message: string): void }
}

/** The last questions to a provider about a symbol. */
export interface Asked {
  provider: string
  source: Exclude<SentimentSource, 'all'>
  askedAt: Date
  answeredAt: Date | null
  /** The words of the last fault; null when it answered. */
  fault: string | null
}

/** The sentiment of a symbol at a moment. */
export interface Sentiment {
  at: Date
  /** The 72 values, in the order of `sentimentNames`. */
  values: Float64Array
  /** Sources with an answer of the last day. */
  available: ReadonlySet<SentimentSource>
  asked: Asked[]
  /** The items of 30 days, newest first. */
  items: SentimentItem[]
}

/** Asks the connected providers for news of a symbol, those that it is time to ask again. Their faults are kept, and not thrown. */
export async function gatherSentiment(parts: Parts, symbol: string): Promise<void> {
  await Promise.all((parts.market.newsSources?.() ?? []).map((source) => askOnce(parts, source, symbol)))
}

/** The sentiment as it is known now. It asks nobody. */
export async function sentimentNow({ db, clock }: Pick<Parts, 'db' | 'clock'>, symbol: string): Promise<Sentiment> {
  const at = clock.now()
  const asked = await askedAbout(db, symbol)
  const items = await itemsKnownAt(db, symbol, at)
  const current = asked.filter(({ answeredAt }) => answeredAt && at.getTime() - answeredAt.getTime() < currentMs)
  const available = new Set<SentimentSource>(current.map(({ source }) => source))
  return { at, asked, items, available, values: sentimentValues(items, at.getTime(), available) }
}

/** Several processes may want the same news: the one whose row says that it asks does ask. */
async function askOnce({ db, clock, log }: Parts, source: NewsSource, symbol: string): Promise<void> {
  const now = clock.now()
  const [before, afterFault] = [source.everyMs, Math.min(source.everyMs, againMs)].map(
    (ms) => new Date(now.getTime() - ms),
  )
  const key = { symbol, provider: source.name, source: 'news' as const }
  const claimed = await db
    .insertInto('sentiment_questions')
    .values({ ...key, asked_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['symbol', 'provider'])
        .doUpdateSet({ asked_at: now })
        .where(
          sql<boolean>`sentiment_questions.asked_at <= case when sentiment_questions.answered_at >= sentiment_questions.asked_at
            then ${before}::timestamptz else ${afterFault}::timestamptz end`,
        ),
    )
    .returning('asked_at')
    .executeTakeFirst()
  if (!claimed) return
  const end = (outcome: { answered_at?: Date; fault: string | null }) =>
    db
      .updateTable('sentiment_questions')
      .set(outcome)
      .where('symbol', '=', symbol)
      .where('provider', '=', source.name)
      .execute()
  try {
    const items = await source.news(symbol)
    const heardAt = clock.now()
    await keepItems(db, { ...key, heardAt }, items)
    await end({ answered_at: heardAt, fault: null })
  } catch (cause) {
    log?.warn({ err: cause, symbol, provider: source.name }, 'no news of a symbol')
    await end({ fault: wordsOf(cause) })
  }
}

/** The words of a provider's fault are for people; those of other errors are for the log. */
const wordsOf = (cause: unknown): string =>
  cause instanceof Error && cause.name.endsWith('Fault') ? cause.message.slice(0, 300) : 'There was no usable answer'

/** The last answer of each provider about any symbol, and the words of its last fault where its newest question has none. */
export async function newsHeard(db: Db): Promise<Map<string, { answeredAt?: Date; fault?: string }>> {
  const { rows } = await sql<{ provider: string; answered_at: Date | null; fault: string | null }>`
    select provider, max(answered_at) as answered_at, (array_agg(fault order by asked_at desc))[1] as fault
    from sentiment_questions group by provider`.execute(db)
  return new Map(
    rows.map(({ provider, answered_at, fault }) => [
      provider,
      { ...(answered_at && { answeredAt: answered_at }), ...(fault !== null && { fault }) },
    ]),
  )
}

async function askedAbout(db: Db, symbol: string): Promise<Asked[]> {
  const rows = await db
    .selectFrom('sentiment_questions')
    .where('symbol', '=', symbol)
    .selectAll()
    .orderBy('provider')
    .execute()
  return rows.map(({ provider, source, asked_at, answered_at, fault }) => ({
    ...{ provider, source, fault },
    ...{ askedAt: asked_at, answeredAt: answered_at },
  }))
}
