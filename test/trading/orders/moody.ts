import type { Clock } from '../../../src/base/clock.ts'
import type { NoAnswer, Venue } from '../../../src/venues/venue.ts'
import { refused, unanswered } from '../../support/venue-answers.ts'

/** A venue that has bad days: one fate for each call, and then it takes them all, also what it refused before. */
export function moody(paper: Venue, drawn: () => string | undefined): Venue {
  const taken = new Set<string>()
  return {
    ...paper,
    async submit(order) {
      const fate = drawn()
      const id = order.clientOrderId
      if (fate === 'refused' && !taken.has(id)) return refused('the venue refuses')
      if (fate === 'lost') return unanswered()
      taken.add(id)
      const answer = await paper.submit(order)
      return fate === 'answer lost' ? unanswered() : answer
    },
  }
}

/** The same for taking orders back and moving them: a venue does not refuse that, but it may lose it, or the answer. */
export function moodyThroughout(paper: Venue, drawn: () => string | undefined): Venue {
  const moodily = async <Answer>(act: () => Promise<Answer>): Promise<Answer | NoAnswer> => {
    const fate = drawn()
    if (fate === 'lost' || fate === 'refused') return unanswered()
    const answer = await act()
    return fate === 'answer lost' ? unanswered() : answer
  }
  return {
    ...moody(paper, drawn),
    cancel: (order) => moodily(() => paper.cancel(order)),
    replace: (order, price) => moodily(() => paper.replace(order, price)),
  }
}

/** Runs at twenty times the speed of the machine's clock: a wait of ten seconds takes half a second. */
export function hurriedClock(scale: number): Clock {
  const begun = Date.now()
  return { scale, now: () => new Date(begun + (Date.now() - begun) * 20) }
}
