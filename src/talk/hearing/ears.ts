import type { Parts } from '../../trading/parts.ts'
import type { Adviser } from '../../watch/guardian/advise.ts'
import type { Budget } from '../../watch/guardian/budget.ts'
import { placeKey } from '../chat/place.ts'
import type { Command, Hearing } from '../commands/command.ts'
import type { FlowState } from '../commands/flow-state.ts'
import type { Classifier, Predicts } from '../language/classify.ts'
import type { AsksLlm } from '../language/llm.ts'
import type { Registry } from '../language/registry.ts'
import type { GivenAnswer, PendingQuestion, Questions } from '../questions/questions.ts'
import { answerTo, numberedAnswer } from '../questions/typed-answer.ts'

/** The means of hearing beside the parts. */
export interface Ears {
  parts: Parts
  /** The commands as they are now. */
  readonly registry: Registry<Command>
  /** Reads the commands again when an owner changed their words since. */
  refresh(): Promise<void>
  /** The model of sentences, where one is installed. */
  intents?: Predicts
  /** The model that is asked last, where one is configured. */
  llm?: AsksLlm
  /** What an account may spend on it in a day. */
  budget: Budget
  /** Takes what goes on after the answer to a message; a desk that closes waits for it. */
  later(work: Promise<void>): void
  questions: Questions
  guardian: Adviser
  isOwner(platformId: string): boolean
  /** What is heard of a member in a minute, beside what exits. */
  messagesPerMinute: number
  /** When this process began to hear, in milliseconds of its machine's clock. */
  since: number
}

/** The choice of a question that a text is; one that a job put is answered by a number only. */
export function choiceIn({ question, isBackground }: PendingQuestion, text: string): string | undefined {
  if (question.kind !== 'choice') return undefined
  const answer = isBackground ? numberedAnswer(question, text) : answerTo(question, text)
  return question.choices.some(({ value }) => value === answer) ? answer : undefined
}

/** Takes a question away, in order to act on its answer where there is one; false when somebody was faster. */
export function take(
  ears: Ears,
  { place, inboundId }: Hearing,
  asked: PendingQuestion,
  answered?: Omit<GivenAnswer, 'inboundId'>,
): Promise<boolean> {
  return ears.questions.take(placeKey(place), asked, answered && { inboundId, ...answered })
}

/** Is the time for an answer over? It is, too, where the desk cannot read any more what the question has shown. */
export function isExpired(ears: Ears, asked: PendingQuestion): boolean {
  return asked.expiresAt <= ears.parts.clock.now().getTime() || stateOf(ears, asked) === 'unreadable'
}

/** What a question has shown, as its command reads it; `unreadable` when it was kept by another version of the desk. */
export function stateOf(
  { registry }: Pick<Ears, 'registry'>,
  { command, state, isOlder }: PendingQuestion,
): FlowState | undefined | 'unreadable' {
  const schema = registry.byName(command)?.command.state
  if (isOlder) return schema && 'unreadable'
  if (state === undefined) return undefined
  return schema?.safeParse(state).data ?? 'unreadable'
}

/** The means of classifying a message. */
export function classifierOf({ parts, registry, intents }: Ears): Classifier<Command> {
  return { registry, model: intents, knowsSymbol: (word) => parts.market.instrument(word) !== undefined }
}
