import { Refusal } from '../../base/refusal.ts'
import type { Role } from '../../infra/db/schema.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import type { Command } from '../commands/command.ts'
import { type UnderstoodCommand, unwanted } from '../language/understand.ts'
import type { AnsweredQuestion, PendingQuestion } from '../questions/questions.ts'

/** The question is closed. */
export const closedQuestion = new Refusal('QUESTION_CLOSED', 'That question is not open any more. Nothing was done.')

/** The pressed question cannot be looked up. */
export const unknownQuestion = new Refusal(
  'MEMORY_AWAY',
  'The desk cannot look up that question right now (its short memory does not answer). Nothing was done.',
  'Press again in a moment',
)

/** A question cannot be stored, so it is not asked. */
export const noQuestions = new Refusal(
  'MEMORY_AWAY',
  'The desk cannot keep a question open right now (its short memory does not answer). Nothing was done.',
  'Try again in a moment. What asks nothing works meanwhile: `close now`, `flat`, `trim 100`, `stop .55`',
)

/** The matter of a background question is over: it was answered in another way, or its position is closed. */
export function overQuestion({ command }: PendingQuestion): Refusal {
  const sentence = `The question of \`${command}\` is over: it was answered, or its position is closed. Nothing was done.`
  return new Refusal('QUESTION_CLOSED', sentence, '`positions` shows where you are')
}

/** The same member has answered this question before. */
export function answeredAlready({ command, question, answered: { answer } }: AnsweredQuestion): Refusal {
  const said = question.choices.find(({ value }) => value === answer)?.label ?? answer
  const sentence = `That question is not open any more: you answered it with ${said}. Nothing more was done.`
  return new Refusal(
    'QUESTION_CLOSED',
    sentence,
    `It was of \`${command}\`; \`positions\` and \`tasks\` show what came of it`,
  )
}

/** The question has expired. */
export function expiredQuestion({ command, isBackground }: PendingQuestion): Refusal {
  const [open, again] = !isBackground
    ? ['was open for five minutes and', `Type \`${command}\` to be asked again`]
    : command === 'guardian'
      ? ['was open for two minutes and', '`why` shows what was proposed']
      : ['', `\`${command}\` shows what became of it`]
  const sentence = `That question ${open} has expired. Nothing was done.`.replace('  ', ' ')
  return new Refusal('QUESTION_EXPIRED', sentence, again)
}

/** A program sent what is no whole command. */
export function noWholeCommand(text: string): Refusal {
  const said = text.length > 80 ? `${text.slice(0, 80)}…` : text
  const sentence = `“${said}” came from a program and is no whole command of this desk, so none of it was carried out.`
  return new Refusal('NOT_UNDERSTOOD', sentence, 'Such as `sell half BYND`, `close BYND now` or `buy 100 AMD @ 118`')
}

/** A program sent a command that is for people. */
export function notForHooks(command: string): Refusal {
  return new Refusal(
    'SAY_IN_CHAT',
    `\`${command}\` is not for a hook: a hook trades and protects, and changes no setting, account or halt. Nothing was done.`,
    'Say it here yourself',
  )
}

/** The question is for another member. */
export function notYours(asked: PendingQuestion): Refusal {
  return new Refusal(
    'NOT_YOUR_QUESTION',
    `That question is for ${asked.memberName}. Nothing was done.`,
    asked.isBackground ? undefined : `Type \`${asked.command}\` for your own position`,
  )
}

/** A command was used on a message without a symbol. */
export const noSymbolThere = (command: string) =>
  new Refusal(
    'NO_SYMBOL',
    'That message names no symbol that this market has. Nothing was done.',
    `Name it: \`${command} SYMBOL\``,
  )

/** The pressed button is about somebody else's account. */
export const notYourAccount = (typed: string) =>
  new Refusal(
    'NOT_YOUR_ACCOUNT',
    'That button is for the account of somebody else. Nothing was done.',
    `Type \`${typed}\` for your own`,
  )

