import { randomBytes } from 'node:crypto'
import { cleaned, type Inbound } from './chat/inbound.ts'
import { placeKey } from './chat/place.ts'
import { Refusal } from './chat/refusal.ts'
import type { Reply } from './chat/reply.ts'
import type { RegisteredCommand, Registry } from './classify/registry.ts'
import type { Given } from './classify/slots.ts'
import { type Understood, understand, unwanted } from './classify/understand.ts'
import type { Ask, Command, Hearing, Outcome } from './commands/command.ts'
import { answersIn, answerTo, numberedAnswer, takesBack } from './conversation/answer.ts'
import type { PendingQuestion, Questions } from './conversation/questions.ts'
import type { AuditOutcome, Role } from './db/schema.ts'
import type { Parts } from './execution/parts.ts'
import { hearOnce, noteOutcome } from './ledger/audit.ts'
import { findSpeaker, meet, nameSymbol, type Speaker } from './ledger/members.ts'
import { isOrderedAlready } from './ledger/orders.ts'

/** What hearing needs beside the parts. */
export interface Ears {
  parts: Parts
  registry: Registry<Command>
  questions: Questions
  isOwner(platformId: string): boolean
}

/** What came of a message: what is said, and what the audit keeps. */
interface Heard {
  replies: Reply[]
  outcome: AuditOutcome
  command?: string
  code?: string
  reason?: string
}

const rank: Record<Role, number> = { viewer: 0, trader: 1, owner: 2 }
const silence: Heard = { replies: [], outcome: 'ignored' }
/** A message of more words than this is talk, not an attempt at a command. */
const attemptWords = 4

/** Hears one message: who, where, a pending question or a command, and what comes of it. Never throws. */
export async function hear(ears: Ears, arrived: Inbound): Promise<Reply[]> {
  const { parts } = ears
  const inbound = cleaned(arrived)
  let acting = false
  try {
    const text = textOf(ears.registry, inbound)
    const pending = await ears.questions.inConversation(placeKey(inbound.place)).catch((cause) => {
      parts.log.warn({ err: cause }, 'pending questions could not be read')
      return []
    })
    const understood = text === undefined ? undefined : understand(ears.registry, text, knowsSymbol(parts))
    if (!(await concerns(ears, inbound, text, understood, pending))) return []
    const speaker = await speakerOf(ears, inbound)
    if (!(await hearOnce(parts.db, inbound.id, speaker, text ?? pressText(inbound), parts.clock.now()))) return []
    acting = true
    const channel = inbound.kind === 'message' ? inbound.channel : undefined
    const { id: inboundId, place } = inbound
    const hearing: Hearing = { parts, registry: ears.registry, speaker, place, channel, inboundId }
    const heard =
      text === undefined
        ? await pressed(ears, hearing, inbound, pending)
        : await typed(ears, hearing, text, addressed(inbound), understood, pending)
    await noteOutcome(parts.db, inbound.id, heard, parts.clock.now())
    return heard.replies
  } catch (cause) {
    // Heard once more after the process died over it: the order is there, and the outbox posts what came of it.
    if (acting && isOrderedAlready(cause)) return []
    parts.log.error({ err: cause, inbound: inbound.id }, 'a message could not be heard to its end')
    const failed = { outcome: 'failed' as const, reason: cause instanceof Error ? cause.message : String(cause) }
    if (acting) await noteOutcome(parts.db, inbound.id, failed, parts.clock.now()).catch(() => {})
    return [{ text: acting ? halfway : unheard }]
  }
}

const unheard =
  "⚠️ The desk's database does not answer. Nothing was done.\n💡 Try again in a moment; what runs in the background goes on as soon as it is back"
const halfway =
  '⚠️ The desk could not finish that. Nothing is sent twice; what was committed is safe.\n💡 Look at `positions` and `tasks` before you try again'

function addressed(inbound: Inbound): boolean {
  return inbound.kind !== 'message' || inbound.addressed
}

/** What was typed; a platform's command becomes the same words. Undefined for a press. */
function textOf(registry: Registry<Command>, inbound: Inbound): string | undefined {
  if (inbound.kind === 'press') return undefined
  if (inbound.kind === 'message') return inbound.text
  const options = registry.byName(inbound.command)?.command.options ?? []
  const words = options.flatMap(({ name, before, type }) => {
    const value = inbound.options[name]
    if (!value) return []
    return [before ?? '', type === 'member' && /^\w+$/.test(value) ? `<@${value}>` : value]
  })
  return [inbound.command, ...words].filter(Boolean).join(' ')
}

