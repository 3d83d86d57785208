import type { CommandOption } from '../chat/door.ts'
import type { Effect } from './effect.ts'
import type { Phrases } from './phrases.ts'

/** What understanding a text needs of the code of a command. */
export interface Handler {
  options: CommandOption[]
  /** How people say it in other words than its name and its aliases. */
  phrases?: Phrases[]
  effect: Effect
  /** The least role that may use it. */
  needs?: string
  /**
   * Would it ask something before it acts, whatever is open? From the words alone; when left out, as long as an option
   * that it requires is not given.
   */
  asks?(given: Record<string, string>): boolean
  /** Says it with its slots, where its name and the slots do not say it. */
  restate?(given: Record<string, string>): string
}

/** Words that a message may begin with, and the command that they say. */
export interface Wording<Code extends Handler = Handler> {
  registered: RegisteredCommand<Code>
  /** What they say beside the command: `flat` is `close now`. */
  words: string
  /** They say so little that something has to be named beside them. */
  isThin: boolean
  /** How many of the words that were looked up they take. */
  count: number
}

/** A row of `trade_commands` with its aliases and the code that it names. */
export interface RegisteredCommand<Code extends Handler = Handler> {
  name: string
  description: string
  category: string
  aliases: string[]
  command: Code
}

/** Wordings by their words in small letters. */
export type Wordings<Code extends Handler> = Map<string, Omit<Wording<Code>, 'count'>>
