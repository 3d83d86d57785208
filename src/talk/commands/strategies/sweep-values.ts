import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { mostVariants } from '../../../strategies/runs/request-sweep.ts'

/** Values of a range without a step. */
const usualVariants = 5

/**
 * The values of a range such as `60..80`, with a step or without; the steps are exact. Refused with `SWEEP_VALUES` when its ends are no
 * numbers, when it does not go up, and when it has too many values.
 */
export function valuesIn(range: string, step: string | undefined): number[] | Refusal {
  const ends = range.split('..')
  const odd = ends.find((end) => !/^-?\d*\.?\d+$/.test(end))
  if (odd) return wrong(`"${shown(odd)}" is no number.`)
  if (odd === '' || ends.length !== 2) return wrong(`"${shown(range)}" is no range.`)
  const [from, to] = ends.map((end) => new Big(end)) as [Big, Big]
  if (to.lte(from)) return wrong(`${shown(range)} does not go up.`)
  if (step !== undefined && !/^\d*\.?\d+$/.test(step)) return wrong(`"${shown(step)}" is no step.`)
  const by = step === undefined ? usualStep(from, to) : new Big(step)
  if (by.lte(0)) return wrong('A step of 0 goes nowhere.')
  const count = to.minus(from).div(by).round(0, Big.roundDown).plus(1)
  if (count.gt(mostVariants))
    return wrong(`That would be ${count.toFixed()} runs, and a sweep has at most ${mostVariants}.`)
  return Array.from({ length: count.toNumber() }, (_, index) => from.plus(by.times(index)).toNumber())
}

/** A step that makes about five values; a whole one between whole numbers. */
function usualStep(from: Big, to: Big): Big {
  const by = to.minus(from).div(usualVariants - 1)
  const isWhole = [from, to].every((end) => end.round(0).eq(end))
  if (!isWhole) return by.round(4, Big.roundUp)
  return by.lt(1) ? new Big(1) : by.round(0, Big.roundUp)
}

const shown = (said: string) => said.replaceAll('`', '').slice(0, 20)

function wrong(why: string): Refusal {
  return new Refusal('SWEEP_VALUES', `${why} Nothing was started.`, 'For example `min_score 60..80 by 5`')
}
