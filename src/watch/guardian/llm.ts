import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, NoObjectGeneratedError, NoOutputGeneratedError, Output } from 'ai'
import { z } from 'zod'
import { type Answer, type Endpoint, ModelBusy, ModelFailed, type Prompt } from './exchange.ts'
import { guardianActions } from './guardian-rules.ts'

// Without this the library writes warnings to the console, which is the screen of the terminal door.
globalThis.AI_SDK_LOG_WARNINGS = false

/** The form of an answer. It is strict: an answer with extra fields, such as another symbol, is invalid. */
const answer = z.strictObject({
  action: z.enum(guardianActions),
  amount: z.number().nullable().describe('Share of one for TRAIL_STOP and TRIM, else null'),
  confidence: z.number().min(0).max(1),
  reasoning: z.string().min(1).describe('Two sentences at most'),
})

const mostTokens = 2000
const mostBytes = 500_000
/** The pause after a 429 without `Retry-After`, in milliseconds. */
const usualRestMs = 5000
const longestRestMs = 60 * 60_000

/**
 * Asks an OpenAI-compatible server once for an answer in the form above. Throws `ModelBusy` or `ModelFailed`. Neither error
 * contains the key or the server's text, because that text may be anything.
 */
export async function askLlm(endpoint: Endpoint, prompt: Prompt, signal: AbortSignal): Promise<Answer> {
  try {
    const { output, usage } = await generateText({
      model: chatModel(endpoint),
      instructions: prompt.system,
      prompt: prompt.data,
      output: Output.object({ schema: answer, name: 'decision' }),
      maxOutputTokens: mostTokens,
      maxRetries: 0,
      abortSignal: signal,
    })
    return { ...output, tokens: usage.totalTokens ?? 0 }
  } catch (cause) {
    throw failure(cause)
  }
}

/** Connects to a chat model at an OpenAI-compatible server. */
export function chatModel({ baseUrl, apiKey, name }: Endpoint) {
  const provider = createOpenAICompatible({
    name: 'llm',
    baseURL: baseUrl.replace(/\/+$/, ''),
    apiKey,
    supportsStructuredOutputs: true,
    fetch: limitedFetch,
  })
  return provider.chatModel(name)
}

/** Converts the failure of a request into `ModelBusy` or `ModelFailed`, without the server's own text. */
export function failure(cause: unknown): Error {
  if (NoObjectGeneratedError.isInstance(cause) || NoOutputGeneratedError.isInstance(cause)) {
    return new ModelFailed('the answer of the model did not keep to its form')
  }
  if (!APICallError.isInstance(cause)) return new ModelFailed('the model could not be reached')
  if (cause.statusCode === 429) return new ModelBusy(restMs(cause.responseHeaders ?? {}))
  if (cause.statusCode === undefined) return new ModelFailed('the model could not be reached')
  if (cause.statusCode < 300) return new ModelFailed('what the model sent is no answer')
  return new ModelFailed(`the model answered with HTTP ${cause.statusCode}`)
}

/** Parses `Retry-After` (seconds or a date) into milliseconds. */
function restMs(headers: Record<string, string>): number {
  const said = headers['retry-after']
  if (said === undefined) return usualRestMs
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.ceil(ms)), longestRestMs) : usualRestMs
}

/** Fetches with a limit on the size of the body. Redirects are errors, so that the key goes only to the configured server. */
const limitedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'error' })
  if (!response.body) return response
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > mostBytes) controller.error(new Error('the answer is too long'))
      else controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(limit), response)
}
