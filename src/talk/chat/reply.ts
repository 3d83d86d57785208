import type { Place } from './place.ts'

/** One answer that can be picked: a number, a button or its own word. */
export interface Choice {
  value: string
  /** What the button says. */
  label: string
  /** Other words that mean the same. */
  aliases?: string[]
}

/** Something the desk wants to know from the member that it answers. */
export interface Question {
  /** Letters, digits, `-` and `_`, at most 40: it travels in a button's id. */
  id: string
  /** The name under which the flow keeps the answer. */
  name: string
  /** A `choice` has numbered choices (buttons); for `number` and `text` a form asks where the platform has forms. */
  kind: 'choice' | 'number' | 'text'
  /** Short title of the form or of the set of buttons. */
  title: string
  choices: Choice[]
  /** A price that is typed instead of a choice is an answer, too: the name under which the flow keeps it. */
  orPrice?: string
  /**
   * What one form asks at once, where the platform has forms: up to five fields, the first of them for this question,
   * the others for those that the flow would ask next. Left out: the form has one field, under the title.
   */
  fields?: Field[]
}

/** A field of a form; `name` is the name under which the flow keeps what is written into it. */
export interface Field {
  name: string
  title: string
}

/** A picture that goes with a reply; the text says what matters in it. */
export interface Picture {
  /** The name of the file: letters, digits, `-` and `.`, such as `bynd-1d.png`. */
  name: string
  /** What is to be seen, in a sentence, for whoever cannot see it. */
  alt: string
  png: Uint8Array
  /** The course of what it shows, oldest first, for a place that has only characters to draw with. */
  course?: number[]
}

/** What the desk says. The text stands for itself on every door, numbered choices included. */
export interface Reply {
  text: string
  /** Buttons or a form that go with the text. */
  question?: Question
  /** Only the person who asked sees it, where the platform can do that. */
  private?: boolean
  /**
   * Posted beside the text, in order. Only of a direct answer: a row of the outbox keeps no pictures. One that a platform
   * does not take costs no more than a sentence under the text.
   */
  pictures?: Picture[]
  /** In a channel, post this as the start of a thread with this name. Already in a thread or direct message: no effect. */
  thread?: string
  /**
   * Set when the reply is also a row of the outbox: the door says `delivered` or `undelivered` once it knows,
   * and if it dies before that, the outbox posts it.
   */
  row?: number
  /** Of an edit in the outbox: what is posted where a platform cannot edit. Left out: nothing is. */
  anew?: string
}

/** The reply with the account that it is about in its last line; as it is without one. */
export function inAccount<Said extends Pick<Reply, 'text' | 'anew'>>(reply: Said, account: string | undefined): Said {
  if (account === undefined) return reply
  const named = (text: string) => `${text}\n· account ${account}`
  return { ...reply, text: named(reply.text), ...(reply.anew !== undefined && { anew: named(reply.anew) }) }
}

/** What a platform said when a message was posted. */
export interface Posted {
  /** The platform's id of the (last part of the) message. */
  message: string
  /** Where it is: the thread that was opened for it, when one was. */
  place: Place
}

/** The key under which a row of the outbox is posted, by the outbox and by a door alike: so it is posted once. */
export function rowKey(row: number): string {
  return `r${row}`
}
