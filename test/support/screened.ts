import { steadyBars } from './bars.ts'
import type { HandMarket } from './desk.ts'

/** Daily bars that a screener needs, and some more. */
const count = 300

let listed = 0

/** A symbol that no test before has used: the desk keeps bars in memory. `QAA`, `QAB` … */
function newSymbol(): string {
  const at = listed++
  return `Q${String.fromCharCode(65 + (Math.floor(at / 26) % 26), 65 + (at % 26))}`
}

/** Lists new symbols whose prices have risen every day, so that they break out, and such whose prices have fallen. */
export function listScreened(
  market: HandMarket,
  counts: { rising: number; falling: number },
): { rising: string[]; falling: string[] } {
  const rising = Array.from({ length: counts.rising }, newSymbol)
  const falling = Array.from({ length: counts.falling }, newSymbol)
  for (const [at, symbol] of rising.entries()) {
    market.list(symbol, '40')
    market.give(symbol, 1440, steadyBars({ count, first: 10 + at, step: 0.1, minutes: 1440, volume: 1000 + at }))
  }
  for (const symbol of falling) {
    market.list(symbol, '60')
    market.give(symbol, 1440, steadyBars({ count, first: 60, step: -0.1, minutes: 1440 }))
  }
  return { rising, falling }
}

/** Makes the daily bars of a market wait until the gate is opened. */
export function gateBars(market: HandMarket): { open(): void } {
  const bars = market.bars.bind(market)
  const gate = Promise.withResolvers<void>()
  market.bars = async (symbol, minutes, most) => {
    // The last day is looked up before a run begins.
    if (minutes === 1440 && most > 1) await gate.promise
    return bars(symbol, minutes, most)
  }
  return {
    open() {
      market.bars = bars
      gate.resolve()
    },
  }
}
