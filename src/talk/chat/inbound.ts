import type { Place } from './place.ts'

/** A person as a platform knows them. */
export interface Author {
  /** `discord:USER`, `slack:TEAM:USER` or `terminal:local`: the same form that `DESKHAND_OWNERS` uses. */
  id: string
  /** The name to use in sentences. It never identifies the person. */
  name: string
}

interface Arrival {
  /** The platform's id of this message, command or press. A repeated delivery has the same id. */
  id: string
  author: Author
  place: Place
  /** The account that the message is about, whatever account is in use here: a page or a program named it. */
  account?: number
  /** A program sent it, with a token or over a hook: it has no right that only owners have. */
  byProgram?: true
  /** It is a whole command that trades, in the desk's words, or nothing. It answers no question, and no model reads it. */
  isStrict?: true
}

/** The text of a mention, or of a platform command, without words: it asks what the desk can do. */
export const wordless = 'help'

/** A typed message. `text` does not contain the mention of the desk; other mentions stay as `<@ID>`. */
export interface TypedMessage extends Arrival {
  kind: 'message'
  text: string
  /** Is it addressed to the desk (a mention, a direct message, the terminal)? Then it gets an answer even if not understood. */
  addressed: boolean
  /** The channel of the message, if the platform answers it in a thread below it. "Here" then means the channel. */
  channel?: Place
  /** The time of writing, if the platform delivers old messages that nobody received at first. */
  writtenAt?: Date
}

/** A platform's own command with named options (Discord's `/trade long symbol:BYND quantity:3750`). */
export interface CommandMessage extends Arrival {
  kind: 'command'
  command: string
  /** The typed value of each option. Options without a value are absent. */
  options: Record<string, string>
  /** Set for a command that was used on a message: the text of that message, which names the symbol. */
  about?: string
}

/** A pressed button or a submitted form. */
export interface Press extends Arrival {
  kind: 'press'
  questionId: string
  /** The `value` of the pressed choice, or the text of the form's first field. */
  answer: string
  /** The texts of the other fields of the form, in order. */
  more?: string[]
}

/** A message from a door to the desk. */
export type Inbound = TypedMessage | CommandMessage | Press

/** Removes characters that Postgres and Redis cannot store: NUL, and halves of surrogate pairs. */
export function cleaned(inbound: Inbound): Inbound {
  const author = { ...inbound.author, name: keepable(inbound.author.name) }
  switch (inbound.kind) {
    case 'message':
      return { ...inbound, author, text: keepable(inbound.text) }
    case 'command': {
      const options = Object.entries(inbound.options).map(([name, value]) => [name, keepable(value)] as const)
      const about = inbound.about === undefined ? {} : { about: keepable(inbound.about) }
      return { ...inbound, author, command: keepable(inbound.command), options: Object.fromEntries(options), ...about }
    }
    case 'press':
      return {
        ...inbound,
        author,
        answer: keepable(inbound.answer),
        ...(inbound.more && { more: inbound.more.map(keepable) }),
      }
  }
}

const keepable = (text: string) => text.replaceAll('\u0000', '').toWellFormed()
