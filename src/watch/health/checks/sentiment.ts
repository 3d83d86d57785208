import { sql } from 'kysely'
import { type Check, down, ok, warn } from '../check.ts'

/** Answers to the last questions of a day to each provider of headlines. */
export const sentiment: Check = {
  name: 'sentiment',
  of: 'desk',
  stops: 'Models decide without headlines: their values are 0, as they learned it for days without news.',
  async look({ db, market, clock }) {
    const sources = market.newsSources?.().map(({ name }) => name) ?? []
    if (sources.length === 0) return ok('no provider of headlines is connected')
    const from = new Date(clock.now().getTime() - 86_400_000)
    const { rows } = await sql<{ provider: string; asked: number; answered: number; fault: string | null }>`
      select provider, count(*)::int as asked, (count(*) filter (where answered_at >= asked_at))::int as answered,
        max(fault) as fault
      from sentiment_questions where asked_at > ${from} group by provider`.execute(db)
    const known = rows.filter(({ provider }) => sources.includes(provider))
    if (known.length === 0) return ok(`${sources.join(', ')}: nobody asked within a day`)
    const silent = known.filter(({ answered }) => answered === 0)
    if (silent.length === 0) return ok(`${known.map(({ provider }) => provider).join(', ')}: answered`)
    const because = silent[0]!.fault ?? 'no answer'
    const words = `${silent.map(({ provider }) => provider).join(', ')}: no answer within a day (${because})`
    return silent.length < known.length ? warn(words) : down(words)
  },
}
