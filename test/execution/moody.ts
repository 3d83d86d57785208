import type { Clock } from '../../src/clock.ts'
import { type Venue, VenueError } from '../../src/venue/venue.ts'

/** A venue that has bad days: one fate for each call, and then it takes them all, also what it refused before. */
export function moody(paper: Venue, drawn: () => string | undefined): Venue {
  const taken = new Set<string>()
  return {
    ...paper,
    async submit(order) {
      const fate = drawn()
      const id = order.clientOrderId
      if (fate === 'refused' && !taken.has(id)) throw new VenueError('rejected', 'the venue refuses')
      if (fate === 'lost') throw new VenueError('unknown', 'the connection was lost')
      taken.add(id)
      const fill = await paper.submit(order)
      if (fate === 'answer lost') throw new VenueError('unknown', 'the connection was lost')
      return fill
    },
  }
}

/** The same for taking orders back and moving them: a venue does not refuse that, but it may lose it, or the answer. */
export function moodyThroughout(paper: Venue, drawn: () => string | undefined): Venue {
  const moodily = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    const fate = drawn()
    if (fate === 'lost' || fate === 'refused') throw new VenueError('unknown', 'the connection was lost')
    const answer = await act()
    if (fate === 'answer lost') throw new VenueError('unknown', 'the connection was lost')
    return answer
  }
  return {
    ...moody(paper, drawn),
    cancel: (id) => moodily(() => paper.cancel(id)),
    move: (id, price) => moodily(() => paper.move(id, price)),
  }
}

/** Runs twenty times as fast as the machine's clock: what the desk asks for again after ten seconds, it does after half of one. */
export function hurriedClock(scale: number): Clock {
  const begun = Date.now()
  return { scale, now: () => new Date(begun + (Date.now() - begun) * 20) }
}
