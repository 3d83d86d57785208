import type { CommandOption } from '../chat/door.ts'
import type { Effect } from './effect.ts'
import type { Phrases } from './phrases.ts'

/** The part of a command's code that the language layer needs. */
export interface Handler {
  options: CommandOption[]
  /** Phrases beside its name and its aliases. */
  phrases?: Phrases[]
  effect: Effect
  /** The lowest role that may use it. */
  needs?: string
  /** Its words count only when nothing else is said: `hi`, and not `hi, close bynd`. */
  greets?: true
  /**
   * Does it ask a question before it acts, judged by the slots alone? Without this function, it asks while a required option is
   * missing.
   */
  asks?(given: Record<string, string>): boolean
  /** Puts it with its slots in words, if its name and slots are not enough. */
  restate?(given: Record<string, string>): string
}

/** Words that may begin a message, with their command. */
export interface Wording<Code extends Handler = Handler> {
  registered: RegisteredCommand<Code>
  /** The words that they add to the command: `flat` is `close now`. */
  words: string
  /** They are vague, so a symbol or an amount must be named beside them. */
  isThin: boolean
  /** The number of looked-up words that they use. */
  count: number
}

/** A row of `trade_commands` with its aliases and its code. */
export interface RegisteredCommand<Code extends Handler = Handler> {
  name: string
  description: string
  category: string
  aliases: string[]
  command: Code
}

/** Wordings by their words in lower case. */
export type Wordings<Code extends Handler> = Map<string, Omit<Wording<Code>, 'count'>>
