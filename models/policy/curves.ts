import { drawLines, type NamedLine } from '../../src/charts/index.ts'
import type { PolicyCard, Trial } from '../../src/prediction/policy/card.ts'

/** The learning of the tests' trainings as a picture: for each test the median of its seeds, the least and the most. */
export function curvesOf({ trials, split }: Pick<PolicyCard, 'trials' | 'split'>): Promise<Uint8Array> {
  const own = trials.filter(({ name }) => name.startsWith('fold-'))
  const [first] = own
  const parts = first!.rewards.length
  const lines = split.folds.flatMap(({ testFrom }, fold): NamedLine[] => {
    const seeds = own.filter((trial) => trial.testFrom === testFrom)
    const at = (share: number) => Array.from({ length: parts }, (_, part) => quantile(seeds, part, share))
    const colour = fold % 2 === 0 ? 'average' : 'target'
    const edge: Partial<NamedLine> = { colour, dash: [2, 4] }
    return [
      { name: `tested from ${testFrom}`, values: at(0.5), colour },
      { values: at(0), ...edge },
      { values: at(1), ...edge },
    ]
  })
  return drawLines({
    title: 'Learning of the policy',
    note: `reward of a day, by steps · median, least and most of ${own.length / split.folds.length} seeds`,
    times: Array.from({ length: parts }, (_, at) => new Date(at)),
    labels: Array.from({ length: parts / 4 }, (_, at) => ({
      ...{ index: 4 * at + 3, text: `${Math.round((first!.steps * (4 * at + 4)) / parts / 1000)}k` },
    })),
    timeZone: 'UTC',
    name: 'Reward',
    lines,
  })
}

function quantile(trials: readonly Trial[], part: number, share: number): number {
  const sorted = trials.map(({ rewards }) => rewards[part]!).sort((a, b) => a - b)
  return sorted[Math.round(share * (sorted.length - 1))]!
}
