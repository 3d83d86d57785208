import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Random returns of days from a seed. */
export interface Noise {
  /** A share from 0 to 1. */
  uniform(): number
  normal(): number
  /** Student's t with five degrees of freedom, of deviation one: days of stocks have such tails. */
  heavy(): number
}

export function noiseFrom(seed: number): Noise {
  const generator = xoroshiro128plus(seed)
  const uniform = () => uniformFloat64(generator)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const heavy = () => {
    const squares = Array.from({ length: 5 }, normal).reduce((sum, one) => sum + one * one, 0)
    return (normal() / Math.sqrt(squares / 5)) * Math.sqrt(3 / 5)
  }
  return { uniform, normal, heavy }
}

/** So many returns of a true Sharpe ratio a year, at a volatility of 15% a year. */
export const returnsOf = (days: number, sharpe: number, draw: () => number): number[] =>
  Array.from({ length: days }, () => (0.15 / Math.sqrt(252)) * (draw() + sharpe / Math.sqrt(252)))
