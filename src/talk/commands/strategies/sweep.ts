import { Refusal } from '../../../base/refusal.ts'
import { mostVariants, requestSweep } from '../../../strategies/runs/request-sweep.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { settingText, titleOf } from '../../wording/strategies/names.ts'
import { type Command, say } from '../command.ts'
import { askFor } from './corrections.ts'
import { readScreen } from './read-screen.ts'
import { requestOf, toldBy } from './start.ts'
import { valuesIn } from './sweep-values.ts'

export const sweep: Command = {
  name: 'sweep',
  aliases: [],
  description: 'A screener with several values of a parameter, side by side',
  category: 'Screeners',
  position: 407,
  effect: 'sets',
  usage: 'sweep STRATEGY [UNIVERSE] PARAMETER FROM..TO [by STEP]',
  example: 'sweep breakout min_score 60..80 by 5',
  detail: `Runs a screener once for each value of one parameter, at most ${mostVariants} times, and lists the variants side by side when the last one has ended. Without a step there are five values. They all start, or none.`,
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'what', type: 'text', description: 'breakout min_score 60..80 by 5' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    if (given.instead === 'no') return say('OK, nothing was started.')
    const read = await readScreen(hearing, given, 'sweep')
    if (read === 'nothing') return notWhole('Sweep what?')
    if (read instanceof Refusal || 'ask' in read) return read
    const swept = Object.entries(read.typed).filter(([, value]) => typeof value === 'string' && value.includes('..'))
    const [parameter, range] = swept[0] ?? []
    if (parameter === undefined || swept.length > 1)
      return notWhole(swept.length > 1 ? 'One parameter varies at a time.' : 'No parameter has a range.')
    const values = valuesIn(String(range), read.step)
    if (values instanceof Refusal) return values
    const { [parameter]: _, ...fixed } = read.typed
    const { strategy, priority, notify, email } = read
    const runs = await requestSweep(
      hearing.parts,
      {
        ...requestOf(hearing),
        strategy: strategy.name,
        parameters: fixed,
        ...(priority && { priority }),
        ...toldBy({ notify, email }),
      },
      { parameter, values },
    )
    if (runs instanceof Refusal) return (runs.field !== parameter ? askFor(read, runs, {}) : undefined) ?? runs
    return say(startedText(runs, parameter))
  },
}

function startedText(runs: Run[], parameter: string): string {
  const [first] = runs
  const { [parameter]: _, ...others } = first!.parameters
  return [
    `🔎 SWEEP · ${titleOf(first!.strategy)} · ${settingText({ ...first!, parameters: others })}`,
    ...runs.map((run) => `Run ${run.number}: ${parameter} ${String(run.parameters[parameter])}`),
    `💡 Their list comes here when all have ended; \`runs\` shows how far they are, \`cancel run ${first!.number}\` ends one`,
  ].join('\n')
}

function notWhole(why: string): Refusal {
  return new Refusal('NOT_UNDERSTOOD', `${why} Nothing was started.`, `For example \`${sweep.example}\``)
}
