import { Refusal } from '../../base/refusal.ts'
import { openPositions } from '../../trading/positions/rows/positions.ts'
import { type Command, choose, type Hearing, numbered } from '../commands/command.ts'
import { knownSymbol, positionHere } from '../commands/symbol.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import { restate } from '../language/restate.ts'
import type { Given } from '../language/slots.ts'
import { ask } from './ask.ts'
import type { Ears } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { notAllowed, notUnderstoodOf } from './refusals.ts'
import { mayUse } from './roles.ts'

/** The name of the question "Did you mean". */
export const meantQuestion = 'meant'

/** Repeats a command back as a question. A yes runs it with exactly the values that were shown. */
export async function askWhetherMeant(
  ears: Ears,
  hearing: Hearing,
  registered: RegisteredCommand<Command>,
  said: Given,
  leftover: string[],
  again?: { before: string; beside?: string[] },
): Promise<HearingOutcome> {
  const { command, name } = registered
  if (!mayUse(hearing.speaker, command)) {
    return refused(notAllowed(hearing.speaker, command.needs), { command: name })
  }
  for (const symbol of said.symbols?.split(' ') ?? (said.symbol ? [said.symbol] : [])) {
    const known = knownSymbol(hearing.parts.market, symbol)
    if (known instanceof Refusal) return refused(known, { command: name })
  }
  const given = await shownOf(registered, said, hearing)
  const text = [
    `🤔 Did you mean: ${restate(registered, given)}?`,
    ...(leftover.length > 0 ? [`⚠️ ${notUnderstoodOf(leftover)}.`] : []),
    numbered(['YES - Do it', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y', 'yep', 'yeah'] },
    { value: 'no', label: 'NO', aliases: ['n', 'nope'] },
  ]
  const asked = choose(meantQuestion, 'Did you mean that?', text, choices, given)
  return ask(ears, hearing, name, asked, again?.before, again?.beside)
}

/** The thread's symbol, if the command can use it. A command for positions needs an open position in it. */
async function symbolHere(
  { command }: RegisteredCommand<Command>,
  { parts, speaker }: Hearing,
): Promise<string | undefined> {
  if (!command.ofPosition) return speaker.symbol
  return positionHere(await openPositions(parts.db, speaker.accountId), speaker)?.symbol
}

/** The slots to show. A yes acts on them without reading the words again, so "here" becomes the thread's present symbol. */
export async function shownOf(registered: RegisteredCommand<Command>, said: Given, hearing: Hearing): Promise<Given> {
  const { command } = registered
  const isText = command.options.some((option) => option.type === 'text')
  const { rest, ...given } = said
  // `close all` is about every symbol.
  const takesSymbol = registered.name !== 'close all' && command.options.some((option) => option.name === 'symbol')
  const isNamed = given.symbol !== undefined || given.symbols !== undefined
  const here = takesSymbol && !isNamed ? await symbolHere(registered, hearing) : undefined
  return { ...given, ...(isText && rest !== undefined ? { rest } : {}), ...(here ? { symbol: here } : {}) }
}
