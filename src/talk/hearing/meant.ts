import { Refusal } from '../../base/refusal.ts'
import { openPosition } from '../../trading/positions/rows/positions.ts'
import { type Command, choose, type Hearing, numbered } from '../commands/command.ts'
import { twoAmounts } from '../commands/quantity.ts'
import { knownSymbol } from '../commands/symbol.ts'
import type { Classified } from '../language/classify.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import { restate } from '../language/restate.ts'
import type { Given } from '../language/slots.ts'
import { type Understood, unwanted } from '../language/understand.ts'
import { ask, run } from './act.ts'
import type { Ears } from './ears.ts'
import { type Heard, notAllowed, refused } from './heard.ts'
import { mayUse } from './roles.ts'

/** Under this name stands the answer to "Did you mean". */
export const meantQuestion = 'meant'

/** Does what a message was taken for: the command acts or asks, it is repeated back, or it is refused with what was not understood. */
export function carryOut(ears: Ears, hearing: Hearing, { verdict, understood }: Classified<Command>): Promise<Heard> {
  const { registered, given, leftover } = understood!
  if (given.quantity !== undefined && given.fraction !== undefined && leftover.length === 0)
    return Promise.resolve(refused(twoAmounts(given), { command: registered.name }))
  if (verdict === 'acts') return run(ears, hearing, registered, given)
  if (verdict === 'confirms') return askWhetherMeant(ears, hearing, registered, given, leftover)
  return Promise.resolve(notWhole(understood!))
}

/** What slots are called to people, where they are not called as they are here. */
const spoken: Record<string, string> = {
  symbols: 'more than one symbol',
  fraction: 'share',
  deadline: 'time',
  above: 'condition',
  below: 'condition',
}

/** What was not understood of a command, or what it takes no such thing. */
export function notWhole(understood: Understood<Command>): Heard {
  const { registered, leftover } = understood
  const { command, name } = registered
  const extra = new Set(unwanted(understood).map((slot) => spoken[slot] ?? slot))
  const what = leftover.length > 0 ? notUnderstoodOf(leftover) : `\`${name}\` takes no ${[...extra].join(' and no ')}`
  // A name that is no mention: a terminal has none, and a platform sends those that it knows as ids.
  const isName = leftover.some((word) => word.startsWith('@')) && command.options.some(({ type }) => type === 'member')
  const instead = isName
    ? `Mention a member of this platform, or name an id: \`${command.example.replace('@somebody', 'discord:123456')}\``
    : `Usage: \`${command.usage}\``
  return refused(new Refusal('NOT_UNDERSTOOD', `${what}. Nothing was done.`, instead), { command: name })
}

const notUnderstoodOf = (leftover: string[]) => `I did not understand "${leftover.join(' ').slice(0, 60)}"`

/** Repeats a command back; a yes does it with exactly what was shown, and nothing else. */
async function askWhetherMeant(
  ears: Ears,
  hearing: Hearing,
  registered: RegisteredCommand<Command>,
  said: Given,
  leftover: string[],
): Promise<Heard> {
  const { command, name } = registered
  if (!mayUse(hearing.speaker, command)) {
    return refused(notAllowed(hearing.speaker, command.needs), { command: name, private: true })
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
  return ask(ears, hearing, name, choose(meantQuestion, 'Did you mean that?', text, choices, given))
}

/** The thread's symbol, where the command can be about it: nothing is scaled out of what is not open. */
async function symbolHere(
  { command }: RegisteredCommand<Command>,
  { parts, speaker: { symbol, accountId } }: Hearing,
): Promise<string | undefined> {
  if (symbol === undefined || !command.ofPosition) return symbol
  return (await openPosition(parts.db, accountId, symbol)) && symbol
}

/** What is shown, and so what is done: the words are not read again, and "here" is the symbol that it is now. */
async function shownOf(registered: RegisteredCommand<Command>, said: Given, hearing: Hearing): Promise<Given> {
  const { command } = registered
  const isText = command.options.some((option) => option.type === 'text')
  const { rest, ...given } = said
  const takesSymbol = command.options.some((option) => option.name === 'symbol')
  const isNamed = given.symbol !== undefined || given.symbols !== undefined
  const here = takesSymbol && !isNamed ? await symbolHere(registered, hearing) : undefined
  return { ...given, ...(isText && rest !== undefined ? { rest } : {}), ...(here ? { symbol: here } : {}) }
}
