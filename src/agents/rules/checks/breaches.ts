import { Big, sum } from '../../../base/amounts.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import type { Facts } from '../facts.ts'
import type { AgentLimits } from '../limits.ts'
import { grossOf, heatOf, partsOf, sectorOf } from './book.ts'
import type { Look } from './check.ts'

/**
 * What is open breaks a limit when it exceeds it by a quarter. A position of exactly the limit grows beyond it with its next profit, and
 * nothing may be added to it then; only clearly more is closed.
 */
const margin = new Big('1.25')

/** A limit that what is open breaks. */
export interface Breach extends Look {
  code: RefusalCode
}

/** The symbols that are larger than a position may be. They are closed. */
export function sizeBreaches({ positions, equity }: Facts, { size }: AgentLimits): (Breach & { of: string })[] {
  const parts = Map.groupBy(partsOf({ positions, working: [] }), ({ symbol }) => symbol)
  return [...parts].flatMap(([symbol, own]) =>
    breach('POSITION_TOO_LARGE', grossOf(own), equity, size).map((found) => ({ ...found, of: symbol })),
  )
}

/** The limits of the whole book that what is open breaks. */
export function bookBreaches(facts: Facts, limits: AgentLimits): Breach[] {
  const parts = partsOf({ positions: facts.positions, working: [] })
  const gross = grossOf(parts)
  const sectors = Map.groupBy(parts, ({ symbol }) => sectorOf(facts, symbol))
  const isDeployed = gross.gt(limits.deployed.times(margin))
  return [
    ...(isDeployed
      ? [{ code: 'DEPLOYED_EXCEEDED', passes: false, figure: gross, limit: limits.deployed, unit: 'dollars' } as const]
      : []),
    ...breach('EXPOSURE_EXCEEDED', gross, facts.equity, limits.exposure),
    ...breach(
      'HEAT_EXCEEDED',
      sum(parts.map((part) => part.units.times(heatOf(part, facts.ranges)))),
      ...([facts.equity, limits.heat] as const),
    ),
    ...[...sectors].flatMap(([of, own]) =>
      breach('SECTOR_EXCEEDED', grossOf(own), facts.equity, limits.sector).map((found) => ({ ...found, of })),
    ),
  ]
}

function breach(code: RefusalCode, dollars: Big, equity: Big, limit: Big): Breach[] {
  if (dollars.lte(limit.times(margin).times(equity)) && equity.gt(0)) return []
  if (dollars.lte(0)) return []
  return [{ code, passes: false, limit, unit: 'share', ...(equity.gt(0) && { figure: dollars.div(equity) }) }]
}
