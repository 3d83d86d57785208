import { type Big, sum, zero } from '../../base/amounts.ts'
import type { TsOrder } from './payloads.ts'
import { stateOf } from './statuses.ts'

/**
 * A step of an order's cumulative quantity: the nearest thing to an execution that TradeStation tells. A step that takes another back has
 * its quantity, price and commission.
 */
export interface Step {
  /** `OrderID:cumulative quantity`. */
  id: string
  quantity: Big
  /** Dollars a unit. */
  price: Big
  /** Dollars. */
  commission: Big
  /** The id of the step that it takes back. */
  reverses?: string
}

/** Cumulative facts of an order, as TradeStation shows them at a moment. */
export interface Cumulative {
  quantity: Big
  /** The average price, in dollars a unit. */
  average: Big
  commission: Big
  /** TradeStation says that it corrected a fill: only then may the numbers be lower than before. */
  isCorrected: boolean
}

/** The cumulative facts in an order; undefined while nothing is filled, or the price is not shown yet. The status says nothing about it. */
export function cumulativeIn(order: TsOrder): Cumulative | undefined {
  const leg = order.Legs[0]!
  const quantity = leg.ExecQuantity
  // At the top is the average of the whole order; that of a single leg is the same.
  const average = [order.FilledPrice, leg.ExecutionPrice].find((price) => price?.gt(0))
  if (!quantity || !average) return undefined
  const isCorrected = order.Status === 'COR'
  if (quantity.lte(0) && !isCorrected) return undefined
  const commission = (order.CommissionFee ?? zero).plus(order.UnbundledRouteFee ?? zero)
  return { quantity, average, commission, isCorrected }
}

/** The quantity that an order shows as filled, with or without a price. */
export const filledIn = (order: TsOrder): Big => order.Legs[0]!.ExecQuantity ?? zero

/** The quantity, value and commission of all steps together. */
export function totalOf(steps: Step[]): { quantity: Big; value: Big; commission: Big } {
  const signed = steps.map(({ quantity, price, commission, reverses }) => {
    const sign = reverses === undefined ? 1 : -1
    return {
      quantity: quantity.times(sign),
      value: quantity.times(price).times(sign),
      commission: commission.times(sign),
    }
  })
  return {
    quantity: sum(signed.map(({ quantity }) => quantity)),
    value: sum(signed.map(({ value }) => value)),
    commission: sum(signed.map(({ commission }) => commission)),
  }
}

/**
 * The steps that lead from the booked ones to what is shown. The price of a step comes from the difference of quantity × average to the
 * value that is booked, so that no rounding adds up. An older answer shows less and leads to none: only a correction takes steps back.
 */
export function stepsTo(orderId: string, booked: Step[], shown: Cumulative): Step[] {
  const fresh: Step[] = []
  if (shown.isCorrected) fresh.push(...takenBack(booked, shown))
  const all = [...booked, ...fresh]
  const total = totalOf(all)
  const quantity = shown.quantity.minus(total.quantity)
  if (quantity.lte(0)) return fresh
  const value = shown.quantity.times(shown.average).minus(total.value)
  const exact = value.div(quantity)
  // The average is rounded: of a small step behind a large one little may be left.
  const price = exact.gt(0) ? exact : shown.average
  const commission = shown.commission.minus(total.commission)
  fresh.push({ id: freeId(`${orderId}:${shown.quantity.toFixed()}`, all), quantity, price, commission })
  return fresh
}

/** The newest steps, taken back until what is left is a part of the corrected whole. */
function takenBack(booked: Step[], shown: Cumulative): Step[] {
  const undone = new Set(booked.flatMap(({ reverses }) => reverses ?? []))
  const standing = booked.filter(({ id, reverses }) => reverses === undefined && !undone.has(id))
  const isSame = ({ quantity, value }: ReturnType<typeof totalOf>) =>
    quantity.eq(shown.quantity) && value.minus(shown.quantity.times(shown.average)).abs().lt(quantity.times(rounding))
  if (isSame(totalOf(standing))) return []
  const back: Step[] = []
  while (standing.length > 0) {
    const last = standing.pop()!
    back.push({ ...last, id: `bust:${last.id}`, reverses: last.id })
    if (totalOf(standing).quantity.lt(shown.quantity)) break
  }
  return back
}

/** A price that differs by less, in dollars a unit, is the same but for rounding. */
const rounding = '0.000001'

function freeId(id: string, steps: Step[]): string {
  const taken = new Set(steps.map((step) => step.id))
  for (let count = 1; ; count++) {
    const wanted = count === 1 ? id : `${id}#${count}`
    if (!taken.has(wanted)) return wanted
  }
}

/** The moment of a step that is seen now: TradeStation names none but that of the order's end. */
export function momentOf(order: TsOrder, now: Date): Date {
  const closed = order.ClosedDateTime
  return closed && stateOf(order) !== 'working' && closed < now ? closed : now
}
