import { askHealth } from '../../../watch/health/ask-health.ts'
import type { Handlers } from '../context.ts'

export const healthReads: Pick<Handlers, 'health'> = {
  async health({ parts }) {
    const { state, isUnwatched, parts: seen } = await askHealth(parts)
    return {
      state,
      watched: !isUnwatched,
      parts: seen.map(({ name, machine, state, words, since, lookedAt, stops }) => ({
        ...{ name, machine: machine ?? null, state, words, stops },
        ...{ since: since.toISOString(), looked_at: lookedAt.toISOString() },
      })),
    }
  },
}
