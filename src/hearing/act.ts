import { randomBytes } from 'node:crypto'
import { placeKey } from '../chat/place.ts'
import { Refusal } from '../chat/refusal.ts'
import type { RegisteredCommand } from '../classify/registry.ts'
import type { Given } from '../classify/slots.ts'
import { type Understood, unwanted } from '../classify/understand.ts'
import type { Ask, Command, Hearing, Outcome } from '../commands/command.ts'
import type { PendingQuestion } from '../conversation/questions.ts'
import type { Role } from '../db/schema.ts'
import { nameSymbol } from '../ledger/members.ts'
import type { Ears } from './ears.ts'
import { type Heard, notAllowed, refused, silence } from './heard.ts'

const rank: Record<Role, number> = { viewer: 0, trader: 1, owner: 2 }

/** Runs a command that was typed, unless a word of it was not understood and may have changed the meaning. */
export async function runCommand(
  ears: Ears,
  hearing: Hearing,
  understood: Understood<Command>,
  isAddressed: boolean,
): Promise<Heard> {
  const { registered, given, leftover } = understood
  const { command, name } = registered
  const unasked = unwanted(understood)
  // A question for the speed comes anyway; everywhere else a word that was not understood may have changed the meaning.
  const asksAnyway =
    command.options.some((option) => option.name === 'speed') && given.speed === undefined && leftover.length === 1
  if (command.needs !== 'viewer' && ((leftover.length > 0 && !asksAnyway) || unasked.length > 0)) {
    if (!isAddressed && leftover.length > 1) return silence
    const what =
      leftover.length > 0
        ? `I did not understand "${leftover.join(' ').slice(0, 60)}"`
        : `\`${name}\` takes no ${unasked.join(' and no ')}`
    return refused(new Refusal('NOT_UNDERSTOOD', `${what}. Nothing was done.`, `Usage: \`${command.usage}\``), {
      command: name,
    })
  }
  return run(ears, hearing, registered, given)
}

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
  if (rank[speaker.role] < rank[command.needs])
    return refused(notAllowed(speaker, command.needs), { command: name, private: true })
  const symbol = given.symbol && parts.market.instrument(given.symbol)?.symbol
  if (symbol && symbol !== speaker.symbol) {
    await nameSymbol(parts.db, speaker.conversationId, symbol)
    speaker.symbol = symbol
  }
  const outcome: Outcome = await command.run(hearing, given)
  if (outcome instanceof Refusal) {
    if (asked && outcome.askAgain) return askAgain(ears, hearing, asked, outcome.text)
    // A press on a question that is over is between the desk and the presser.
    return refused(outcome, { command: name, private: outcome.code.startsWith('QUESTION_') })
  }
  if ('ask' in outcome) return ask(ears, hearing, name, outcome)
  return { replies: outcome.replies, outcome: 'done', command: name }
}

async function ask(ears: Ears, hearing: Hearing, command: string, asked: Ask, before?: string): Promise<Heard> {
  const { speaker, place, parts } = hearing
  const question = { ...asked.ask, id: `q-${randomBytes(9).toString('base64url')}` }
  try {
    await ears.questions.ask(placeKey(place), {
      memberId: speaker.memberId,
      memberName: speaker.name,
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
        'Try again in a moment, or say everything at once, as in `scaleout BYND fast`',
      ),
      { command },
    )
  }
  const text = before ? `${before}\n\n${asked.text}` : asked.text
  return { replies: [{ text, question }], outcome: 'asked', command }
}

/** Puts the same question once more, with the reason. */
export function askAgain(
  ears: Ears,
  hearing: Hearing,
  { question, command, given, text }: PendingQuestion,
  reason: string,
): Promise<Heard> {
  const { id: _, ...again } = question
  return ask(ears, hearing, command, { ask: again, given, text }, reason)
}
