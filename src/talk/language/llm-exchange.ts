import type { RegisteredCommand } from './registry.ts'
import type { Given } from './slots.ts'

/** What a model is asked: the rules, the message as data, and the commands that it may name. */
export interface Question {
  system: string
  data: string
  commands: RegisteredCommand[]
}

/** The command that a model named, in the form that it was offered; undefined when it named none. */
export interface Named {
  command?: string
  given: Given
  /** From 0 to 1. */
  confidence: number
  tokens: number
}
