import type { Action } from './action.ts'
import type { Columns } from './columns.ts'
import type { Place } from './place.ts'
import type { Tone } from './tone.ts'

/** One choice of a question. A number, a button or its own word selects it. */
export interface Choice {
  value: string
  /** The text of the button. */
  label: string
  /** Other words for the same choice. */
  aliases?: string[]
  /** The choice closes a whole position, or everything, at once. */
  danger?: boolean
  /**
   * The choice needs these values, too: its button opens a form with them, where the platform has forms. Elsewhere the flow asks
   * for them next.
   */
  form?: Field[]
}

/** The look of a choice's button: `danger` is red, `quiet` is grey because nothing happens. */
export function buttonLookOf({ value, danger }: Choice): 'danger' | 'quiet' | 'usual' {
  if (danger) return 'danger'
  return quietAnswers.includes(value) ? 'quiet' : 'usual'
}

/** The values of choices that change nothing. */
const quietAnswers = ['no', 'never', 'HOLD']

/** A question to the member. */
export interface Question {
  /** Letters, digits, `-` and `_`, at most 40, because it is a part of a button's id. */
  id: string
  /** The name of the answer in the flow. */
  name: string
  /** A `choice` has numbered choices (buttons); for `number` and `text` a form asks where the platform has forms. */
  kind: 'choice' | 'number' | 'text'
  /** A short title for the form or the set of buttons. */
  title: string
  choices: Choice[]
  /** If set, a typed price is also an answer. This is its name in the flow. */
  orPrice?: string
  /**
   * The fields of the form, up to five, if the platform has forms. The first field is for this question, the others for the
   * next questions of the flow. Without this the form has one field with the title.
   */
  fields?: Field[]
}

/** A field of a form; `name` is the name of its value in the flow. */
export interface Field {
  name: string
  title: string
}

/** A picture of a reply. The reply's text repeats its important facts. */
export interface Picture {
  /** The file name: letters, digits, `-` and `.`, such as `bynd-1d.png`. */
  name: string
  /** The alternative text, in one sentence. */
  alt: string
  png: Uint8Array
  /** The values of the chart, oldest first, for a text-only place. */
  course?: number[]
}

/** A picture that the desk keeps, by the row of the backtest that it shows. */
export interface KeptPicture extends Omit<Picture, 'png'> {
  run: number
}

/** A reply of the desk. The text is complete on every door and includes the numbered choices. */
export interface Reply {
  text: string
  /** The list in the text, for places that show columns. */
  columns?: Columns
  /** The question behind the text, shown as buttons or a form. */
  question?: Question
  /**
   * Buttons with commands, in rows: a row is about one thing. Doors without buttons leave them out, because the text says all
   * that they do. A reply with a question, or for one person alone, shows none.
   */
  actions?: Action[][]
  /** The ids of questions that are not open any more since the message behind this direct answer. Their buttons go. */
  settled?: string[]
  /**
   * The message that this answers holds a secret. A door that may delete the messages of others deletes it, and then says this text
   * instead; all other doors say the usual one.
   */
  ifRemoved?: string
  /** Shown as a coloured strip, where the platform has colours. */
  tone?: Tone
  /** Only the person who asked sees it, if the platform supports that. */
  private?: boolean
  /**
   * Pictures to post with the text, in order. Only direct answers have them: a row of the outbox names one in `kept`. If
   * a platform rejects a picture, a sentence below the text replaces it.
   */
  pictures?: Picture[]
  /** A picture that the desk keeps. The outbox posts it with the text; a direct answer has it among its `pictures`. */
  kept?: KeptPicture
  /** The next step, for a person who is new, in a line. A terminal at a keyboard shows it below the text; `hi` says it elsewhere. */
  hint?: string
  /** The conversation that the reply is about, when it is another one of the same platform: doors link to it. */
  link?: Place
  /** The platform's id of a member whom the message mentions, so that the platform notifies them. Nobody else is. */
  ping?: string
  /** In a channel the reply starts a thread with this name. It has no effect in a thread or a direct message. */
  thread?: string
  /**
   * The id of the reply's row in the outbox, if it has one. The door calls `delivered` or `undelivered`. If the door dies
   * before that, the outbox posts the reply.
   */
  row?: number
  /**
   * In a place that several people share, the message also names the member of its account: `always`, or only when it comes `later`
   * from the outbox, and not as the answer that follows their words.
   */
  ofMember?: 'always' | 'later'
  /** For an edit in the outbox: the text to post on a platform that cannot edit. Without it nothing is posted there. */
  anew?: string
}

/** A reply in place of a posted one. The platform's own parts of the message, such as its thread, stay; so do its buttons, unless there is no action left. */
export type Edit = Pick<Reply, 'text' | 'tone' | 'actions' | 'link' | 'ping'>

/** Adds a last line with the names of the member and of the account, if there are any. */
export function inAccount<Said extends Pick<Reply, 'text' | 'anew'>>(
  reply: Said,
  account: string | undefined,
  member?: string,
): Said {
  const names = [...(member === undefined ? [] : [member]), ...(account === undefined ? [] : [`account ${account}`])]
  if (names.length === 0) return reply
  const named = (text: string) => `${text}\n· ${names.join(' · ')}`
  return { ...reply, text: named(reply.text), ...(reply.anew !== undefined && { anew: named(reply.anew) }) }
}

/** A posted message. */
export interface Posted {
  /** The platform's id of the message, or of its last part. */
  message: string
  /** Its place: the new thread, if one was opened for it. */
  place: Place
  /** It replaces a message that somebody deleted. If it is deleted as well, nothing replaces it. */
  isAgain?: boolean
}

/** The post key of a row of the outbox. The outbox and the doors use the same key, so that the row is posted once. */
export function rowKey(row: number): string {
  return `r${row}`
}
