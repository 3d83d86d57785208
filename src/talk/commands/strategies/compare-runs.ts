import { Refusal } from '../../../base/refusal.ts'
import { compareRuns } from '../../../strategies/runs/compare-runs.ts'
import { runsOf } from '../../../strategies/runs/rows/runs.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { plain } from '../../language/words.ts'
import { scoreText } from '../../wording/strategies/hits.ts'
import { runName, settingText } from '../../wording/strategies/names.ts'
import { stateText } from '../../wording/strategies/progress.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { runMeant, whichRun } from './run-meant.ts'

/** Symbols of each kind that are listed. */
const mostListed = 15

export const compareScreenRuns: Command = {
  name: 'compare run',
  aliases: ['compare runs', 'compare'],
  description: 'Two runs side by side: new, gone, moved',
  category: 'Screeners',
  position: 405,
  effect: 'reads',
  usage: 'compare run N [M]',
  example: 'compare run 12 15',
  detail:
    'The hits that only the second run has (new), those that only the first has (gone), and those whose scores have moved. With one number, the run is compared with the one of the same screener before it.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'runs', type: 'text', description: '12 15' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    const [, one, other] =
      /^(?:runs? )?#?(\d{1,9})(?:,? ?(?:and |with |to |against |vs\.? )?(?:run )?#?(\d{1,9}))?$/.exec(said) ?? []
    if (one === undefined) return whichRun(said, 'compare run 12 15')
    const first = await runMeant(hearing, Number(one))
    if (first instanceof Refusal) return first
    const second = other === undefined ? await runBefore(hearing, first) : await runMeant(hearing, Number(other))
    if (second instanceof Refusal) return second
    // The older one comes first, so that `new` is new.
    return first.number <= second.number ? compared(hearing, first, second) : compared(hearing, second, first)
  },
}

async function runBefore({ parts, speaker }: Hearing, run: Run): Promise<Run | Refusal> {
  const earlier = await runsOf(parts.db, speaker.memberId, { strategy: run.strategy, before: run.number, most: 1 })
  return (
    earlier[0] ??
    new Refusal(
      'NO_SUCH_RUN',
      `There is no run of this screener before run ${run.number}.`,
      '`compare run 12 15` names two',
    )
  )
}

async function compared({ parts }: Hearing, first: Run, second: Run): Promise<Outcome> {
  const found = await compareRuns(parts.db, first, second)
  const lines = [
    `🔎 RUNS ${first.number} AND ${second.number}`,
    lineOf(first),
    lineOf(second),
    ...(first.strategy === second.strategy ? [] : ['⚠️ They are of different screeners: their scores do not compare']),
    listed(
      `✚ New in ${second.number}`,
      found.new.map(({ symbol, score }) => `${symbol} ${scoreText(score)}`),
    ),
    listed(
      `− Gone since ${first.number}`,
      found.gone.map(({ symbol, score }) => `${symbol} ${scoreText(score)}`),
    ),
    listed(
      '↕ Moved',
      found.moved.map(({ symbol, before, after }) => `${symbol} ${scoreText(before)} → ${scoreText(after)}`),
    ),
    `= Unchanged: ${found.same}`,
    `💡 \`results ${second.number} SYMBOL\` shows how a score came about`,
  ]
  return say(lines.join('\n'))
}

const lineOf = (run: Run) =>
  `${runName(run)} · ${settingText(run)} · ${stateText(run)}${run.asOf ? ` · as of ${run.asOf}` : ''}`

function listed(what: string, all: string[]): string {
  if (all.length === 0) return `${what}: none`
  const more = all.length - mostListed
  return `${what} (${all.length}): ${all.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
