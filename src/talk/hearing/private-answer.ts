import { Refusal } from '../../base/refusal.ts'
import type { CommandOption } from '../chat/door.ts'
import type { Command, Outcome } from '../commands/command.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import type { HearingOutcome } from './outcome.ts'

/** The option of every command that reads: its answer is private. */
export const privateOption: CommandOption = {
  name: 'private',
  type: 'flag',
  description: 'Only you see the answer',
}

/** The refusal of a private answer of a command that does more than read. */
export function notPrivate({ name, command }: RegisteredCommand<Command>): Refusal | undefined {
  if (command.effect === 'reads') return undefined
  const sentence = `Only what reads is answered in private, and \`${name}\` changes something. Nothing was done.`
  return new Refusal('NOT_PRIVATE', sentence, `Say \`${name}\` without that word, or write to me directly`)
}

/** A question is asked in front of all, and its text may show what should be private. So a private command asks nothing. */
export function withoutQuestion({ command }: RegisteredCommand<Command>, outcome: Outcome): Outcome {
  if (outcome instanceof Refusal || !('ask' in outcome)) return outcome
  const sentence = 'That needs an answer of yours first, and a question is for all to see. Nothing was done.'
  return new Refusal('NOT_PRIVATE', sentence, `Say it whole, or write to me directly: \`${command.usage}\``)
}

/** Shows the replies to nobody else. A question stays public, because it is answered where it was put. */
export function inPrivate(outcome: HearingOutcome): HearingOutcome {
  return { ...outcome, replies: outcome.replies.map((reply) => (reply.question ? reply : { ...reply, private: true })) }
}
