import { atMost } from '../../base/at-most.ts'
import type { Config } from '../../config.ts'
import { type Answer, type Endpoint, ModelBusy, ModelFailed, type Prompt } from './exchange.ts'

/** A model that answers within a time limit, or throws `ModelFailed` or `ModelBusy`. */
export interface Model<Asked = Prompt, Said = Answer> {
  name: string
  /** `withinMs` shortens the configured time limit when a member waits for the answer. */
  ask(asked: Asked, withinMs?: number): Promise<Said>
}

type Ask<Asked, Said> = (endpoint: Endpoint, asked: Asked, signal: AbortSignal) => Promise<Said>

/** Loads the AI SDK at the first question, because it is large and a desk without a model does not need it. */
const askLlm: Ask<Prompt, Answer> = async (...given) => (await import('./llm.ts')).askLlm(...given)

/**
 * Creates the configured model; undefined when none is configured. It limits the number of concurrent requests; the wait for
 * a turn counts towards the time limit. During a pause that the server asked for, each call throws `ModelBusy`. `ask`
 * replaces the guardian's kind of prompt and answer.
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
        // The race protects the job from a library that ignores the signal.
        return await Promise.race([
          turns(async () => {
            // The time limit may have passed during the wait for a turn.
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
