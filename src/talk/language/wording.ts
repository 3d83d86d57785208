import type { CommandOption } from '../chat/door.ts'

/** What understanding a text needs of the code of a command. */
export interface Handler {
  options: CommandOption[]
  /** The least role that may use it; what a viewer may use changes no money. */
  needs?: string
  /**
   * Would it ask something before it acts, whatever is open? From the words alone; when left out, as long as an option
   * that it requires is not given.
   */
  asks?(given: Record<string, string>): boolean
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