const pressText = (inbound: Inbound) => (inbound.kind === 'press' ? `[pressed ${inbound.answer}]` : '')

const knowsSymbol = (parts: Parts) => (word: string) => parts.market.instrument(word) !== undefined

/** Is the message for the desk? People who talk to each other in a thread are left alone, and nothing of it is kept. */
async function concerns(
  ears: Ears,
  inbound: Inbound,
  text: string | undefined,
  understood: Understood<Command> | undefined,
  pending: PendingQuestion[],
): Promise<boolean> {
  if (text === undefined || addressed(inbound)) return true
  if (understood) return understood.leftover.length <= 1
  const waiting = pending.filter((one) => !isExpired(ears, one))
  if (waiting.some((one) => choiceIn(one, text) !== undefined)) return true
  const words = text.trim().split(/\s+/).length
  if (words <= attemptWords && ears.registry.nearest(text) !== undefined) return true
  const asked = pending.filter((one) => !one.isBackground)
  if (asked.length === 0) return false
  // Who is asked something may well mean the answer; what the others say meanwhile is none of the desk's business.
  const memberId = (await findSpeaker(ears.parts.db, inbound.author, inbound.place))?.memberId
  const own = asked.find((one) => one.memberId === memberId)
  if (!own) return false
  const isAnswer = answerTo(own.question, text) !== undefined
  if (isExpired(ears, own)) return own.question.kind === 'choice' && isAnswer
  return words <= attemptWords || isAnswer
}

/** The choice of a question that a text is; one that a job put is answered by a number only. */
function choiceIn({ question, isBackground }: PendingQuestion, text: string): string | undefined {
  if (question.kind !== 'choice') return undefined
  return isBackground ? numberedAnswer(question, text) : answerTo(question, text)
}

async function speakerOf({ parts, isOwner }: Ears, { author, place }: Inbound): Promise<Speaker> {
  const known = await findSpeaker(parts.db, author, place)
  return known ?? meet(parts.db, author, place, isOwner(author.id))
}

async function pressed(ears: Ears, hearing: Hearing, inbound: Inbound, pending: PendingQuestion[]): Promise<Heard> {
  if (inbound.kind !== 'press') return silence
  const asked = pending.find((one) => one.question.id === inbound.questionId)
  if (!asked) return refused(closedQuestion, { private: true })
  if (asked.memberId !== hearing.speaker.memberId) return refused(notYours(asked), { private: true })
  if (isExpired(ears, asked)) return expired(ears, hearing, asked, true)
  const { question } = asked
  const answer =
    question.kind === 'choice' ? question.choices.find((one) => one.value === inbound.answer)?.value : inbound.answer
  return answer === undefined
    ? refused(closedQuestion, { private: true })
    : goOn(ears, hearing, asked, answer, inbound.more)
}

async function typed(
  ears: Ears,
  hearing: Hearing,
  text: string,
  isAddressed: boolean,
  understood: Understood<Command> | undefined,
  pending: PendingQuestion[],
): Promise<Heard> {
  const own = pending.find((one) => !one.isBackground && one.memberId === hearing.speaker.memberId)
  const waits = own && !isExpired(ears, own) ? own : undefined
  if (waits && takesBack(waits.question, text)) {
    await take(ears, hearing, waits)
    return { replies: [{ text: 'OK, never mind. Nothing was done.' }], outcome: 'done', command: waits.command }
  }
  const answer = waits && answerTo(waits.question, text)
  if (waits && answer !== undefined && (waits.question.kind === 'choice' || !understood))
    return goOn(ears, hearing, waits, answer)
  if (understood) return runCommand(ears, hearing, understood, isAddressed)
  if (waits) return askAgain(ears, hearing, waits, `⚠️ That is not one of the choices.`)
  const inBackground = await answeredInBackground(ears, hearing, text, pending)
  if (inBackground) return inBackground
  if (own && answerTo(own.question, text) !== undefined) return expired(ears, hearing, own, false)
  const others = pending.find(
    (one) => one.memberId !== hearing.speaker.memberId && !isExpired(ears, one) && choiceIn(one, text) !== undefined,
  )
  if (others) return refused(notYours(others), { private: true })
  return notUnderstood(ears, text, isAddressed)
}

