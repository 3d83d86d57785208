/** `warn` limits something, or soon will; `down` stops something now. */
export type HealthState = 'ok' | 'warn' | 'down'

/** What one look at a part of the desk has seen. */
export interface Seen {
  state: HealthState
  /** The finding with its figure, without a secret. */
  words: string
}

/** A part of the desk over all looks so far. */
export interface Followed extends Seen {
  /** Since when it is in this state. */
  since: Date
  /** Looks in a row that found it down, or found it not down. */
  looks: number
  /** People were told that it is down, and not yet that it is back. */
  isTold: boolean
  /** The moment from which on it was down, as people were told. */
  downSince?: Date
}

/** The news of a look. */
export type HealthNews = 'down' | 'back' | undefined

/** So many looks in a row make sure: one that failed, or one that succeeded in between, is no news. */
const surely = 2

/** Takes one more look. A check that is certain, such as a failed backup, needs no second one to be believed. */
export function follow(
  before: Followed | undefined,
  seen: Seen,
  now: Date,
  isCertain = false,
): { followed: Followed; news: HealthNews } {
  const isDown = seen.state === 'down'
  const since = before?.state === seen.state ? before.since : now
  const looks = before && (before.state === 'down') === isDown ? before.looks + 1 : 1
  const wasTold = before?.isTold ?? false
  const isSure = isCertain || looks >= surely
  const news = !isSure || isDown === wasTold ? undefined : isDown ? 'down' : 'back'
  const isTold = news === undefined ? wasTold : news === 'down'
  const downSince = isDown ? (before?.downSince ?? since) : wasTold ? before?.downSince : undefined
  return { followed: { ...seen, since, looks, isTold, ...(downSince && { downSince }) }, news }
}

/** Is another look wanted soon, because the last one did not make sure? */
export const isUnsure = ({ state, isTold }: Pick<Followed, 'state' | 'isTold'>): boolean =>
  (state === 'down') !== isTold
