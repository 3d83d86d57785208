import type { Command } from '../commands/command.ts'
import type { Classified } from '../language/classify.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import type { Given } from '../language/slots.ts'
import type { AnsweredQuestion, GivenAnswer, PendingQuestion } from '../questions/questions.ts'
import type { HearingOutcome } from './outcome.ts'
import type { Utterance } from './utterance.ts'

/** An answer to a question, by the message that is heard now. */
export type Answer = Omit<GivenAnswer, 'inboundId'>

/** The one thing that is done about a message. */
export type Decision =
  /** Nothing but the outcome. */
  | { kind: 'say'; outcome: HearingOutcome }
  /** The flow of an open question goes on. */
  | { kind: 'answer'; asked: PendingQuestion; answer: Answer }
  /** The very message that answered a question has come again. */
  | { kind: 'repeat'; before: AnsweredQuestion }
  /** Another message answers a question that was answered before. */
  | { kind: 'answer again'; before: AnsweredQuestion; answer: Answer }
  /** An open question is taken away without an answer. */
  | { kind: 'close question'; asked: PendingQuestion; outcome: HearingOutcome }
  /** An open question is put once more, with the reason. */
  | { kind: 'ask again'; asked: PendingQuestion; reason: string }
  /** A command runs as it was said, repeated back or not. When it is done, it has answered the question of its own flow. */
  | { kind: 'carry out'; classified: Classified<Command>; open?: PendingQuestion }
  /** A command runs although words were left over. */
  | { kind: 'run'; registered: RegisteredCommand<Command>; given: Given }
  /** The models read the text, and the other decision stands when they make nothing of it. */
  | { kind: 'understand further'; utterance: Utterance; otherwise(): Decision }
