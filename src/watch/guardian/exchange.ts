import type { GuardianAction } from './guardian-rules.ts'

/** A prompt for the model: the system text with the rules, and the data. */
export interface Prompt {
  system: string
  data: string
}

/** A well-formed answer of the model. The risk rules check it afterwards. */
export interface Answer {
  action: GuardianAction
  /** A fraction of 1. */
  amount: number | null
  /** From 0 to 1. */
  confidence: number
  reasoning: string
  tokens: number
}

/** The model gave no answer. The message is a reason without a full stop and contains no secret. */
export class ModelFailed extends Error {
  override name = 'ModelFailed'
}

/** The model has too many requests. The caller may ask again after `retryAfterMs`. */
export class ModelBusy extends Error {
  override name = 'ModelBusy'
  readonly retryAfterMs: number
  constructor(retryAfterMs: number) {
    super('the model has too many requests')
    this.retryAfterMs = retryAfterMs
  }
}

/** The address of the model, with its key and name. */
export interface Endpoint {
  baseUrl: string
  apiKey?: string
  name: string
}
