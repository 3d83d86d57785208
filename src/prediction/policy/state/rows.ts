import { numberOfDay } from '../../../strategies/engine/bars/days.ts'
import type { Columns } from '../../../strategies/screeners/strategy.ts'
import type { CrossSection } from '../../features/cross-section.ts'
import { barsNeeded, baselineInputs, baselineRows } from '../../forecaster/baseline/inputs.ts'
import { riskOf } from '../../forecaster/forecast.ts'
import { horizonCount } from '../../forecaster/horizons.ts'
import { reckonedCosts } from '../action.ts'
import { placeOf, stateBlocks, stateCount } from '../layout.ts'
import { type CarriedBaseline, writeSigmas } from './baseline.ts'
import { exitHorizon, writeForecast } from './forecast-part.ts'
import { bounded } from './holding.ts'
import { writeRays } from './rays.ts'

/** All that the market's part of a state is read from. */
export interface StateInput {
  bars: Columns
  /** Bars of SPY, and of all stocks together; each may be lacking. */
  market?: Columns
  cross?: CrossSection
  /** The day on which the policy's training ended; undefined while it is trained. */
  trainedTo?: string
  hasRays: boolean
}

/** The market's part of states, by bars. */
export interface StateRows {
  /** The bar of the first row. */
  first: number
  count: number
  /** Rows of 58, with 0 where the holding's numbers belong. */
  values: Float64Array
  /** The deviation of a day's move of the logarithm of the price. */
  sigma: Float64Array
  /** The days until a position entered now is closed, the standard move up to then, and the risk; ½ where it is unknown. */
  exit: Int32Array
  reach: Float64Array
  risk: Float64Array
  /** The size of the move of the next day, as a logarithm of the price, that nine in ten shall stay within. */
  range90: Float64Array
}

/** Days among which the risk is ranked, those of which ranges are counted, and those that the change of a forecast reaches back. */
const [rankedDays, countedDays, changeDays] = [252, 60, 5]

/** The bars up to and with a day on which its row depends; with fewer the risk is ranked among fewer days. */
export const stateBars: number = barsNeeded + rankedDays - 1
/** The fewest bars of a row. */
export const leastStateBars: number = barsNeeded + countedDays + 2

/**
 * The market's part of the states after the closes of bars `from` to before `to`. A row is known at its close: no later bar changes it, nor does a
 * history longer than `stateBars`. Throws when prices are not above zero.
 */
export function stateRows(
  input: StateInput,
  baseline: CarriedBaseline,
  { from = 0, to = input.bars.days.length } = {},
): StateRows {
  const { bars } = input
  const first = Math.max(from, leastStateBars - 1)
  const count = Math.max(0, to - first)
  const floats = () => new Float64Array(count)
  const rows: StateRows = {
    ...{ first, count, values: new Float64Array(count * stateCount) },
    ...{ sigma: floats(), exit: new Int32Array(count), reach: floats(), risk: floats(), range90: floats() },
  }
  if (count === 0) return rows
  const course = courseOf(input, baseline, first, to)
  const write = { market: marketWriter(input), volume: volumeWriter(bars) }
  const mu = new Float64Array(horizonCount)
  for (let nth = 0; nth < count; nth++) {
    const bar = first + nth
    const at = bar - course.first
    const row = rows.values.subarray(nth * stateCount, (nth + 1) * stateCount)
    const sigmas = course.sigmas.subarray(at * horizonCount, (at + 1) * horizonCount)
    const risk = riskOf(course.month.subarray(Math.max(0, at - rankedDays + 1), at + 1))
    const curve = { mu, sigma: sigmas, risk, direction: 0 as const }
    const sigma = Math.exp(course.inputs[at * baselineInputs.length]! / 2)
    writeForecast(curve, row, stateBlocks.forecast.from)
    row[place.dayMove] = Math.log(bars.close[bar]! / bars.close[bar - 1]!) / sigma
    row[place.spread] = (20 * reckonedCosts.halfSpread) / sigma
    row[place.relativeVolume] = write.volume(bar)
    const weekday = (2 * Math.PI * ((numberOfDay(bars.days[bar]!) + 4) % 7)) / 7
    row[place.weekdaySine] = Math.sin(weekday)
    row[place.weekdayCosine] = Math.cos(weekday)
    row[place.sessionPart] = 1
    if (input.hasRays) writeRays(bars, bar, row, stateBlocks.rays.from)
    writeCourse(course, at, row)
    write.market(bar, row)
    row[place.modelAge] = ageOf(bars.days[bar]!, input.trainedTo)
    row[place.cost] = (20 * (reckonedCosts.halfSpread + reckonedCosts.slippage)) / sigma
    for (let one = 0; one < stateCount; one++) row[one] = bounded(row[one]!)
    rows.sigma[nth] = sigma
    rows.exit[nth] = exitHorizon(curve)
    rows.reach[nth] = sigmas[rows.exit[nth]! - 1]!
    rows.risk[nth] = risk ?? 0.5
    rows.range90[nth] = baseline.size90 * sigmas[0]!
  }
  return rows
}

