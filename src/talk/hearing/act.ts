import { randomBytes } from 'node:crypto'
import { Refusal } from '../../base/refusal.ts'
import { accountFor } from '../../trading/accounts/rows/accounts.ts'
import { nameSymbol, speakerIn } from '../../trading/accounts/rows/members.ts'
import { placeKey } from '../chat/place.ts'
import { type Ask, type Command, concernOf, type Hearing, type Outcome } from '../commands/command.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import type { Given } from '../language/slots.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import type { Ears } from './ears.ts'
import { about, type Heard, notAllowed, refused } from './heard.ts'
import { mayUse } from './roles.ts'

/** Runs a command with what it was given so far, if the speaker may: it acts, asks or refuses. `asked` is the question that brought the last answer. */
export async function run(
  ears: Ears,
  hearing: Hearing,
  registered: RegisteredCommand<Command>,
  given: Given,
  asked?: PendingQuestion,
): Promise<Heard> {
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
  const outcome: Outcome = await command.run(hearing, given)
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

/**
 * The same hearing in the account that a question was put about: the member may use another one by now, and what they answer
 * is what was asked.
 */
export async function asAsked(hearing: Hearing, { accountId }: PendingQuestion): Promise<Hearing> {
  const { parts, speaker } = hearing
  if (accountId === undefined || accountId === speaker.accountId) return hearing
  return { ...hearing, speaker: await speakerIn(parts.db, { ...speaker, accountId }) }
}

/** Puts a question of a command to the speaker. */
export async function ask(ears: Ears, hearing: Hearing, command: string, asked: Ask, before?: string): Promise<Heard> {
  const { speaker, place, parts } = hearing
  const question = { ...asked.ask, id: `q-${randomBytes(9).toString('base64url')}` }
  try {
    await ears.questions.ask(placeKey(place), {
      memberId: speaker.memberId,
      memberName: speaker.name,
      ...(speaker.accountId !== 0 && { accountId: speaker.accountId }),
      command,
      given: asked.given,
      text: asked.text,
      question,
    })
  } catch (cause) {
    parts.log.warn({ err: cause }, 'a question could not be kept')
    const sentence =
      'The desk cannot keep a question open right now (its short memory does not answer). Nothing was done.'
    return refused(
      new Refusal(
        'MEMORY_AWAY',
        sentence,
        'Try again in a moment. What asks nothing works meanwhile: `close now`, `flat`, `trim 100`, `stop .55`',
      ),
      { command },
    )
  }
  const text = before ? `${before}\n\n${asked.text}` : asked.text
  const asking = ears.registry.byName(command)?.command
  return about(asking ? concernOf(asking, asked.given) : 'none', speaker, {
    replies: [{ text, question }],
    outcome: 'asked',
    command,
  })
}

/** Puts the same question once more, with the reason. */
export async function askAgain(ears: Ears, hearing: Hearing, pending: PendingQuestion, reason: string): Promise<Heard> {
  const { command, given, text } = pending
  const { id: _, ...again } = pending.question
  return ask(ears, await asAsked(hearing, pending), command, { ask: again, given, text }, reason)
}
