import type { ListedScaleout } from '../../../trading/scaleouts/rows/scaleout-list.ts'
import { boundOf } from '../../../trading/scaleouts/rules/bound.ts'
import { implementationShortfall } from '../../../trading/scaleouts/rules/shortfall.ts'
import type { Scaleout } from '../../contract/scaleouts.ts'
import { decimal, instant } from './decimals.ts'

/** A scaleout as the API has it. */
export function scaleoutItem(one: ListedScaleout): Scaleout {
  const { side, soldQuantity, bound } = one
  const shortfall = soldQuantity.gt(0)
    ? implementationShortfall(side, one.decisionPrice, soldQuantity, one.proceeds)
    : undefined
  return {
    ...{ id: one.id, task: one.taskNumber, symbol: one.symbol, side, speed: one.speed, state: one.state },
    lengthSeconds: one.lengthMs === undefined ? null : one.lengthMs / 1000,
    quantity: one.totalQuantity.toFixed(),
    done: soldQuantity.toFixed(),
    chunks: one.chunkCount,
    doneChunks: one.doneChunks,
    decisionPrice: one.decisionPrice.toFixed(),
    averagePrice: decimal(shortfall?.averagePrice),
    realizedPnl: one.realizedPnl.toFixed(),
    shortfall: decimal(shortfall?.total),
    bound: bound ? { kind: boundOf(side), price: bound.price.toFixed(), until: bound.until.toISOString() } : null,
    endedBecause: one.endedBecause,
    startedAt: one.startedAt.toISOString(),
    endsAt: (one.endedAt ?? one.lastDueAt).toISOString(),
    nextAt: one.endedAt ? null : instant(one.nextDueAt),
  }
}