const place = {
  ...{ dayMove: placeOf('day_move'), spread: placeOf('spread'), relativeVolume: placeOf('relative_volume') },
  ...{ weekdaySine: placeOf('weekday_sine'), weekdayCosine: placeOf('weekday_cosine') },
  ...{
    sessionPart: placeOf('session_part'),
    change: placeOf('forecast_change'),
    weekToMonth: placeOf('week_to_month'),
  },
  ...{ coverage: placeOf('coverage_60'), modelAge: placeOf('model_age'), regime: placeOf('volatility_regime') },
  ...{ spyMove: placeOf('spy_move_5'), breadth: placeOf('breadth'), dispersion: placeOf('dispersion') },
  cost: placeOf('cost'),
}

/** Forecasts of successive bars, those before the first row included. */
interface Course {
  first: number
  inputs: Float64Array
  sigmas: Float64Array
  /** The standard move of 21 days. */
  month: Float64Array
  /** Was the move into a bar within the 90% range of the bar before? */
  isHeld: Uint8Array
}

function courseOf({ bars, market }: StateInput, baseline: CarriedBaseline, from: number, to: number): Course {
  const { first, rows, values } = baselineRows(bars, market, { from: from - rankedDays + 1, to })
  const width = baselineInputs.length
  const sigmas = new Float64Array(rows * horizonCount)
  const month = new Float64Array(rows)
  const isHeld = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const own = sigmas.subarray(row * horizonCount, (row + 1) * horizonCount)
    writeSigmas(baseline, values.subarray(row * width, (row + 1) * width), own)
    if (!own.every((value) => value > 0 && value < Number.POSITIVE_INFINITY))
      throw new Error(`the bars up to ${bars.days[first + row]} have prices of zero or none`)
    month[row] = own[20]!
    if (row === 0) continue
    const move = Math.log(bars.close[first + row]! / bars.close[first + row - 1]!)
    isHeld[row] = Math.abs(move) <= baseline.size90 * sigmas[(row - 1) * horizonCount]! ? 1 : 0
  }
  return { first, inputs: values, sigmas, month, isHeld }
}

function writeCourse({ inputs, sigmas, month, isHeld }: Course, at: number, row: Float64Array): void {
  const width = baselineInputs.length
  const week = sigmas[at * horizonCount + 4]!
  row[place.change] = 5 * Math.log(month[at]! / month[at - changeDays]!)
  row[place.weekToMonth] = 5 * Math.log((week / Math.sqrt(5)) * (Math.sqrt(21) / month[at]!))
  let held = 0
  for (let ago = 0; ago < countedDays; ago++) held += isHeld[at - ago]!
  row[place.coverage] = 10 * (held / countedDays - 0.9)
  row[place.regime] = (inputs[at * width]! - inputs[at * width + 2]!) / 2
}

/** Writes the numbers of SPY and of all stocks on a bar's day; 0 where they are lacking. */
function marketWriter({ bars, market, cross }: StateInput): (bar: number, row: Float64Array) => void {
  const places = new Map(market?.days.map((day, at) => [day, at]))
  return (bar, row) => {
    const day = bars.days[bar]!
    const at = places.get(day)
    if (market && at !== undefined && at >= 63) row[place.spyMove] = moveOver(market.close, at, 5)
    const own = cross?.at.get(day)
    if (!cross || own === undefined) return
    const [breadth, dispersion] = [cross.market.breadth[own]!, cross.dispersion[own]!]
    if (Number.isNaN(breadth) || Number.isNaN(dispersion)) return
    row[place.breadth] = 2 * breadth - 1
    row[place.dispersion] = Math.log(Math.max(1e-4, dispersion) * Math.sqrt(12)) + 1.5
  }
}

/** The move of some days in units of their usual size, by the daily moves of a quarter. */
function moveOver(close: Float64Array, at: number, days: number): number {
  let squares = 0
  for (let on = at - 62; on <= at; on++) squares += Math.log(close[on]! / close[on - 1]!) ** 2
  return Math.log(close[at]! / close[at - days]!) / Math.max(1e-4, Math.sqrt((squares / 63) * days))
}

/** The logarithm of a bar's volume over the mean of the 20 before. */
function volumeWriter({ volume }: Columns): (bar: number) => number {
  return (bar) => {
    let sum = 0
    for (let on = bar - 20; on < bar; on++) sum += volume[on]!
    return sum > 0 ? Math.log((volume[bar]! + 1) / (sum / 20 + 1)) : 0
  }
}

/** Years since the training ended, at most one; 0 before. */
function ageOf(day: string, trainedTo: string | undefined): number {
  if (trainedTo === undefined) return 0
  return Math.max(0, Math.min(1, (numberOfDay(day) - numberOfDay(trainedTo)) / 365))
}
