import { Refusal } from '../../../base/refusal.ts'
import { type Comparison, compareRuns } from '../../../strategies/runs/compare-runs.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { plain } from '../../language/words.ts'
import { scoreText } from '../../wording/strategies/hits.ts'
import { runName, settingText } from '../../wording/strategies/names.ts'
import { stateText } from '../../wording/strategies/progress.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { compareBacktests } from './compare-backtests.ts'
import { runMeant, runsSeen, whichRun } from './run-meant.ts'

/** Symbols of each kind that are listed. */
const mostListed = 15

export const compareScreenRuns: Command = {
  name: 'compare run',
  aliases: ['compare runs', 'compare'],
  description: 'Two runs side by side',
  category: 'Screeners',
  position: 405,
  effect: 'reads',
  usage: 'compare run N [M]',
  example: 'compare run 12 15',
  detail:
    'The hits that failed in the first run (new), those that fail in the second (gone), and those whose scores have moved. A hit without a score in the other run is told apart. Of two backtests it shows the figures, the settings that differ, and their curves in one picture. With one number, the run is compared with the one of the same screener before it.',
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
    return other === undefined ? compared(hearing, second, first) : compared(hearing, first, second)
  },
}

async function runBefore(hearing: Hearing, run: Run): Promise<Run | Refusal> {
  const earlier = await runsSeen(hearing, { strategy: run.strategy, before: run.number, most: 1 })
  return (
    earlier[0] ??
    new Refusal(
      'NO_SUCH_RUN',
      `There is no run of this ${run.kind === 'backtest' ? 'strategy' : 'screener'} before run ${run.number}.`,
      '`compare run 12 15` names two',
    )
  )
}

async function compared(hearing: Hearing, first: Run, second: Run): Promise<Outcome> {
  if (first.kind !== second.kind) return unlike(first, second)
  return first.kind === 'backtest' ? compareBacktests(hearing, first, second) : compareScreens(hearing, first, second)
}

/** The refusal of a screen beside a backtest. */
function unlike(first: Run, second: Run): Refusal {
  const [screen, backtest] = first.kind === 'screen' ? [first, second] : [second, first]
  const sentence = `Run ${screen.number} is a screen and run ${backtest.number} a backtest, so they do not compare.`
  return new Refusal('NO_SUCH_RUN', sentence, '`runs` says the kinds')
}

async function compareScreens({ parts }: Hearing, first: Run, second: Run): Promise<Outcome> {
  const found = await compareRuns(parts.db, first, second)
  const lines = [
    `🔎 RUNS ${first.number} AND ${second.number}`,
    lineOf(first),
    lineOf(second),
    ...(first.strategy === second.strategy ? [] : ['⚠️ They are of different screeners: their scores do not compare']),
    ...(first.market === second.market
      ? []
      : [`⚠️ Their bars are of two markets: ${first.market ?? 'none'} and ${second.market ?? 'none'}`]),
    listed(
      `✚ New in ${second.number}`,
      found.new.map(({ symbol, score }) => `${symbol} ${scoreText(score)}`),
    ),
    listed(
      `− Gone since ${first.number}`,
      found.gone.map(({ symbol, score }) => `${symbol} ${scoreText(score)}`),
    ),
    ...inBothLines(found, first.strategy === second.strategy),
    ...unscoredLines(found, first, second),
    `💡 \`results ${second.number} SYMBOL\` shows how a score came about`,
  ]
  return say(lines.join('\n'))
}

/** Hits of both runs. Scores of different screeners do not compare, so that none has moved. */
function inBothLines({ moved, same }: Comparison, areAlike: boolean): string[] {
  if (!areAlike) return [`= In both: ${moved.length + same}`]
  const changes = moved.map(({ symbol, before, after }) => `${symbol} ${scoreText(before)} → ${scoreText(after)}`)
  return [listed('↕ Moved', changes), `= Unchanged: ${same}`]
}

/** Hits that a run has not scored, often because it ended early: nobody may take them for gone. */
function unscoredLines({ unscored }: Comparison, first: Run, second: Run): string[] {
  const within = (run: Run, of: 'before' | 'after', other: 'before' | 'after') => {
    const hits = unscored.flatMap(({ symbol, ...one }) =>
      one[of] === null ? [`${symbol} ${scoreText(one[other]!)}`] : [],
    )
    return hits.length === 0 ? [] : [listed(`⚠️ Without a score in ${run.number}, so not compared`, hits)]
  }
  return [...within(first, 'before', 'after'), ...within(second, 'after', 'before')]
}

const lineOf = (run: Run) =>
  `${runName(run)} · ${settingText(run)} · ${stateText(run)}${run.asOf ? ` · as of ${run.asOf}` : ''}`

function listed(what: string, all: string[]): string {
  if (all.length === 0) return `${what}: none`
  const more = all.length - mostListed
  return `${what} (${all.length}): ${all.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
