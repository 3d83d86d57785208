import { setTimeout as wait } from 'node:timers/promises'
import { VenueError } from '../venue/venue.ts'

/** A venue that has not answered after this long is asked again; what it says later is found then. */
const patienceMs = 1000

/** What the venue answers, if it does so within `withinMs`; throws a `VenueError` otherwise. */
export async function answered<Answer>(answer: Promise<Answer>, withinMs = patienceMs): Promise<Answer> {
  const late = new AbortController()
  try {
    return await Promise.race([answer, silence(withinMs, late.signal)])
  } finally {
    late.abort()
  }
}

async function silence(ms: number, signal: AbortSignal): Promise<never> {
  await wait(ms, undefined, { signal }).catch(() => {})
  throw new VenueError('unknown', 'the venue does not answer')
}
