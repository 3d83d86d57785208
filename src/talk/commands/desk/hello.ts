import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import type { Parts } from '../../../trading/parts.ts'
import { positionCount } from '../../../trading/positions/rows/position-count.ts'
import { openPositions } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { runningTasks } from '../../../trading/scaleouts/rows/tasks.ts'
import { haltLine } from '../../wording/halt-line.ts'
import { type Command, type Hearing, say } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'
import { firstSteps } from './first-steps.ts'

type Greeted = { parts: Pick<Parts, 'db' | 'market'>; speaker: Pick<Hearing['speaker'], 'accountId' | 'role'> }

/** The most positions that the answer names. */
const named = 3

export const sayHello: Command = {
  name: 'hello',
  aliases: ['hi', 'hey'],
  phrases: [
    {
      full: `hi there, hello there, hey there, hi desk, hello desk, hey desk, good morning, good afternoon, good evening,
        what now, what next, what can i try, how do i start, how do i begin, where do i start, get started, getting started`,
    },
  ],
  description: 'What to try next',
  category: 'Desk',
  position: 149,
  effect: 'reads',
  greets: true,
  usage: 'hello',
  example: 'hi',
  detail:
    'A short answer on what to try next: the way to a first scaleout, or what you hold and what runs. In a channel or a thread say it to the desk: `hi` among people stays theirs.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  run: async (hearing) => say(await greeting(hearing)),
}

/** What a member holds and what runs, or what to try first. */
export async function greeting({ parts, speaker: { accountId, role } }: Greeted): Promise<string> {
  const [open, tasks, halt] = await Promise.all([
    openPositions(parts.db, accountId),
    runningTasks(parts.db, accountId),
    haltOf(parts.db, accountId),
  ])
  if (halt) return `${haltLine(halt)}\n💡 \`positions\` shows what is open, \`pl\` how it stands`
  if (open.length > 0 || tasks.length > 0) {
    const held = open.slice(0, named).map(positionText).join(', ')
    const more = open.length > named ? ` and ${open.length - named} more` : ''
    return [
      ...(open.length > 0 ? [`👋 Hello. You are ${held}${more}.`] : ['👋 Hello. You hold nothing now.']),
      ...(tasks.length > 0 ? [runningText(tasks.length)] : []),
      ...(open.length > 0 ? [withPositions(open[0]!.symbol, open.length === 1)] : []),
    ].join('\n')
  }
  const symbol = exampleSymbol(parts.market)
  if (role === 'viewer')
    return `👋 Hello. You may look around here: an owner decides who trades.\n💡 Try \`quote ${symbol}\`, \`chart ${symbol}\` or \`help\``
  if ((await positionCount(parts.db, accountId)) === 0) return firstSteps(parts)
  return `👋 Hello. You hold nothing now.\n💡 \`trades\` shows how it went, \`long ${symbol} 100\` records a position, \`help\` lists the rest`
}

const runningText = (count: number) =>
  `⏱️ ${count} ${count === 1 ? 'task runs' : 'tasks run'} in the background: \`tasks\` shows how far`

const withPositions = (symbol: string, isOnly: boolean) =>
  `💡 \`pl\` shows how it stands, \`scaleout${isOnly ? '' : ` ${symbol}`}\` sells in parts over time, \`help\` lists the rest`
