// The 336 features of a symbol and a day, on one core beside a pass over the same bars, and the cross-section of a universe.
import { crossSectionOf } from '../../src/prediction/features/cross-section.ts'
import { featuresOf } from '../../src/prediction/features/features.ts'
import { barsNeeded } from '../../src/prediction/features/history.ts'
import { sp500Symbols } from '../../src/strategies/universes/sp500.ts'
import { percentile, report } from './figures.ts'
import { fiveYears, isRecorded } from './five-years.ts'

const runs = 5
const symbolsUsed = 40
/** A row may take a millisecond. */
const leastRows = 1000

const bars = await fiveYears()
const spy = bars.get('SPY')
bars.delete('SPY')
// The bars of the bench go under other names, so that they have sectors.
const universe = new Map(
  [...bars.values()].flatMap((columns, at) => (sp500Symbols[at] ? [[sp500Symbols[at], columns]] : [])),
)
const some = [...universe].slice(0, symbolsUsed)
const note = isRecorded ? 'recorded bars' : 'made bars: the recorded ones are missing'

let cross = crossSectionOf(universe)
const crossSeconds = median(() => {
  cross = crossSectionOf(universe)
})
const rows = some.reduce((sum, [, bars]) => sum + Math.max(0, bars.days.length - barsNeeded + 1), 0)
const seconds = median(() => {
  for (const [symbol, bars] of some) featuresOf({ symbol, bars, cross, spy })
})
const floor = median(() => {
  let sum = 0
  for (const [, { close }] of some) {
    for (let bar = barsNeeded - 1; bar < close.length; bar++) {
      for (let ago = 0; ago < barsNeeded; ago++) sum += close[bar - ago]!
    }
  }
  if (!Number.isFinite(sum)) throw new Error('the bars are no numbers')
})
report({
  ...{
    figure: 'rows of 336 features a second of processor time',
    value: rows / seconds,
    unit: '1/s',
    samples: runs,
    note,
  },
  ...{ floor: rows / floor, floorOf: 'adding up the 280 closes of each row' },
  ...{ goal: `at least ${leastRows}`, holds: rows / seconds >= leastRows },
})
report({
  figure: `the cross-section of ${universe.size} symbols × 5 years`,
  value: crossSeconds,
  unit: 's',
  samples: runs,
  note,
})

/** Seconds of processor time of the median run, once it is compiled. */
function median(work: () => void): number {
  const taken: number[] = []
  for (let run = -1; run < runs; run++) {
    const began = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(began)
    if (run >= 0) taken.push((user + system) / 1e6)
  }
  return percentile(taken, 0.5)
}
