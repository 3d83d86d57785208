import type { Parts } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { rewindScaleout, scaleoutsAhead } from './rows/rewind.ts'

/**
 * Moves scaleouts back with a clock that was set back, so that none waits until the clock has caught up. The next chunk of each
 * is due no later than its planned wait from now. A failure is logged; the next sweep tries again.
 */
export async function followClock({ db, clock, log }: Pick<Parts, 'db' | 'clock' | 'log'>): Promise<void> {
  for (const { id, positionId } of await scaleoutsAhead(db, clock.now())) {
    try {
      const ms = await db.transaction().execute(async (trx) => {
        await lockPosition(trx, positionId)
        return rewindScaleout(trx, id, clock.now())
      })
      if (ms > 0) log.warn({ scaleout: id, ms: Math.round(ms) }, 'the clock was set back: a scaleout goes with it')
    } catch (cause) {
      log.warn({ err: cause, scaleout: id }, 'a scaleout could not follow the clock')
    }
  }
}
