import { Refusal } from '../../../base/refusal.ts'
import { plain } from '../../language/words.ts'
import type { Command } from '../command.ts'
import { runMeant, runNumberIn, whichRun } from './run-meant.ts'
import { startRun } from './start.ts'

export const rerun: Command = {
  name: 'rerun',
  aliases: [],
  description: 'The same run once more',
  category: 'Screeners',
  position: 404,
  effect: 'sets',
  usage: 'rerun [N]',
  example: 'rerun 12',
  detail:
    'Starts the same strategy with the same parameters once more, on the bars of today. `compare run 12 15` shows what has changed. Without a number it is your last run.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'run', type: 'text', description: 'Its number' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    const number = runNumberIn(said)
    if (said !== '' && number === undefined) return whichRun(said, 'rerun 12')
    const run = await runMeant(hearing, number)
    if (run instanceof Refusal) return run
    const { kind, strategy, parameters, priority, templateName } = run
    return startRun(hearing, { kind, strategy, parameters, priority, ...(templateName && { templateName }) })
  },
}
