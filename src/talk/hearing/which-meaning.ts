import { nameOf } from '../../market/names.ts'
import { openPositions } from '../../trading/positions/rows/positions.ts'
import { type Command, choose, type Hearing, numbered } from '../commands/command.ts'
import type { Meanings } from '../language/classify.ts'
import type { DoubtfulWord } from '../language/readings.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import { restate } from '../language/restate.ts'
import type { Given } from '../language/slots.ts'
import type { UnderstoodCommand } from '../language/understand.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { ask } from './ask.ts'
import { shownOf } from './confirmation.ts'
import { type Ears, stateOf } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { notAllowed } from './refusals.ts'
import { mayUse } from './roles.ts'
import { run } from './run.ts'
import { meaningQuestion, type ShownMeanings } from './shown-meanings.ts'

export { meaningQuestion } from './shown-meanings.ts'

/** The meaning of a doubtful word that is no symbol, where it has a plain one. */
const plainly: Record<string, string> = {
  all: 'everything',
  everything: 'everything',
  now: 'at once',
  fast: 'the pace',
  slow: 'the pace',
  half: 'a half',
  cost: 'a price',
}

/**
 * Asks which meaning of a message was meant: `ALL: Allstate, or everything?` A choice runs exactly what its line shows. In a
 * message that is all in capitals a symbol of an exit without a quantity counts only if the member holds it.
 */
export async function askWhichMeaning(
  ears: Ears,
  hearing: Hearing,
  { words, meanings }: Meanings<Command>,
): Promise<HearingOutcome> {
  const likely = words.every(({ kind }) => kind === 'shouted') ? await withPositions(hearing, meanings) : meanings
  const [first, another] = likely
  const { registered } = first!
  if (!mayUse(hearing.speaker, registered.command)) {
    return refused(notAllowed(hearing.speaker, registered.command.needs), { command: registered.name, private: true })
  }
  if (!another) return run(ears, hearing, registered, first!.given)
  const shown = await Promise.all(
    likely.map(async (one) => ({
      registered: one.registered,
      given: await shownOf(one.registered, one.given, hearing),
    })),
  )
  const lines = [...shown.map((one) => restate(one.registered, one.given)), 'NOTHING - Leave it']
  const text = [
    `🤔 ${words.map((word) => askedOf(hearing, word)).join(' ')}`,
    numbered(lines),
    '',
    `💡 Reply with a number from 1 to ${lines.length}`,
  ].join('\n')
  const choices = [
    ...shown.map((one, index) => ({
      value: String(index + 1),
      label: restate(one.registered, one.given).slice(0, 40),
    })),
    { value: 'no', label: 'NOTHING', aliases: ['n', 'nothing', 'none'] },
  ]
  const state: ShownMeanings = {
    flow: 'meanings',
    v: 1,
    meanings: shown.map(({ registered: { name }, given }) => ({ command: name, given })),
  }
  const asked = choose(meaningQuestion, 'Which one do you mean?', text, choices, {})
  return ask(ears, hearing, registered.name, { ...asked, state })
}

/** The meaning that an answer chose; undefined for none of them. */
export function meaningChosen(
  ears: Ears,
  asked: PendingQuestion,
  answer: string,
): { registered: RegisteredCommand<Command>; given: Given } | undefined {
  const state = stateOf(ears, asked) as ShownMeanings
  const { command = '', given = {} } = state.meanings[Number(answer) - 1] ?? {}
  const registered = ears.registry.byName(command)
  return registered && { registered, given }
}

/** Leaves out the exits from symbols that the member does not hold. */
async function withPositions(
  { parts, speaker }: Hearing,
  meanings: UnderstoodCommand<Command>[],
): Promise<UnderstoodCommand<Command>[]> {
  const open = new Set((await openPositions(parts.db, speaker.accountId)).map(({ symbol }) => symbol))
  return meanings.filter(({ registered, given }) => {
    const named = given.symbols?.split(' ') ?? (given.symbol ? [given.symbol] : [])
    const isOther = registered.command.exits === undefined || given.quantity !== undefined
    return isOther || named.every((symbol) => open.has(symbol))
  })
}

/** `ALL: Allstate, or everything?` */
function askedOf({ parts: { market } }: Hearing, { word, symbol }: DoubtfulWord): string {
  const known = market.instrument(symbol)
  const name = known ? nameOf(known) : symbol
  const said = name === symbol ? `the symbol ${symbol}` : name
  return `${word}: ${said}, or ${plainly[word.toLowerCase()] ?? 'the word'}?`
}