/** A typed number answers the one question that a job has put to the member, when there is one; between several it cannot choose. */
async function answeredInBackground(
  ears: Ears,
  hearing: Hearing,
  text: string,
  pending: PendingQuestion[],
): Promise<Heard | undefined> {
  const { memberId } = hearing.speaker
  const meant = pending.filter((one) => one.isBackground && one.memberId === memberId && choiceIn(one, text))
  const open = meant.filter((one) => !isExpired(ears, one))
  const [only, another] = open
  if (only && another) return refused(whichQuestion(open.length, only.command), { private: true })
  if (only) return goOn(ears, hearing, only, choiceIn(only, text)!)
  const last = meant.at(-1)
  return last && expired(ears, hearing, last, true)
}

async function runCommand(
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

/** Goes on with a flow after an answer, unless somebody was faster. */
async function goOn(ears: Ears, hearing: Hearing, asked: PendingQuestion, answer: string, more?: string[]) {
  if (!(await take(ears, hearing, asked))) return refused(closedQuestion, { private: true })
  const registered = ears.registry.byName(asked.command)
  if (!registered) return refused(closedQuestion, { private: true })
  return run(ears, hearing, registered, { ...asked.given, ...answersIn(asked.question, answer, more) }, asked)
}

async function run(
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
function askAgain(
  ears: Ears,
  hearing: Hearing,
  { question, command, given, text }: PendingQuestion,
  reason: string,
): Promise<Heard> {
  const { id: _, ...again } = question
  return ask(ears, hearing, command, { ask: again, given, text }, reason)
}

async function expired(ears: Ears, hearing: Hearing, asked: PendingQuestion, isPress: boolean): Promise<Heard> {
  await take(ears, hearing, asked)
  const [minutes, again] = asked.isBackground
    ? ['two', '`why` shows what was proposed']
    : ['five', `Type \`${asked.command}\` to be asked again`]
  const sentence = `That question was open for ${minutes} minutes and has expired. Nothing was done.`
  return refused(new Refusal('QUESTION_EXPIRED', sentence, again), { private: isPress, command: asked.command })
}

function take(ears: Ears, { place }: Hearing, asked: PendingQuestion): Promise<boolean> {
  return ears.questions.take(placeKey(place), asked)
}

function isExpired({ parts }: Ears, asked: PendingQuestion): boolean {
  return asked.expiresAt <= parts.clock.now().getTime()
}

function notUnderstood(ears: Ears, text: string, isAddressed: boolean): Heard {
  const near = ears.registry.nearest(text)
  if (!near && !isAddressed) return silence
  const instead = near ? `Did you mean \`${near}\`?` : 'Type `help` for what I understand'
  return { replies: [{ text: `🤷 I did not understand that. ${instead}` }], outcome: 'not_understood', reason: near }
}

const closedQuestion = new Refusal('QUESTION_CLOSED', 'That question is not open any more. Nothing was done.')

function notYours(asked: PendingQuestion): Refusal {
  return new Refusal(
    'NOT_YOUR_QUESTION',
    `That question is for ${asked.memberName}. Nothing was done.`,
    asked.isBackground ? undefined : `Type \`${asked.command}\` for your own position`,
  )
}

function whichQuestion(count: number, command: string): Refusal {
  const instead = `Press a button, or name the symbol before the number: \`${command}\` shows them`
  return new Refusal('WHICH_QUESTION', `${count} questions are open here. Nothing was done.`, instead)
}

function notAllowed(speaker: Speaker, needs: Role): Refusal {
  const sentence =
    needs === 'owner' ? 'Only an owner may do that.' : `You are a ${speaker.role}: you may look, but not trade.`
  return new Refusal('NOT_ALLOWED', `${sentence} Nothing was done.`, 'An owner can change that with `role`')
}

function refused(refusal: Refusal, options: { command?: string; private?: boolean } = {}): Heard {
  return {
    replies: [{ text: refusal.text, private: options.private }],
    outcome: 'refused',
    command: options.command,
    code: refusal.code,
    reason: refusal.text,
  }
}
