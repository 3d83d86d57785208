import type { Config } from '../../config.ts'
import { type Endpoint, ModelBusy } from '../../watch/guardian/exchange.ts'
import { createModel } from '../../watch/guardian/model.ts'
import { aboutData, asData } from '../../watch/guardian/prompt.ts'
import type { Classification } from './classify.ts'
import { changesMoney } from './effect.ts'
import type { LlmAnswer, Question } from './llm-exchange.ts'
import { wouldLose } from './omissions.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import type { Given, KnowsSymbol } from './slots.ts'
import { talkIn } from './talk.ts'
import { withSlots } from './with-slots.ts'

/** The budget for questions to the model. */
export interface Purse {
  /** Takes a call from the budget; false when it is used up. */
  spend(): Promise<boolean>
  spent(tokens: number): Promise<void>
  giveBack(): Promise<void>
}

/** The LLM layer. It is asked last. */
export interface LlmClassifier {
  /** Classifies a message. Throws `ModelFailed` or `ModelBusy`. */
  classify<Code extends Handler>(
    registry: Registry<Code>,
    knowsSymbol: KnowsSymbol,
    text: string,
    purse: Purse,
  ): Promise<Classification<Code>>
}

const system = `You read one message that somebody typed to a trading desk, and call the one tool that does what the message asks for. The tools are the desk's commands; the desk asks the person before anything is traded.

Call \`none\` when the message asks the desk for nothing: talk, jokes, news, what others do, what was or might be, what is not to be done, and whenever you are not sure. Name only what the message says: no quantity, price or symbol of your own. One call, and no text.

${aboutData}`

const withinMs = 10_000
/** The least confidence of the LLM to run a read-only command without a question. */
const sureEnough = 0.8
const longestMessage = 500
const nothing = { layer: 'none' as const, confidence: 0, verdict: 'nothing' as const }

/** Loads the AI SDK at the first question, because it is large and a desk without a model does not need it. */
const callTool = async (endpoint: Endpoint, question: Question, signal: AbortSignal): Promise<LlmAnswer> =>
  (await import('./tools.ts')).callTool(endpoint, question, signal)

/** Creates the configured LLM; undefined when none is configured. */
export function createLlm(config: Config): LlmClassifier | undefined {
  const model = createModel(config, callTool)
  if (!model) return undefined
  return {
    async classify(registry, knowsSymbol, text, purse) {
      if (text.length > longestMessage || !(await purse.spend())) return nothing
      const commands = registry.commands.filter((one) => mayBeNamed(one))
      try {
        const named = await model.ask({ system, data: asData({ message: text }), commands }, withinMs)
        await purse.spent(named.tokens)
        return verdictOn(registry, knowsSymbol, text, named)
      } catch (cause) {
        if (cause instanceof ModelBusy) await purse.giveBack()
        throw cause
      }
    },
  }
}

/** May the LLM call a command? Commands of owners, such as those for roles and words, are excluded. */
function mayBeNamed({ command }: RegisteredCommand): boolean {
  return command.needs !== 'owner'
}

/**
 * Checks the model's answer: the command must exist, and the grammar's slots are joined with the model's values. A command that
 * changes money is always confirmed, and a read-only command is confirmed when the model is not sure.
 */
function verdictOn<Code extends Handler>(
  registry: Registry<Code>,
  knowsSymbol: KnowsSymbol,
  text: string,
  { command, given: said, confidence }: LlmAnswer,
): Classification<Code> {
  const registered = command === undefined ? undefined : registry.byName(command.replaceAll('-', ' '))
  if (!registered || !mayBeNamed(registered)) return nothing
  const money = changesMoney(registered)
  if (money && (talkIn(text) || wouldLose(text))) return nothing
  const { understood: inText, isOpen } = withSlots(registry, registered, text, knowsSymbol)
  const given = { ...inText.given, ...onlyIn(text, said) }
  if (isOpen && (given.symbol ?? given.symbols) === undefined) return nothing
  const understood = { ...inText, given }
  return { layer: 'llm', understood, confidence, verdict: money || confidence < sureEnough ? 'confirms' : 'acts' }
}

/** Keeps a speed and those of the model's values that are in the message. Other values are inventions of the model. */
function onlyIn(text: string, said: Given): Given {
  const plain = text.toLowerCase().replaceAll(',', '')
  const isThere = (value: string) => plain.includes(value.toLowerCase().replace(/^0(?=\.)/, ''))
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => name === 'speed' || isThere(value)))
}
