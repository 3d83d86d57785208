import { Refusal } from '../../../base/refusal.ts'
import { cancelRun } from '../../../strategies/runs/cancel-run.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import { plain } from '../../language/words.ts'
import { runName, settingText } from '../../wording/strategies/names.ts'
import { stateText } from '../../wording/strategies/progress.ts'
import { type Ask, type Command, choose, type Hearing, numbered, say } from '../command.ts'
import { runMeant, runNumberIn, runsSeen, whichRun } from './run-meant.ts'

/** So many of the newest runs are looked at for open ones; more cannot wait. */
const newest = 100

export const cancelScreenRun: Command = {
  name: 'cancel run',
  aliases: ['stop run', 'abort run', 'end run', 'cancel runs', 'stop runs', 'cancel screen', 'stop screen'],
  phrases: [{ says: 'all', full: 'cancel all runs, stop all runs, end all runs, cancel all my runs' }],
  description: 'End a screen or a backtest',
  category: 'Screeners',
  position: 403,
  effect: 'sets',
  usage: 'cancel run [N | all]',
  example: 'cancel run 12',
  detail:
    'Ends a run of yours that waits or works; its results so far stay (`results 12`). Alone it ends the one that is open, or asks which.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'run', type: 'text', description: 'Its number, or all' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = given.which ?? plain(given.rest ?? '')
    const number = runNumberIn(said)
    if (number !== undefined) return say(await cancelledText(hearing, number))
    if (said !== '' && said !== 'all') return whichRun(said, 'cancel run 12')
    const open = await openOf(hearing)
    const [only, another] = open
    if (!only)
      return new Refusal('NOTHING_RUNS', 'No run of yours is open. Nothing was done.', '`runs` lists those that ended')
    if (another && said === '') return askWhich(open)
    const texts: string[] = []
    // Those that wait go first, so that none takes the place of one that ends.
    const [waiting = [], begun = []] = [true, false].map((is) =>
      open.filter(({ state }) => (state === 'queued') === is),
    )
    for (const run of [...waiting, ...begun]) texts.push(await cancelledText(hearing, run.number))
    return say(texts.join('\n'))
  },
}

async function openOf(hearing: Hearing): Promise<Run[]> {
  const runs = await runsSeen(hearing, { most: newest })
  return runs.filter(({ state }) => !isEnd(state)).toReversed()
}

async function cancelledText(hearing: Hearing, number: number): Promise<string> {
  const meant = await runMeant(hearing, number)
  if (meant instanceof Refusal) return meant.text
  const run = await cancelRun(hearing.parts, { memberId: meant.memberId }, number)
  return run instanceof Refusal ? run.text : `🛑 ${runName(run)}: ${stateText(run)}`
}

function askWhich(open: Run[]): Ask {
  const lines = open.map((run) => `Run ${run.number} · ${settingText(run)} · ${stateText(run)}`)
  const text = [
    '❓ Which run should end?',
    numbered([...lines, `All ${open.length}`]),
    '',
    `💡 Reply with a number from 1 to ${open.length + 1}`,
  ].join('\n')
  const choices = open.map(({ number }) => ({
    value: String(number),
    // `run 12` shows a run, and must not end it as an answer.
    label: `End run ${number}`,
  }))
  return choose('which', 'Which run?', text, [...choices, { value: 'all', label: 'All' }], {})
}
