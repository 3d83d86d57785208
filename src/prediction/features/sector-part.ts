import type { CrossSection } from './cross-section.ts'
import { type History, hasRow } from './history.ts'
import { sectorNames } from './sector-names.ts'
import { type Sector, sectorOf } from './sectors.ts'

/** The groups of values that could be had. */
export interface SectorsKnown {
  sector: boolean
  market: boolean
  spy: boolean
}

/** The company that a symbol's bars are put into. */
export interface Surroundings {
  cross?: CrossSection
  /** SPY, with the place of each of its days. */
  spy?: { history: History; at: ReadonlyMap<string, number> }
}

/**
 * Writes the 14 values of a bar: the sector's returns beside the market's, its breadth, its rank among sectors, the symbol beside it, and its
 * volatility; then SPY, and the breadth, the dispersion and the mean correlation of the market. A group that cannot be had is 0.
 */
export function writeSector(
  symbol: string,
  history: History,
  { cross, spy }: Surroundings,
  bar: number,
  row: Float64Array,
  at: number,
): SectorsKnown {
  row.fill(0, at, at + sectorNames.length)
  const day = history.bars.days[bar]!
  const sector = sectorOf(symbol)
  const place = cross?.at.get(day)
  return {
    sector: cross && place !== undefined && sector ? writeOwn(sector, history, cross, place, bar, row, at) : false,
    spy: spy ? writeSpy(spy, day, row, at + 8) : false,
    market: cross && place !== undefined ? writeMarket(cross, place, row, at + 11) : false,
  }
}

function writeOwn(
  sector: Sector,
  { logClose, sigma }: History,
  { sectors, market }: CrossSection,
  day: number,
  bar: number,
  row: Float64Array,
  at: number,
): boolean {
  const group = sectors.get(sector)!
  if (!group) return false
  const returnOf = (nth: number) => group.returns[nth]![day]!
  const scale = group.sigma[day]!
  const values = [
    ...[5, 21, 63].map((days, nth) => (returnOf(nth) - market.returns[nth]![day]!) / (scale * Math.sqrt(days))),
    group.breadth[day]!,
    rankOf(sector, sectors, day),
    ...[5, 21].map(
      (days, nth) => (logClose[bar]! - logClose[bar - days]! - returnOf(nth)) / (sigma[bar]! * Math.sqrt(days)),
    ),
    Math.log(scale / market.sigma[day]!),
  ]
  if (values.some(Number.isNaN)) return false
  row.set(values, at)
  return true
}

/** The share of the other sectors with a lower return over 21 days; equal ones count half. The middle of none. */
function rankOf(sector: Sector, sectors: CrossSection['sectors'], day: number): number {
  const own = sectors.get(sector)!.returns[1]![day]!
  let [below, others] = [0, 0]
  for (const [other, group] of sectors) {
    const theirs = group.returns[1]![day]!
    if (other === sector || Number.isNaN(theirs)) continue
    others++
    below += theirs < own ? 1 : theirs === own ? 0.5 : 0
  }
  return others > 0 ? below / others : 0.5
}

function writeSpy(
  { history, at: places }: NonNullable<Surroundings['spy']>,
  day: string,
  row: Float64Array,
  at: number,
) {
  const bar = places.get(day)
  if (bar === undefined || !hasRow(history, bar)) return false
  const { logClose, sigma, slowSigma } = history
  for (const [nth, days] of [5, 21].entries()) {
    row[at + nth] = (logClose[bar]! - logClose[bar - days]!) / (sigma[bar]! * Math.sqrt(days))
  }
  row[at + 2] = Math.log(sigma[bar]! / slowSigma[bar]!)
  return true
}

function writeMarket({ market, dispersion, correlation }: CrossSection, day: number, row: Float64Array, at: number) {
  // The dispersion of a month as the log of a year's, as volatilities are.
  const values = [market.breadth[day]!, Math.log(Math.max(1e-4, dispersion[day]!) * Math.sqrt(12)), correlation[day]!]
  if (values.some(Number.isNaN)) return false
  row.set(values, at)
  return true
}
