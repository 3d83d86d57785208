import { cautious, deviationsAbove, type Shape } from './sharpe.ts'

/** The chance that an agent without an edge ever passes, although it is looked at every day for as long as it runs. */
export const everChance = 0.05

/** The days around which the bound is lowest. */
const early = 20
/** No search goes beyond a century of sessions. */
const longest = 25_200

/**
 * The deviations above zero that show an edge on a day, whenever one looks: the mixture bound of H. Robbins, “Statistical Methods Related to
 * the Law of the Iterated Logarithm”, Annals of Mathematical Statistics 41(5), 1970, one-sided. One look at a chance of 5% passes at 1.64
 * deviations; with a look a day, a quarter of all agents without an edge would pass that within a year.
 */
export function boundOn(days: number): number {
  return Math.sqrt(((days + early) / days) * (Math.log((days + early) / early) - 2 * Math.log(2 * everChance)))
}

/** The days after which the bound is passed at the present Sharpe ratio; infinite when it never is. */
export function daysToBound(shape: Shape): number {
  const passes = (count: number) => deviationsAbove({ ...cautious(shape), count }) >= boundOn(count)
  if (!passes(longest)) return Infinity
  let [low, high] = [2, longest]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}
