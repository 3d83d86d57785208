import type { Look, WatchState } from './triggers.ts'
import type { WatchedPosition } from './watched-position.ts'

/** The state of a symbol's price feed, for watching a position. */
export interface Feed {
  /** There is a fresh price now. */
  isFresh: boolean
  /** Prices should come, since the symbol is traded at this hour. */
  isOpen: boolean
  /** The time of the last fresh price in this session, or else the session's start; milliseconds of the clock. */
  since: number
  /** The same time as stored with the position, known to every worker, also after a restart. */
  storedSince: number
}

/**
 * Reports once that a position with a stop or target is unwatched, when no price came for longer than `maxAgeMs` although
 * prices should come. Reports once when prices come again.
 */
export function seeFeed(
  position: Pick<WatchedPosition, 'id' | 'stop' | 'target' | 'parts'>,
  { isFresh, isOpen, since, storedSince }: Feed,
  now: number,
  state: WatchState,
  maxAgeMs: number,
): Look {
  const { unwatched, ...rest } = state
  const isProtected = [position.stop, position.target, position.parts?.[0]].some((level) => level !== undefined)
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
