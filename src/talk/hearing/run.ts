import { Refusal } from '../../base/refusal.ts'
import { currencyOf } from '../../market/currency.ts'
import { accountFor } from '../../trading/accounts/rows/accounts.ts'
import { nameSymbol } from '../../trading/accounts/rows/members.ts'
import { type Command, concernOf, type Hearing, type Outcome } from '../commands/command.ts'
import type { FlowState } from '../commands/flow-state.ts'
import { valuesOf } from '../commands/read-slots.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import type { Given } from '../language/slots.ts'
import { takenBy } from '../language/understand.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { ask, askAgain } from './ask.ts'
import type { Ears } from './ears.ts'
import { lookUpSymbols } from './look-up.ts'
import { inOtherCurrency } from './other-currency.ts'
import { about, type HearingOutcome, refused } from './outcome.ts'
import { inPrivate, notPrivate, withoutQuestion } from './private-answer.ts'
import { notAllowed, notWhole } from './refusals.ts'
import { mayUse } from './roles.ts'

/**
 * Runs a command with the values given so far, if the speaker's role permits it. The command acts, asks or refuses. `asked` is
 * the question of the last answer, `state` the state that it showed, `again` what stands before and beside a question that is put again.
 */
export async function run(
  ears: Ears,
  hearing: Hearing,
  registered: RegisteredCommand<Command>,
  given: Given,
  asked?: PendingQuestion,
  state?: FlowState,
  again?: { before: string; beside?: string[] },
): Promise<HearingOutcome> {
  const { command, name } = registered
  const { speaker, parts } = hearing
  if (!mayUse(speaker, command)) return refused(notAllowed(speaker, command.needs), { command: name })
  const isPrivate = hearing.isPrivate || given.private !== undefined
  const openly = isPrivate ? notPrivate(registered) : undefined
  if (openly) return refused(openly, { command: name, private: true })
  // A command for one symbol would act on the thread's symbol instead of the several that were named.
  if (given.symbols !== undefined && !takenBy(registered).has('symbols'))
    return refused(notWhole({ registered, given, leftover: [], doubts: [] }), { command: name })
  // The answer to a question of what reads may act, as that of `advise` does.
  const onlyReads = command.effect === 'reads' && state === undefined
  if (hearing.began !== 'acts') hearing.began = onlyReads ? 'reads' : 'acts'
  await lookUpSymbols(parts, given)
  const foreign = await inOtherCurrency(hearing, command, given)
  if (foreign) return refused(foreign, { command: name })
  const concern = concernOf(command, given)
  if (concern !== 'none' && concern !== 'looks') {
    // A viewer cannot trade, so no account is opened. Visitors from other teams would otherwise leave unused accounts behind.
    if (speaker.role === 'viewer' && speaker.accountId === 0)
      return refused(notAllowed(speaker, 'trader'), { command: name })
    if (speaker.accountId !== 0 || (concern === 'acts' && !namesUnknown(hearing, registered, given)))
      await accountFor(parts.db, speaker)
  }
  const symbol = given.symbol && parts.market.instrument(given.symbol)?.symbol
  // A thread is never about a pair of which the desk speaks nowhere else.
  if (symbol && symbol !== speaker.symbol && currencyOf(symbol) === undefined) {
    await nameSymbol(parts.db, speaker.conversationId, symbol)
    speaker.symbol = symbol
  }
  const said: Outcome = await command.run(hearing, valuesOf(given, parts.market), state)
  const outcome = isPrivate ? withoutQuestion(registered, said) : said
  if (outcome instanceof Refusal) {
    if (asked && outcome.askAgain) return askAgain(ears, hearing, asked, outcome.text)
    // The refusal of a press on a closed question is private.
    return about(concern, hearing, refused(outcome, { command: name, private: outcome.code.startsWith('QUESTION_') }))
  }
  if ('ask' in outcome) return ask(ears, hearing, name, outcome, again?.before, again?.beside)
  const done = about(concern, hearing, { replies: outcome.replies, outcome: 'done', command: name })
  return isPrivate ? inPrivate(done) : done
}

/** Does the command name an unknown symbol? Then it will be refused and must not open an account. */
function namesUnknown(
  { parts }: Hearing,
  { command }: RegisteredCommand<Command>,
  { symbol, symbols }: Given,
): boolean {
  if (!command.options.some(({ type }) => type === 'symbol')) return false
  const named = [...(symbol ? [symbol] : []), ...(symbols?.split(' ') ?? [])]
  return named.some((one) => parts.market.instrument(one) === undefined)
}
