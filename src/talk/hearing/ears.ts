import type { AgentParts } from '../../agents/parts.ts'
import type { Adviser } from '../../watch/guardian/advise.ts'
import type { Budget } from '../../watch/guardian/budget.ts'
import { placeKey } from '../chat/place.ts'
import type { Command, Hearing } from '../commands/command.ts'
import type { FlowState } from '../commands/flow-state.ts'
import type { Classifier, IntentPredictor } from '../language/classify.ts'
import type { LlmClassifier } from '../language/llm.ts'
import type { Registry } from '../language/registry.ts'
import { symbolsOf } from '../language/symbols.ts'
import type { GivenAnswer, PendingQuestion, Questions } from '../questions/questions.ts'
import { answerTo, numberedAnswer } from '../questions/typed-answer.ts'
import { meaningQuestion, shownMeanings } from './shown-meanings.ts'

/** The parts of the desk that hearing needs. */
export interface Ears {
  parts: AgentParts
  /** The present commands. */
  readonly registry: Registry<Command>
  /** Reads the commands again if their words have changed. */
  refresh(): Promise<void>
  /** The intent model, if one is installed. */
  intents?: IntentPredictor
  /** The LLM, if one is configured. It is asked last. */
  llm?: LlmClassifier
  /** The LLM calls and tokens that an account may use in a day. */
  budget: Budget
  /** Registers work that continues after the reply. A closing desk waits for it. */
  later(work: Promise<void>): void
  questions: Questions
  guardian: Adviser
  isOwner(platformId: string): boolean
  /** The most messages of a member in a minute. Exits do not count. */
  messagesPerMinute: number
  /** The start of this process, in milliseconds of its machine's clock. */
  since: number
  /** The start of this desk, in milliseconds of its own clock. */
  openedAt: number
}

/** The choice that a text selects; undefined when there is none. Only a number answers a background question. */
export function choiceIn({ question, isBackground }: PendingQuestion, text: string): string | undefined {
  if (question.kind !== 'choice') return undefined
  const answer = isBackground ? numberedAnswer(question, text) : answerTo(question, text)
  return question.choices.some(({ value }) => value === answer) ? answer : undefined
}

/** Takes a question so that one answer is acted on once; false when another message was faster. */
export function take(
  ears: Ears,
  { place, inboundId }: Hearing,
  asked: PendingQuestion,
  answered?: Omit<GivenAnswer, 'inboundId'>,
): Promise<boolean> {
  if (asked.isKeptElsewhere) return Promise.resolve(true)
  return ears.questions.take(placeKey(place), asked, answered && { inboundId, ...answered })
}

/** Notes something about an open question. Without Redis the note is lost, which does no harm. */
export async function note(ears: Ears, { place }: Hearing, noted: PendingQuestion): Promise<void> {
  await ears.questions
    .note(placeKey(place), noted)
    .catch((cause) => ears.parts.log.warn({ err: cause }, 'a question could not be noted'))
}

/** Other commands after a question, until it is shown again before a typed answer counts. */
export const mostOthers = 3

/**
 * May a typed answer be meant for something else? The member has said much since the question, or the question stands on no
 * screen any more.
 */
export function isOvertaken({ overtakenBy = 0, isOffScreen = false }: PendingQuestion): boolean {
  return isOffScreen || overtakenBy >= mostOthers
}

/** Is a question expired? One whose state this version of the desk cannot read counts as expired. */
export function isExpired(ears: Ears, asked: PendingQuestion): boolean {
  return asked.expiresAt <= ears.parts.clock.now().getTime() || stateOf(ears, asked) === 'unreadable'
}

/** The state of a question, as its command reads it; `unreadable` when another version of the desk kept it. */
export function stateOf(
  { registry }: Pick<Ears, 'registry'>,
  { command, state, isOlder, question }: PendingQuestion,
): FlowState | undefined | 'unreadable' {
  const schema = question.name === meaningQuestion ? shownMeanings : registry.byName(command)?.command.state
  if (isOlder) return schema && 'unreadable'
  if (state === undefined) return undefined
  return schema?.safeParse(state).data ?? 'unreadable'
}

/** Makes the classifier of messages. */
export function classifierOf({ parts, registry, intents }: Ears): Classifier<Command> {
  return { registry, model: intents, knowsSymbol: symbolsOf(parts.market) }
}
