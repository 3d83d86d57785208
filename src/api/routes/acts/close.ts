import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { type Amount, partOf, priceFrom, quantityFrom } from '../../../talk/commands/quantity.ts'
import { exitPosition } from '../../../trading/orders/exit.ts'
import { quoteToExit } from '../../../trading/orders/fresh-price.ts'
import { refusedExit } from '../../../trading/orders/held.ts'
import { strangeLimit } from '../../../trading/orders/strange-limit.ts'
import { takenFrom } from '../../../trading/orders/taken-from.ts'
import { tradedBy } from '../../../trading/orders/traded.ts'
import { availableQuantity, type Position } from '../../../trading/positions/rows/positions.ts'
import { closingSide } from '../../../trading/positions/rules/position.ts'
import type { Handlers } from '../context.ts'
import { confirmFirst, positionNamed } from './position-named.ts'
import { toldOfOrder } from './tell.ts'

/** Closes a position, or a part of it. Alone it is all, at the market, whatever is left of it when the order is placed. */
export const closePosition: Handlers['closePosition'] = async (context, { params, body }) => {
  const { parts, inboundId } = context
  const named = await positionNamed(context, params.symbol, body.position)
  if (named instanceof Refusal) return named
  const { position, who } = named
  const amount = amountOf(body)
  const isAll = amount === 'all'
  const part = isAll
    ? () => allOf(position)
    : partOf(amount, await tradedBy(parts, position.accountId, named.instrument))
  if (part instanceof Refusal) return part
  const seen = part(position)
  if (seen instanceof Refusal) return seen
  const refused = isAll ? undefined : await refusedExit(parts.db, position, seen)
  if (refused) return refused
  const limitPrice = body.limit === undefined ? undefined : priceFrom(body.limit)
  if (limitPrice instanceof Refusal) return limitPrice
  const quote = limitPrice && (await quoteToExit(parts, who.symbol))
  const strange = quote && strangeLimit(closingSide(position.signedQuantity), limitPrice, quote)
  if (strange && !body.confirm) return confirmFirst(strange)
  const purpose = isAll ? 'close' : 'trim'
  const clientOrderId = `${purpose}-${inboundId}`
  const exited = await exitPosition(parts, {
    ...who,
    clientOrderId,
    purpose,
    ...(limitPrice && { limitPrice, expiresAt: body.expiresAt === undefined ? undefined : new Date(body.expiresAt) }),
    // A share is one of what is open when the order is placed: half twice at the same moment is three quarters, and not all.
    quantity(locked) {
      const quantity = isAll ? seen : part(locked)
      return quantity instanceof Refusal ? quantity : takenFrom(locked, { positionId: position.id, quantity, isAll })
    },
    isAll,
  })
  return toldOfOrder(context, exited, clientOrderId)
}

/** The open units that are in no order that cannot be taken back; a close takes resting orders back first. */
const allOf = (position: Position) => {
  const free = availableQuantity(position).plus(position.restingQuantity)
  return free.gt(0) ? free : position.signedQuantity.abs()
}

/** The amount of a request: a quantity, a share of what is open, or all of it. */
export function amountOf({ quantity, share }: { quantity?: string; share?: string }): Amount | 'all' {
  if (quantity !== undefined) return { quantity: quantityFrom(quantity) }
  if (share === undefined || new Big(share).eq(1)) return 'all'
  const part = new Big(share)
  if (part.lt(1)) return { share: { of: part, in: new Big(1), isAll: false } }
  return {
    share: new Refusal(
      'FRACTION_OUT_OF_RANGE',
      'A share is more than 0 and at most 1. Nothing was done.',
      'Such as 0.5',
    ),
  }
}
