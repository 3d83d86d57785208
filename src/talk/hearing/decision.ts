import type { Ask, Command } from '../commands/command.ts'
import type { Classification } from '../language/classify.ts'
import type { RegisteredCommand } from '../language/registry.ts'
import type { Given } from '../language/slots.ts'
import type { AnsweredQuestion, GivenAnswer, PendingQuestion } from '../questions/questions.ts'
import type { Again } from './ask-anew.ts'
import type { HearingOutcome } from './outcome.ts'
import type { Utterance } from './utterance.ts'

/** The answer to a question in the present message. */
export type Answer = Omit<GivenAnswer, 'inboundId'>

/** The decision about a message. */
export type Decision =
  /** Only reply. */
  | { kind: 'say'; outcome: HearingOutcome }
  /** Continue the flow of an open question. */
  | { kind: 'answer'; asked: PendingQuestion; answer: Answer }
  /** Handle the same answering message again. */
  | { kind: 'repeat'; before: AnsweredQuestion }
  /** Handle another answer to an answered question. */
  | { kind: 'answer again'; before: AnsweredQuestion; answer: Answer }
  /** Close an open question without an answer. */
  | { kind: 'close question'; asked: PendingQuestion; outcome: HearingOutcome }
  /** Ask an open question again, with the reason. */
  | ({ kind: 'ask again'; asked: PendingQuestion } & Again)
  /** Ask a question of a command. */
  | { kind: 'ask'; registered: RegisteredCommand<Command>; ask: Ask }
  /** Remind the member shortly of the open question, once. */
  | { kind: 'remind'; asked: PendingQuestion; isAddressed: boolean }
  /** Offer to end a running scaleout; `otherwise` is the decision if none runs. */
  | { kind: 'offer to stop'; otherwise(): Decision }
  /** Execute a classified command. When it is done, it has also answered the open question of its own flow. */
  | { kind: 'carry out'; classified: Classification<Command>; open?: PendingQuestion }
  /** Run a command although words were left over. */
  | { kind: 'run'; registered: RegisteredCommand<Command>; given: Given; open?: PendingQuestion }
  /** Let the models read the text. `otherwise` is the decision if they do not understand it. */
  | { kind: 'understand further'; utterance: Utterance; otherwise(): Decision }
