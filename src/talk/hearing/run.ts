import { Refusal } from '../../base/refusal.ts'
import { accountFor } from '../../trading/accounts/rows/accounts.ts'
import { nameSymbol } from '../../trading/accounts/rows/members.ts'
import { type Command, concernOf, type Hearing, type Outcome } from '../commands/command.ts'
import type { FlowState } from '../commands/flow-state.ts'
import { valuesOf } from '../commands/read-slots.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import type { Given } from '../language/slots.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { ask, askAgain } from './ask.ts'
import type { Ears } from './ears.ts'
import { about, type HearingOutcome, refused } from './outcome.ts'
import { notAllowed } from './refusals.ts'
import { mayUse } from './roles.ts'

/** Runs a command with what it was given so far, if the speaker may: it acts, asks or refuses. `asked` is the question that brought the last answer, `state` what it had shown. */
export async function run(
  ears: Ears,
  hearing: Hearing,
  registered: RegisteredCommand<Command>,
  given: Given,
  asked?: PendingQuestion,
  state?: FlowState,
): Promise<HearingOutcome> {
  const { command, name } = registered
  const { speaker, parts } = hearing
  if (!mayUse(speaker, command)) return refused(notAllowed(speaker, command.needs), { command: name, private: true })
  const concern = concernOf(command, given)
  if (concern !== 'none' && concern !== 'looks') {
    // An account that may not trade is of no use, and whoever comes by from another team would leave one behind.
    if (speaker.role === 'viewer' && speaker.accountId === 0)
      return refused(notAllowed(speaker, 'trader'), { command: name, private: true })
    if (speaker.accountId !== 0 || (concern === 'acts' && !namesUnknown(hearing, registered, given)))
      await accountFor(parts.db, speaker)
  }
  const symbol = given.symbol && parts.market.instrument(given.symbol)?.symbol
  if (symbol && symbol !== speaker.symbol) {
    await nameSymbol(parts.db, speaker.conversationId, symbol)
    speaker.symbol = symbol
  }
  const outcome: Outcome = await command.run(hearing, valuesOf(given, parts.market), state)
  if (outcome instanceof Refusal) {
    if (asked && outcome.askAgain) return askAgain(ears, hearing, asked, outcome.text)
    // A press on a question that is over is between the desk and the presser.
    return about(concern, speaker, refused(outcome, { command: name, private: outcome.code.startsWith('QUESTION_') }))
  }
  if ('ask' in outcome) return ask(ears, hearing, name, outcome)
  return about(concern, speaker, { replies: outcome.replies, outcome: 'done', command: name })
}

/** Does it name a symbol that the market does not have, of a command that takes one? It is refused, and opens no account. */
function namesUnknown(
  { parts }: Hearing,
  { command }: RegisteredCommand<Command>,
  { symbol, symbols }: Given,
): boolean {
  if (!command.options.some(({ type }) => type === 'symbol')) return false
  const named = [...(symbol ? [symbol] : []), ...(symbols?.split(' ') ?? [])]
  return named.some((one) => parts.market.instrument(one) === undefined)
}
