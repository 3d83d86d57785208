import { setTimeout as wait } from 'node:timers/promises'
import type { Big } from '../../base/amounts.ts'
import { oncePer, type Parts } from '../../trading/parts.ts'
import { knownPrice, type Watched, watchedPositions } from '../../trading/protection/rows/watched.ts'
import { freshLook } from '../../trading/reconcile/fresh-look.ts'
import { type Gap, unexplainedGaps } from '../../trading/reconcile/rows/gaps.ts'
import { waitingActions } from '../../trading/reconcile/rows/venue-actions.ts'

// After a split the price is of new units before the ledger has them. A broker's books tell a split from a crash.

/**
 * A price of a linked account that is so far from the last known one, as a ratio, may be one of other units: those of a split of five
 * old units into four new ones, or of a larger one.
 */
const fallsTo = 0.8
const risesTo = 1.25
/** The longest wait for one answer of a broker, and for a broker that does not answer at all; in real milliseconds. */
const answerMs = 3000
const silentMs = 10_000
/** The longest wait for a reported split that the broker's quantity does not show; in real milliseconds. */
const reportedMs = 1_800_000
/** The time until the broker is asked again about a position, in real milliseconds: longer as the doubt grows older. */
const againIn = (ageMs: number) => Math.min(30_000, Math.max(500, ageMs / 4))

/** The verdict on a price that has jumped: it counts like any other, or nothing acts on it until the broker's books explain it. */
export type Verdict = 'counts' | 'waits'

interface Doubted {
  version: number
  /** Real milliseconds of a monotonic clock. */
  since: number
  askedAt: number
  /** A price in dollars at which the books agreed. */
  explained?: Big
}

/** The jumps of prices that one process has seen. */
export interface PriceJumps {
  /** Is the price so far from all that is known of the position that the broker has to be looked at first? */
  isJump(position: Watched, price: Big): boolean
  /** Looks at the broker, and judges. */
  judge(position: Watched, price: Big): Promise<Verdict>
}

/** The jumps that the process of these parts has seen. */
export const priceJumps = oncePer(createPriceJumps)

function createPriceJumps(parts: Parts): PriceJumps {
  const doubts = new Map<number, Doubted>()
  const of = ({ id, version }: Watched) => {
    const known = doubts.get(id)
    return known?.version === version ? known : undefined
  }
  function isJump(position: Watched, price: Big): boolean {
    if (!position.isLinked) return false
    if (!isFar(price, knownPrice(position))) {
      doubts.delete(position.id)
      return false
    }
    const explained = of(position)?.explained
    return explained === undefined || isFar(price, explained)
  }
  return {
    isJump,
    async judge(position, price) {
      const { id, accountId, symbol, version } = position
      const now = performance.now()
      const doubt = of(position) ?? { version, since: now, askedAt: Number.NEGATIVE_INFINITY }
      if (now - doubt.askedAt < againIn(now - doubt.since)) return 'waits'
      doubts.set(id, { ...doubt, askedAt: now })
      const ageMs = now - doubt.since
      const isAnswered = await looked(parts, accountId)
      const [still] = await watchedPositions(parts.db, { ids: [id] })
      // Another version is read and looked at anew.
      if (!still || still.version !== version || still.waits) return 'waits'
      const reported = (await waitingActions(parts.db, accountId)).some(
        (one) => one.kind === 'split' && one.symbol === symbol,
      )
      const gap = (await unexplainedGaps(parts.db, accountId)).get(symbol)
      if ((reported || (gap && isExplainedBy(gap, price, knownPrice(position)))) && ageMs < reportedMs) return 'waits'
      if (!isAnswered && ageMs < silentMs) return 'waits'
      if (!isAnswered)
        parts.log.warn({ position_id: id, symbol }, 'a jump of the price counts, since the broker is silent')
      doubts.set(id, { ...doubt, askedAt: now, explained: price })
      return 'counts'
    },
  }
}

const isFar = (price: Big, from: Big) => price.lte(from.times(fallsTo)) || price.gte(from.times(risesTo))

/** Has the price moved by the ratio in which the broker's units differ from the ledger's? Then both are of one split. */
function isExplainedBy({ ledger, venue }: Pick<Gap, 'ledger' | 'venue'>, price: Big, known: Big): boolean {
  const isSameSide = ledger.times(venue).gt(0)
  return isSameSide && !isFar(price.times(venue.abs()), known.times(ledger.abs()))
}

/** Looks at the account now. False when its broker does not answer in time. */
async function looked(parts: Parts, accountId: number): Promise<boolean> {
  const given = new AbortController()
  const look = freshLook(parts, accountId)
    .then((refused) => refused === undefined)
    .catch(() => false)
  const late = wait(answerMs, false, { signal: given.signal, ref: false }).catch(() => false)
  const isAnswered = await Promise.race([look, late])
  given.abort()
  return isAnswered
}