/** A button, or a message of a page or a program, is about an account of the speaker's own that was unlinked. */
export const notLinkedAnyMore = (account: string) =>
  new Refusal(
    'ACCOUNT_UNLINKED',
    `That is for your account ${account}, which is not linked to its broker any more. Nothing was done.`,
    '`link` links it again; `accounts` lists those that you have',
  )

/** A typed number could answer several questions. */
export function whichQuestion(count: number, command: string): Refusal {
  const instead = `Name the symbol before the number, as in \`${command} AMD 2\`, or press a button: \`${command}\` shows them`
  return new Refusal('WHICH_QUESTION', `${count} questions are open here. Nothing was done.`, instead)
}

/** A typed number answers the last shown question, which is answered, and would now answer an older one. */
export function olderQuestion({ command }: PendingQuestion): Refusal {
  return new Refusal(
    'WHICH_QUESTION',
    `The last question here is answered, and an older one of \`${command}\` is still open. Nothing was done.`,
    `Name the symbol before the number, as in \`${command} AMD 2\`, or press its button: \`${command}\` shows it`,
  )
}

/** A message has several commands on lines of their own. */
export function severalCommands(count: number): Refusal {
  return new Refusal(
    'SEVERAL_COMMANDS',
    `Those are ${count} commands in one message, and I take one at a time. Nothing was done.`,
    'Send each line as a message of its own',
  )
}

/** The message arrived too late to be acted on. */
export const tooLate = new Refusal(
  'TOO_LATE',
  'That was written more than a minute ago, and reached me only now: it is too late to act on it.',
  'Look at `positions` and `tasks`, and say it again if you still mean it',
)

/** A message to the desk has only words that are quoted, struck, hidden or marked as code. */
export const onlyQuoted = new Refusal(
  'ONLY_QUOTED',
  'Text that is quoted, struck, hidden, in HTML or marked as code is shown and not said to me. Nothing was done.',
  'Write it without the marks if you mean it',
)

/** A new question was asked while the LLM was still reading an earlier message. */
export function overtaken(text: string): Refusal {
  const sentence = `I was still thinking about "${text.slice(0, 60)}" when the question above was asked. Nothing was done.`
  return new Refusal('OVERTAKEN', sentence, 'Answer that question, and say this again if you still mean it')
}

/** The speaker's role does not permit the command. */
export function notAllowed(speaker: Speaker, needs: Role): Refusal {
  const sentence =
    needs === 'owner' ? 'Only an owner may do that.' : `You are a ${speaker.role}: you may look, but not trade.`
  return new Refusal('NOT_ALLOWED', `${sentence} Nothing was done.`, 'An owner can change that with `role`')
}

/** The names of slots in sentences, where they differ from the code. */
const spoken: Record<string, string> = {
  symbols: 'more than one symbol',
  fraction: 'share',
  deadline: 'time',
  stopLoss: 'stop',
  takeProfit: 'target',
  dollars: 'amount in dollars',
  except: 'symbol that stays open',
  speed: 'pace',
  now: '`now`',
  how: 'limit',
  above: 'condition',
  reach: 'condition',
  below: 'condition',
}

/** A command has words that were not understood, or slots that it does not take. */
export function notWhole(understood: UnderstoodCommand<Command>): Refusal {
  const { registered, leftover } = understood
  const { command, name } = registered
  const extra = new Set(unwanted(understood).map((slot) => spoken[slot] ?? slot))
  const what = leftover.length > 0 ? notUnderstoodOf(leftover) : `\`${name}\` takes no ${[...extra].join(' and no ')}`
  // A plain `@name` is no mention: platforms send mentions as ids, and the terminal has none.
  const isName = leftover.some((word) => word.startsWith('@')) && command.options.some(({ type }) => type === 'member')
  const instead = isName
    ? `Mention a member of this platform, or name an id: \`${command.example.replace('@somebody', 'discord:123456')}\``
    : `Usage: \`${command.usage}\``
  return new Refusal('NOT_UNDERSTOOD', `${what}. Nothing was done.`, instead)
}

/** The sentence about words that were not understood. */
export const notUnderstoodOf = (leftover: string[]) => `I did not understand "${leftover.join(' ').slice(0, 60)}"`
