import { z } from 'zod'
import type { Clock } from '../../../base/clock.ts'
import type { Depth, DepthLevel } from '../../depth.ts'
import { priceIn } from '../shared/prices.ts'
import type { StreamReader } from './stream-reader.ts'

const level = z.object({ Price: z.string(), TotalSize: z.string() })
const depthPayload = z.object({ Bids: z.array(level), Asks: z.array(level) })

/** Reads the book of a symbol, with this many levels on each side. Throws `NoData`. */
export type DepthOf = (symbol: string, levels: number) => Promise<Depth>

/** Creates the reader of books. Those who ask for the same one at the same time share an answer. */
export function tradeStationDepth(read: StreamReader, clock: Clock): DepthOf {
  const asked = new Map<string, Promise<Depth>>()

  async function ask(symbol: string, levels: number): Promise<Depth> {
    let found: z.infer<typeof depthPayload> | undefined
    await read({
      path: `/marketdepth/aggregates/${encodeURIComponent(symbol)}`,
      query: { maxlevels: String(levels) },
      take(frame) {
        found = depthPayload.safeParse(frame).data
        return found !== undefined
      },
    })
    return {
      symbol,
      bids: levelsIn(found!.Bids, -1).slice(0, levels),
      asks: levelsIn(found!.Asks, 1).slice(0, levels),
      at: clock.now(),
      source: 'tradestation',
    }
  }

  return (symbol, levels) => {
    const key = `${levels} ${symbol}`
    const asking = asked.get(key) ?? ask(symbol, levels).finally(() => asked.delete(key))
    asked.set(key, asking)
    return asking
  }
}

/** The levels with a price and a size, the best first: `upwards` is 1 for what is offered, -1 for what is wanted. */
function levelsIn(written: z.infer<typeof level>[], upwards: 1 | -1): DepthLevel[] {
  return written
    .flatMap(({ Price, TotalSize }) => {
      const [price, size] = [priceIn(Price), priceIn(TotalSize)]
      return price && size ? [{ price, size }] : []
    })
    .sort((one, other) => upwards * one.price.cmp(other.price))
}
