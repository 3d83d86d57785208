import type { Hearing } from '../commands/command.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { answerAgain, answerQuestion, repeatAnswer } from './answers.ts'
import { ask } from './ask.ts'
import { askAnew } from './ask-anew.ts'
import { carryOut } from './carry-out.ts'
import type { Decision } from './decision.ts'
import { type Ears, note, take } from './ears.ts'
import { understandFurther } from './further.ts'
import { type HearingOutcome, silence } from './outcome.ts'
import { run } from './run.ts'
import { offerToStop } from './stopping.ts'

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
    case 'ask':
      return ask(ears, hearing, decision.registered.name, decision.ask)
    case 'ask again':
      return askAnew(ears, hearing, decision.asked, decision)
    case 'carry out': {
      const { classified, open } = decision
      const outcome = await carryOut(ears, hearing, classified)
      // A complete command also answers the open question of the same command.
      if (open && outcome.outcome === 'done' && outcome.command === open.command) await take(ears, hearing, open)
      else if (open) await noteOther(ears, hearing, open, outcome)
      return outcome
    }
    case 'run': {
      const outcome = await run(ears, hearing, decision.registered, decision.given)
      if (decision.open) await noteOther(ears, hearing, decision.open, outcome)
      return outcome
    }
    case 'remind':
      return remind(ears, hearing, decision.asked, decision.isAddressed)
    case 'offer to stop':
      return (await offerToStop(ears, hearing)) ?? act(ears, hearing, decision.otherwise())
    case 'understand further':
      return understandFurther(ears, hearing, decision.utterance, () => act(ears, hearing, decision.otherwise()))
  }
}

/** Notes that another command was given while a question is open. A command that asks has replaced the question. */
async function noteOther(ears: Ears, hearing: Hearing, open: PendingQuestion, { outcome }: HearingOutcome) {
  if (outcome !== 'asked') await note(ears, hearing, { ...open, overtakenBy: (open.overtakenBy ?? 0) + 1 })
}

/** Reminds the member of the open question in a line, once. Later small talk gets as little as possible. */
async function remind(
  ears: Ears,
  hearing: Hearing,
  asked: PendingQuestion,
  isAddressed: boolean,
): Promise<HearingOutcome> {
  const { command, isHinted } = asked
  if (isHinted) return isAddressed ? { replies: [{ text: '👍' }], outcome: 'done', command } : silence
  await note(ears, hearing, { ...asked, isHinted: true })
  const { kind, choices } = asked.question
  const how = kind === 'choice' ? `a number from 1 to ${choices.length}` : 'a number'
  const text = `💬 The question of \`${command}\` is still open: answer with ${kind === 'text' ? 'words' : how}, or \`never mind\`.`
  return { replies: [{ text }], outcome: 'done', command }
}
