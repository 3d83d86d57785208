import type { Quote } from '../../../market/market.ts'
import { type Marked, markedPositions } from '../../../trading/positions/marked.ts'
import { availableQuantity } from '../../../trading/positions/rows/positions.ts'
import { averageEntryPrice, directionOf } from '../../../trading/positions/rules/position.ts'
import type { ProtectiveOrder } from '../../../trading/protection/rows/protective-orders.ts'
import { type ListedScaleout, listScaleouts } from '../../../trading/scaleouts/rows/scaleout-list.ts'
import type { Level, Position, Price } from '../../contract/positions.ts'
import type { Handlers } from '../context.ts'
import { decimal } from './decimals.ts'
import { allOf } from './pages.ts'
import { scaleoutItem } from './scaleout-item.ts'

/** A position has at most one running scaleout, and an account fewer positions than this. */
const mostRunning = 1000

export const positionReads: Pick<Handlers, 'positions'> = {
  async positions({ parts, accountId }) {
    const [marked, running] = await Promise.all([
      markedPositions(parts, accountId),
      listScaleouts(parts.db, [accountId], { state: 'running', most: mostRunning }),
    ])
    return allOf(
      marked.map((one) =>
        positionItem(
          one,
          running.find(({ positionId }) => positionId === one.position.id),
        ),
      ),
    )
  },
}

function positionItem(
  { position, quote, unrealized, unrealizedReturn, protection }: Marked,
  running?: ListedScaleout,
): Position {
  const { signedQuantity, realizedPnl } = position
  return {
    id: position.id,
    symbol: position.symbol,
    direction: directionOf(signedQuantity) as 'LONG' | 'SHORT',
    quantity: signedQuantity.abs().toFixed(),
    free: availableQuantity(position).toFixed(),
    averageEntryPrice: averageEntryPrice(position).toFixed(),
    openCost: position.openCost.toFixed(),
    realizedPnl: realizedPnl.toFixed(),
    price: quote ? priceItem(quote) : null,
    value: decimal(quote && signedQuantity.times(quote.last)),
    unrealizedPnl: decimal(unrealized),
    unrealizedReturn: decimal(unrealizedReturn),
    masterPnl: decimal(unrealized?.plus(realizedPnl)),
    stop: levelItem(protection?.stop),
    target: levelItem(protection?.target),
    partLevels: (protection?.parts ?? []).map(({ id, kind, price, quantity }) => ({
      ...{ id, kind, price: price.toFixed(), quantity: quantity.toFixed() },
    })),
    hitLevels: (protection?.hit ?? []).map(({ kind, price, quantity }) => ({
      ...{ kind, price: price.toFixed(), quantity: decimal(quantity) },
    })),
    scaleout: running ? scaleoutItem(running) : null,
    openedAt: position.openedAt.toISOString(),
    version: position.version,
  }
}

/** A quote as the API has it. */
export function priceItem({ bid, ask, last, at, stale }: Quote): Price {
  return { bid: bid.toFixed(), ask: ask.toFixed(), last: last.toFixed(), at: at.toISOString(), stale: stale ?? null }
}

function levelItem(order: ProtectiveOrder | undefined): Level | null {
  if (!order) return null
  const { id, price, quantity, trail, createdAt } = order
  return {
    ...{ id, price: price.toFixed(), quantity: quantity.toFixed(), setAt: createdAt.toISOString() },
    trail: trail
      ? { share: trail.share.toFixed(), dollars: decimal(trail.dollars), bestPrice: trail.bestPrice.toFixed() }
      : null,
  }
}
