import { Big, floorTo, least } from '../../base/amounts.ts'
import { draw, seedOf } from '../../market/feeds/sim/noise.ts'

/** The share of orders that are refused at first. */
const busyShare = 0.02
/** Planned milliseconds from an order to its first part, and from the request to cancel it to its end. */
const latencyMs = [50, 400] as const
const cancelMs = [200, 1500] as const
/** Planned milliseconds from one part to the next. */
const pauseMs = [1000, 3000] as const
/** The size of a part, as a share of the volume within that time. */
const partShare = [0.05, 0.2] as const

/** The random decisions about an order at a difficult paper venue: the same for the same seed and order, on any machine. */
export function chanceOf(seed: number, clientOrderId: string) {
  const drawn = (what: string, [from, to]: readonly [number, number], index = 0) =>
    from + (to - from) * draw(seedOf(String(seed), what, clientOrderId), index)
  return {
    isBusy: drawn('busy', [0, 1]) < busyShare,
    latencyMs: drawn('latency', latencyMs),
    cancelMs: drawn('cancel', cancelMs),
    /** From the part with this number to the next. */
    pauseMs: (number: number) => drawn('pause', pauseMs, number),
    partShare: (number: number) => drawn('share', partShare, number),
  }
}

/** An order that is filled in parts. */
export interface InParts {
  clientOrderId: string
  /** Units, in steps of a lot: of the whole order, and of what is left. */
  quantity: Big
  left: Big
  lot: Big
  /** The number of the next part, from 1. */
  number: number
}

/**
 * The quantity of the next part: a drawn share of the usual volume in the time until the part after it, or a third of the
 * order when the volume is unknown; at least a lot, and at most what is left.
 */
export function partOf(
  { clientOrderId, quantity, left, lot, number }: InParts,
  seed: number,
  minuteVolume?: number,
): Big {
  if (minuteVolume === undefined) return least(left, ceilTo(quantity.div(3), lot))
  const chance = chanceOf(seed, clientOrderId)
  const traded = (minuteVolume / 60_000) * chance.pauseMs(number)
  const part = floorTo(new Big(traded * chance.partShare(number)), lot)
  return least(left, part.gt(lot) ? part : lot)
}

function ceilTo(amount: Big, step: Big): Big {
  return amount.div(step).round(0, Big.roundUp).times(step)
}
