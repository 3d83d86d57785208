import type { Place } from './place.ts'

/** A person as a platform knows them. */
export interface Author {
  /** `discord:USER`, `slack:TEAM:USER` or `terminal:local`: the same form that `DESKHAND_OWNERS` uses. */
  id: string
  /** What to call them in a sentence; never used to recognise them. */
  name: string
}

interface Arrival {
  /** The platform's own id of this message, command or press: the same event twice carries the same id. */
  id: string
  author: Author
  place: Place
}

/** A person typed something. `text` has the mention of the desk taken off; other mentions stay as `<@ID>`. */
export interface TypedMessage extends Arrival {
  kind: 'message'
  text: string
  /** Meant for the desk (a mention, a direct message, the terminal): it deserves an answer even when it is not understood. */
  addressed: boolean
  /** The channel in which it stands, where the platform answers it in a thread that hangs on it: what is said of "here" means the channel. */
  channel?: Place
  /** When it was written, where the platform brings what nobody took at first: it may be long ago. */
  writtenAt?: Date
}

/** A platform's own command with named options (Discord's `/trade long symbol:BYND quantity:3750`). */
export interface CommandMessage extends Arrival {
  kind: 'command'
  command: string
  /** Option name to what was typed into it; options that were left out are absent. */
  options: Record<string, string>
}

/** A button was pressed, or the form behind one was sent in. */
export interface Press extends Arrival {
  kind: 'press'
  questionId: string
  /** The `value` of the pressed choice, or what was written into the form. */
  answer: string
  /** What was written into the further fields of the form, in their order. */
  more?: string[]
}

/** Everything a door hands to the desk. */
export type Inbound = TypedMessage | CommandMessage | Press

/** What arrived, without what neither Postgres nor Redis can keep: NUL, and halves of surrogate pairs. */
export function cleaned(inbound: Inbound): Inbound {
  const author = { ...inbound.author, name: keepable(inbound.author.name) }
  switch (inbound.kind) {
    case 'message':
      return { ...inbound, author, text: keepable(inbound.text) }
    case 'command': {
      const options = Object.entries(inbound.options).map(([name, value]) => [name, keepable(value)] as const)
      return { ...inbound, author, command: keepable(inbound.command), options: Object.fromEntries(options) }
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
