import type { RegisteredCommand } from './registry.ts'
import type { Given } from './slots.ts'

/** A question to the model: the rules, the message as data, and the commands that it may call. */
export interface Question {
  system: string
  data: string
  commands: RegisteredCommand[]
}

/** The model's answer with its command; `command` is undefined when it called none. */
export interface LlmAnswer {
  command?: string
  given: Given
  /** From 0 to 1. */
  confidence: number
  tokens: number
}
