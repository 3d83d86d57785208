import { atMost } from '../../base/at-most.ts'
import type { Config } from '../../config.ts'
import { type Answer, type Endpoint, ModelBusy, ModelFailed, type Prompt } from './exchange.ts'

/** A model that answers within its time, or throws `ModelFailed` or `ModelBusy`. */
export interface Model<Asked = Prompt, Said = Answer> {
  name: string
  /** `withinMs`: give up earlier than the configuration says, where somebody waits for the answer. */
  ask(asked: Asked, withinMs?: number): Promise<Said>
}

type Ask<Asked, Said> = (endpoint: Endpoint, asked: Asked, signal: AbortSignal) => Promise<Said>

/** The AI SDK is large: only a desk with a model loads it, when it first asks. */
const askLlm: Ask<Prompt, Answer> = async (...given) => (await import('./llm.ts')).askLlm(...given)

/**
 * The model that the configuration names; undefined when it names none. So many questions at a time go to it, waiting
 * for a turn counts against the time to answer, and while it asked to be left alone it is not asked. What is asked and
 * answered is the guardian's, unless `ask` says otherwise.
 */
export function createModel(config: Config): Model | undefined
export function createModel<Asked, Said>(config: Config, ask: Ask<Asked, Said>): Model<Asked, Said> | undefined
export function createModel(config: Config, ask: Ask<never, unknown> = askLlm): Model<never, unknown> | undefined {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: name, LLM_API_KEY: apiKey } = config
  if (baseUrl === undefined || name === undefined) return undefined
  const configuredMs = config.LLM_TIMEOUT_SECONDS * 1000
  const turns = atMost(config.LLM_CONCURRENCY)
  let busyUntil = 0
  return {
    name,
    async ask(asked, withinMs = configuredMs) {
      const timeoutMs = Math.min(withinMs, configuredMs)
      const slow = `the model did not answer within ${timeoutMs / 1000} s`
      if (busyUntil > Date.now()) throw new ModelBusy(busyUntil - Date.now())
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(), timeoutMs)
      const late = new Promise<never>((_, reject) => {
        limit.signal.addEventListener('abort', () => reject(new ModelFailed(slow)), { once: true })
      })
      try {
        // A library that does not mind the signal must not hold the job.
        return await Promise.race([
          turns(async () => {
            // Its time may have passed while it waited for its turn: then it is not asked any more.
            limit.signal.throwIfAborted()
            return ask({ baseUrl, apiKey, name }, asked, limit.signal)
          }),
          late,
        ])
      } catch (cause) {
        if (cause instanceof ModelBusy) busyUntil = Math.max(busyUntil, Date.now() + cause.retryAfterMs)
        if (cause instanceof ModelBusy || cause instanceof ModelFailed) throw cause
        throw new ModelFailed(limit.signal.aborted ? slow : 'the model could not be asked', { cause })
      } finally {
        clearTimeout(timer)
        late.catch(() => {})
      }
    },
  }
}
