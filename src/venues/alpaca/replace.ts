import { setTimeout as wait } from 'node:timers/promises'
import type { Big } from '../../base/amounts.ts'
import { refused } from '../shared/answers.ts'
import type { OrderReference, Replaced, VenueRefusal } from '../venue.ts'
import type { AlpacaClient } from './client.ts'
import type { Families } from './families.ts'
import { refusalOf } from './refusals.ts'
import { type Family, isOversized, newestOf } from './report-map.ts'
import { stateOf } from './statuses.ts'

/** The waits between looks at an order that is being replaced, in milliseconds; the sweep sees what takes longer. */
const looksMs = [20, 80, 200, 400]

/**
 * Gives an order another limit, or another stop. Alpaca makes a new order of it, whose quantity counts from the whole again when a part
 * was filled before; so an order that was filled in part is not moved, and one that is filled while it moves is taken back.
 */
export async function replaceOrder(
  client: AlpacaClient,
  families: Families,
  { account, clientOrderId }: OrderReference,
  price: Big,
  report: (family: Family) => Promise<Extract<Replaced, { outcome: 'replaced' }>['report']>,
): Promise<Replaced> {
  if (price.lte(0)) return refused('BAD_PRICE', `${price} is not a price`)
  const family = await families.byClientId(account, clientOrderId)
  if (!family) return refused('NO_SUCH_ORDER', 'Alpaca does not show the order')
  const newest = newestOf(family.chain)
  const state = stateOf(newest.status)
  if (state !== 'working') return refused('NOT_CHANGEABLE', `the order is ${state}`)
  if (family.legs.length > 0) return refused('NOT_CHANGEABLE', 'a stop with a target is cancelled and sent anew')
  if (!newest.limit_price && !newest.stop_price) return refused('NOT_CHANGEABLE', 'an order at the market has no price')
  if (family.chain.some(({ filled_qty }) => filled_qty?.gt(0))) {
    return refused('NOT_CHANGEABLE', 'a part of the order is filled, and Alpaca would order the whole again')
  }
  const body = newest.limit_price ? { limit_price: price.toFixed() } : { stop_price: price.toFixed() }
  const path = `/v2/orders/${encodeURIComponent(newest.id)}`
  const answer = await client.call(account, { method: 'PATCH', path, body, share: 'entry' })
  if (answer.outcome === 'refused') return changeRefused(refusalOf(answer))
  for (const ms of looksMs) {
    const now = await families.byClientId(account, clientOrderId)
    const last = now && newestOf(now.chain)
    if (now && last && last.id !== newest.id) {
      const before = now.chain.find(({ id }) => id === newest.id)
      const isOver = stateOf(last.status) !== 'working'
      if (before && !isOver && isOversized(now.chain)) {
        await client.call(account, {
          method: 'DELETE',
          path: `/v2/orders/${encodeURIComponent(last.id)}`,
          share: 'exit',
        })
        return { outcome: 'asked' }
      }
      if (before?.status === 'replaced') return { outcome: 'replaced', report: await report(now) }
    }
    // The successor was rejected, since the order was filled or cancelled first.
    if (now && last && stateOf(last.status) !== 'working')
      return changeRefused(refused('NOT_CHANGEABLE', 'the order ended first'))
    await wait(ms)
  }
  return { outcome: 'asked' }
}

/** An order that exists and is not changed is not changeable, unless the price is wrong. */
function changeRefused(refusal: VenueRefusal): VenueRefusal {
  return ['OTHER', 'NO_SUCH_ORDER', 'DUPLICATE', 'NOT_ENOUGH_HELD', 'OPPOSITE_ORDER'].includes(refusal.code)
    ? { ...refusal, code: 'NOT_CHANGEABLE' }
    : refusal
}
