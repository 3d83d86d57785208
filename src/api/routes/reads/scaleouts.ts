import { Refusal } from '../../../base/refusal.ts'
import { listScaleouts } from '../../../trading/scaleouts/rows/scaleout-list.ts'
import { slicesOf } from '../../../trading/scaleouts/rows/tasks.ts'
import type { Context, Handlers } from '../context.ts'
import { notFound } from '../problem.ts'
import { pageOf, partOf } from './pages.ts'
import { scaleoutItem } from './scaleout-item.ts'

export const scaleoutReads: Pick<Handlers, 'scaleouts' | 'scaleout'> = {
  async scaleouts({ parts, accountId }, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const { state, symbol } = query
    const filter = { state, symbol: symbol?.toUpperCase(), before: part.after, most: part.limit + 1 }
    return pageOf(await listScaleouts(parts.db, [accountId], filter), part, scaleoutItem, ({ id }) => id)
  },
  async scaleout(context, { params }) {
    const one = await ownScaleout(context, params.id)
    if (one instanceof Refusal) return one
    const slices = await slicesOf(context.parts.db, one.id)
    const plan = slices.map(({ number, quantity, state, dueAt, fill }) => ({
      ...{ number, quantity: quantity.toFixed(), state, dueAt: dueAt.toISOString() },
      filled: fill
        ? {
            ...{ quantity: fill.quantity.toFixed(), price: fill.price.toFixed() },
            ...{ realizedPnl: fill.realizedPnl.toFixed(), at: fill.at.toISOString() },
          }
        : null,
    }))
    return { ...scaleoutItem(one), plan }
  },
}

/** A scaleout of one of the caller's accounts. Somebody else's does not exist for the caller. */
export async function ownScaleout({ parts, accounts }: Pick<Context, 'parts' | 'accounts'>, id: number) {
  const ids = accounts.map((account) => account.id)
  const [one] = await listScaleouts(parts.db, ids, { id, most: 1 })
  return one ?? notFound('such scaleout')
}
