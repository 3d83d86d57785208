import type { DoubtfulWord } from './readings.ts'
import type { Handler } from './registry.ts'
import type { UnderstoodCommand } from './understand.ts'

/** The layer that understood a message. The first layer with a result wins. */
export type Layer = 'indicator' | 'command' | 'model' | 'llm' | 'none'

/** The classification of a message. */
export interface Classification<Code extends Handler = Handler> {
  layer: Layer
  /** The command; absent when nothing was understood. */
  understood?: UnderstoodCommand<Code>
  /** From 0 to 1. */
  confidence: number
  /**
   * `acts`: run the command. `confirms`: repeat the command back as a question. `refuses`: the command has words or slots that it
   * does not take. `nothing`: no command.
   */
  verdict: 'acts' | 'confirms' | 'refuses' | 'nothing'
  /** The message has several meanings, and a question must show them all. */
  either?: Meanings<Code>
}

/** The meanings of a message with words that may be symbols: each word as a symbol first, then as a word. */
export interface Meanings<Code extends Handler = Handler> {
  words: DoubtfulWord[]
  meanings: UnderstoodCommand<Code>[]
}

/** The grammar's decision about a text, or the command that it understood in part. */
export interface Heard<Code extends Handler = Handler> {
  decided?: Classification<Code>
  partly?: UnderstoodCommand<Code>
}
