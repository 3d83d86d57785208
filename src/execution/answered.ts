import { setTimeout as wait } from 'node:timers/promises'
import { VenueError } from '../venue/venue.ts'

/** A venue that has not answered after this long is asked again; what it says later is found then. */
const patienceMs = 1000

/** What the venue answers, if it does so soon; throws a `VenueError` otherwise. */
export async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const late = new AbortController()
  try {
    return await Promise.race([answer, silence(late.signal)])
  } finally {
    late.abort()
  }
}

async function silence(signal: AbortSignal): Promise<never> {
  await wait(patienceMs, undefined, { signal }).catch(() => {})
  throw new VenueError('unknown', 'the venue does not answer')
}
