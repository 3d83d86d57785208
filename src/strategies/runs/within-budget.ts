import { Refusal } from '../../base/refusal.ts'
import type { BarSource } from '../engine/bar-source.ts'

/**
 * The refusal of a run whose bars its market may not ask for now: a provider with a budget of requests would leave most of its symbols out.
 * Undefined when the budget is enough, and where there is none.
 */
export async function refuseOverBudget(
  bars: Pick<BarSource, 'room' | 'name'>,
  symbols: string[],
): Promise<Refusal | undefined> {
  const room = await bars.room?.(symbols)
  if (!room || room.missing.length <= room.fits) return undefined
  const { missing, fits } = room
  const ofAll = missing.length === symbols.length ? `${symbols.length}` : `${missing.length} of the ${symbols.length}`
  return new Refusal(
    'OVER_REQUEST_BUDGET',
    `Bars of ${ofAll} symbols would have to be asked for, and the requests of ${bars.name} are enough for ${fits} now. Nothing was started.`,
    fits > 0
      ? `Screen at most ${fits} of them now: bars that were asked for once are kept`
      : '`sources` shows what is left of the requests; try again later',
    { field: 'tickers' },
  )
}
