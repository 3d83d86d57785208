import { chanceOf } from '../../contracts/venues/difficult/chance.ts'

/** The price of a share that moves by chance, in dollars as text, and the step between two of its prices. */
export interface DemoPrice {
  symbol: string
  name: string
  /** The price so many steps above the last trade. */
  at(steps: number): string
}

/** In hundredths of a cent. */
const first: Record<string, [price: number, name: string]> = {
  BYND: [6300, 'Beyond Meat, Inc.'],
  AAPL: [2_310_000, 'Apple Inc.'],
  TSLA: [4_025_000, 'Tesla, Inc.'],
  SPY: [6_800_000, 'SPDR S&P 500 ETF'],
  NVDA: [1_805_000, 'NVIDIA Corporation'],
}

/** The shares of a broker to try the desk with, and a function that moves all their prices by a few steps. */
export function demoPrices(seed: number): { shares: DemoPrice[]; move(): void } {
  const drift = chanceOf(seed, 'drift')
  const prices = new Map(Object.entries(first).map(([symbol, [price]]) => [symbol, price]))
  const stepOf = (price: number) => (price >= 10_000 ? 100 : 1)
  const shares = Object.entries(first).map(([symbol, [, name]]) => ({
    symbol,
    name,
    at(steps: number) {
      const price = prices.get(symbol)!
      const step = stepOf(price)
      return ((price + steps * step) / 10_000).toFixed(step === 100 ? 2 : 4)
    },
  }))
  return {
    shares,
    move() {
      for (const [symbol, price] of prices) {
        const step = stepOf(price)
        prices.set(symbol, Math.max(step * 8, price + step * drift.between([-3, 3])))
      }
    },
  }
}
