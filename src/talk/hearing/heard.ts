import { Refusal } from '../../base/refusal.ts'
import type { AuditOutcome, Role } from '../../infra/db/schema.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import { inAccount, type Reply } from '../chat/reply.ts'
import type { Concern } from '../commands/command.ts'
import type { AnsweredQuestion, PendingQuestion } from '../questions/questions.ts'

/** What came of a message: what is said, and what the audit keeps. */
export interface Heard {
  replies: Reply[]
  outcome: AuditOutcome
  command?: string
  code?: string
  reason?: string
}

/** Nothing is said, and nothing was done. */
export const silence: Heard = { replies: [], outcome: 'ignored' }

/** What a refusal says and leaves in the audit. */
export function refused(refusal: Refusal, options: { command?: string; private?: boolean } = {}): Heard {
  return {
    replies: [{ text: refusal.text, private: options.private }],
    outcome: 'refused',
    command: options.command,
    code: refusal.code,
    reason: refusal.text,
  }
}

/** What is said of an account, with its name where the speaker has more than one. */
export function about(concern: Concern, { accountLabel }: Speaker, heard: Heard): Heard {
  if (concern === 'none') return heard
  return { ...heard, replies: heard.replies.map((reply) => inAccount(reply, accountLabel)) }
}

/** Somebody pressed or answered what is over. */
export const closedQuestion = new Refusal('QUESTION_CLOSED', 'That question is not open any more. Nothing was done.')

/** Somebody pressed while the questions cannot be looked up. */
export const unknownQuestion = new Refusal(
  'MEMORY_AWAY',
  'The desk cannot look up that question right now (its short memory does not answer). Nothing was done.',
  'Press again in a moment',
)

/** The same person answers once more what they answered before. */
export function answeredAlready({ question, answered: { answer } }: AnsweredQuestion): Refusal {
  const said = question.choices.find(({ value }) => value === answer)?.label ?? answer
  const sentence = `That question is not open any more: you answered it with ${said}. Nothing more was done.`
  return new Refusal('QUESTION_CLOSED', sentence, '`positions` and `tasks` show what came of it')
}

/** Somebody answered what another was asked. */
export function notYours(asked: PendingQuestion): Refusal {
  return new Refusal(
    'NOT_YOUR_QUESTION',
    `That question is for ${asked.memberName}. Nothing was done.`,
    asked.isBackground ? undefined : `Type \`${asked.command}\` for your own position`,
  )
}

/** A number that could answer several questions. */
export function whichQuestion(count: number, command: string): Refusal {
  const instead = `Press a button, or name the symbol before the number: \`${command}\` shows them`
  return new Refusal('WHICH_QUESTION', `${count} questions are open here. Nothing was done.`, instead)
}

/** The speaker's role is not enough. */
export function notAllowed(speaker: Speaker, needs: Role): Refusal {
  const sentence =
    needs === 'owner' ? 'Only an owner may do that.' : `You are a ${speaker.role}: you may look, but not trade.`
  return new Refusal('NOT_ALLOWED', `${sentence} Nothing was done.`, 'An owner can change that with `role`')
}
