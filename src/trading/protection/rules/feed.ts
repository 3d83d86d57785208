import type { Look, WatchState } from './triggers.ts'
import type { WatchedPosition } from './watched-position.ts'

/** Whether the prices of a symbol come, for whoever watches a position by them. */
export interface Feed {
  /** There is a fresh price now. */
  isFresh: boolean
  /** It is to come: the symbol is traded at this hour. */
  isOpen: boolean
  /** The moment, in milliseconds of the clock, of the last fresh price of this session; else the session's begin. */
  since: number
  /** The same as it was stored with the position: every worker, before and after a restart, knows it. */
  storedSince: number
}

/**
 * A stop or target is watched by prices. When none came for longer than `maxAgeMs` while there should be some, its
 * position is not watched: that is due once, and so is the end of it.
 */
export function seeFeed(
  position: Pick<WatchedPosition, 'id' | 'stop' | 'target'>,
  { isFresh, isOpen, since, storedSince }: Feed,
  now: number,
  state: WatchState,
  maxAgeMs: number,
): Look {
  const { unwatched, ...rest } = state
  const isProtected = position.stop !== undefined || position.target !== undefined
  if (isFresh) {
    if (unwatched === undefined) return { fired: [], state }
    const seq = state.seq + 1
    if (!isProtected) return { fired: [], state: { ...rest, seq } }
    const key = `watched-again-${position.id}-${unwatched}`
    const details = { since: new Date(unwatched).toISOString() }
    return { fired: [{ type: 'watching.feed_back', key, details }], state: { ...rest, seq } }
  }
  if (!isProtected || !isOpen || unwatched !== undefined || now - since <= maxAgeMs) return { fired: [], state }
  return {
    fired: [
      {
        type: 'watching.feed_silent',
        key: `unwatched-${position.id}-${storedSince}`,
        details: { since: new Date(since).toISOString() },
      },
    ],
    state: { ...state, seq: state.seq + 1, unwatched: since },
  }
}
