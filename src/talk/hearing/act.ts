import type { Hearing } from '../commands/command.ts'
import { answerAgain, answerQuestion, repeatAnswer } from './answers.ts'
import { askAgain } from './ask.ts'
import { carryOut } from './carry-out.ts'
import type { Decision } from './decision.ts'
import { type Ears, take } from './ears.ts'
import { understandFurther } from './further.ts'
import type { HearingOutcome } from './outcome.ts'
import { run } from './run.ts'

/** Executes the decision about a message. */
export async function act(ears: Ears, hearing: Hearing, decision: Decision): Promise<HearingOutcome> {
  switch (decision.kind) {
    case 'say':
      return decision.outcome
    case 'answer':
      return answerQuestion(ears, hearing, decision.asked, decision.answer)
    case 'repeat':
      return repeatAnswer(ears, hearing, decision.before)
    case 'answer again':
      return answerAgain(ears, hearing, decision.before, decision.answer)
    case 'close question':
      await take(ears, hearing, decision.asked)
      return decision.outcome
    case 'ask again':
      return askAgain(ears, hearing, decision.asked, decision.reason)
    case 'carry out': {
      const { classified, open } = decision
      const outcome = await carryOut(ears, hearing, classified)
      // A complete command also answers the open question of the same command.
      if (open && outcome.outcome === 'done' && outcome.command === open.command) await take(ears, hearing, open)
      return outcome
    }
    case 'run':
      return run(ears, hearing, decision.registered, decision.given)
    case 'understand further':
      return understandFurther(ears, hearing, decision.utterance, () => act(ears, hearing, decision.otherwise()))
  }
}
