import type { GuardianAction } from './guardian-rules.ts'

/** What the model is told: the rules, and the data. */
export interface Prompt {
  system: string
  data: string
}

/** What the model answered, in the right form; whether it may be done is another question. */
export interface Answer {
  action: GuardianAction
  /** Share of one. */
  amount: number | null
  /** From 0 to 1. */
  confidence: number
  reasoning: string
  tokens: number
}

/** Why there is no answer, in a sentence without its end, that names no secret. */
export class ModelFailed extends Error {
  override name = 'ModelFailed'
}

/** The model has too much to do; it may be asked again in `retryAfterMs`. */
export class ModelBusy extends Error {
  override name = 'ModelBusy'
  readonly retryAfterMs: number
  constructor(retryAfterMs: number) {
    super('the model has too many requests')
    this.retryAfterMs = retryAfterMs
  }
}

/** Where the model is. */
export interface Endpoint {
  baseUrl: string
  apiKey?: string
  name: string
}
