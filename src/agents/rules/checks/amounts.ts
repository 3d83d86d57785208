import { type Big, sum } from '../../../base/amounts.ts'
import type { Unit } from '../limits.ts'
import { grossOf, heatOf, partsOf, sectorOf } from './book.ts'
import type { Case, Look, Rule } from './check.ts'

/** The checks of how much, in dollars and as shares of the equity: exact, and with the order as if it were filled. */
export const amountRules: readonly Rule[] = [
  {
    code: 'POSITION_TOO_LARGE',
    isSized: true,
    look: (of) => {
      const own = partsOf(of.facts).filter(({ symbol }) => symbol === of.order.symbol)
      return shareOf(of, grossOf(own), of.order.price, of.limits.size, of.order.symbol)
    },
  },
  {
    code: 'DEPLOYED_EXCEEDED',
    isSized: true,
    look: ({ order, facts, limits }) => {
      const open = grossOf(partsOf(facts))
      return (units) => {
        const figure = open.plus(units.times(order.price))
        return { passes: figure.lte(limits.deployed), figure, limit: limits.deployed, unit: 'dollars' }
      }
    },
  },
  {
    code: 'EXPOSURE_EXCEEDED',
    isSized: true,
    look: (of) => shareOf(of, grossOf(partsOf(of.facts)), of.order.price, of.limits.exposure),
  },
  {
    code: 'HEAT_EXCEEDED',
    isSized: true,
    look: (of) => {
      const { order, facts, limits } = of
      const heat = sum(partsOf(facts).map((part) => part.units.times(heatOf(part, facts.ranges))))
      return shareOf(of, heat, heatOf(order, facts.ranges), limits.heat)
    },
  },
  {
    code: 'SECTOR_EXCEEDED',
    isSized: true,
    look: (of) => {
      const { order, facts, limits } = of
      const sector = sectorOf(facts, order.symbol)
      const own = partsOf(facts).filter(({ symbol }) => sectorOf(facts, symbol) === sector)
      return shareOf(of, grossOf(own), order.price, limits.sector, sector)
    },
  },
]

/** Checks that what is there, and so many dollars for each unit of the order, are at most a share of the equity. */
function shareOf({ facts: { equity } }: Case, there: Big, each: Big, limit: Big, of?: string): (units: Big) => Look {
  const unit: Unit = 'share'
  const most = limit.times(equity)
  return (units) => {
    const dollars = there.plus(units.times(each))
    return {
      passes: equity.gt(0) && dollars.lte(most),
      ...(equity.gt(0) && { figure: dollars.div(equity) }),
      ...{ limit, unit, ...(of !== undefined && { of }) },
    }
  }
}
