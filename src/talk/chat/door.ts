import type { Author, Inbound, Press } from './inbound.ts'
import type { DoorName, Place } from './place.ts'
import type { Edit, Picture, Posted, Reply } from './reply.ts'

/** One option of a platform's own command. */
export interface CommandOption {
  name: string
  description: string
  /** `symbol` is completed while typing; `choice` offers `choices`; the value of a `flag` is `true` or `false`. */
  type: 'symbol' | 'quantity' | 'price' | 'time' | 'text' | 'member' | 'choice' | 'flag'
  required?: boolean
  choices?: string[]
  /** For a `symbol`: several symbols or `all` are allowed. */
  several?: boolean
}

/** A command as a door offers it. Its text comes from the database. */
export interface CommandSpec {
  name: string
  description: string
  options: CommandOption[]
  /** Its family, where a platform should show it apart from the commands that trade: `indicators`. */
  family?: string
}

/** An instrument that completes a typed text. */
export interface Suggestion {
  symbol: string
  /** Its name; the symbol itself when it has none. */
  name: string
  /** The person's open position in it, in words: `LONG 300 BYND @ $1.00`. */
  position?: string
}

/** A suggestion in a line: `BYND · LONG 300 BYND @ $1.00 · Beyond Meat`. */
export function suggestionText({ symbol, name, position }: Suggestion): string {
  return [symbol, position, name === symbol ? undefined : name].filter(Boolean).join(' · ')
}

/** The desk as a door sees it. */
export interface HearingDesk {
  /**
   * Hears a message and returns all replies in order. The list is empty for a message that was heard before or is not for the
   * desk. A person's input never makes it throw.
   */
  hear(inbound: Inbound): Promise<Reply[]>
  /** Reports that the reply with this `row` was posted. */
  delivered(row: number, posted: Posted): Promise<void>
  /** Reports that the reply with this `row` was not posted. The outbox posts it later. */
  undelivered(row: number): Promise<void>
  /**
   * The facts above the fields of a question's form, such as `LONG 3,750 BYND @ $0.63 · now $1.01`. Undefined when there are
   * none, or not within a second. Never throws.
   */
  aboutForm(place: Place, questionId: string): Promise<string | undefined>
  /**
   * The reasons against the answers in a sent form, in the order of its fields, without acting on them. Undefined stands for a
   * field without a fault; the list is empty when nothing is known within a second. Never throws.
   */
  faultsIn(press: Pick<Press, 'place' | 'questionId' | 'answer' | 'more'>): Promise<(string | undefined)[]>
  /** All implemented commands, for registration with a platform: the commonest first, because platforms show few at once. */
  commands(): CommandSpec[]
  /** Up to 25 symbols that begin with the typed text or contain it, or whose names do; for completion. */
  symbols(typed: string): string[]
  /** The same for a person's command, with names. For a command about positions the person's open ones come first. */
  suggest(author: Author, command: string, typed: string): Promise<Suggestion[]>
  /** The same for the symbol that a question asks for. Empty when the question is not open, or not within a second. Never throws. */
  suggestAnswer(author: Author, place: Place, questionId: string, typed: string): Promise<Suggestion[]>
  /** The open positions of a person, for a home page, with their buttons. It creates no account for an unknown person. */
  home(author: Author): Promise<Reply>
}

/** A post that must be made exactly once, even after a crash. */
export interface Post {
  /** The id of the post, the same for every attempt: letters, digits and `-`, at most 20. */
  key: string
  place: Place
  reply: Reply
  /** Pictures that belong to the text, as in `Reply`. An attempt that may follow another one may leave them out. */
  pictures?: Picture[]
  /** The start of an earlier attempt with an unknown outcome. If set, the poster looks for the message before it posts. */
  attemptedAt?: Date
  /**
   * The poster calls this directly before it sends each message. It throws `PostFailed` of the kind `taken` if this process
   * was suspended and another process holds the lease now.
   */
  confirm?(): Promise<void>
}

/** The rate limit of a channel: one message every `everyMs` milliseconds, and a `burst` of messages after a silence. */
export interface Pace {
  everyMs: number
  burst: number
}

/** The sender of a door, for replies from jobs. A place with a `person` is a direct message to that person. */
export interface Poster {
  door: DoorName
  /** The rate limit, if there is one. Edits do not count. */
  pace?: Pace
  /** Posts a message once. Throws `PostFailed`. */
  post(post: Post): Promise<Posted>
  /**
   * Replaces a posted message; absent when the platform cannot edit. Throws `PostFailed`, of the kind `deleted` when somebody has
   * deleted the message.
   */
  edit?(posted: Posted, edit: Edit): Promise<void>
}

/** The scope of a failure: this post, its channel, or the whole door. */
export type Reach = 'post' | 'channel' | 'door'

/** A post that was not sent. */
export class PostFailed extends Error {
  /**
   * `later`: try again after `retryAfterMs`. `never`: the place is gone or closed to the desk. `deleted`: the message of an
   * edit is gone. `taken`: another process posts it.
   */
  readonly kind: 'later' | 'never' | 'deleted' | 'taken'
  readonly retryAfterMs: number
  /** The scope that waits for `retryAfterMs`. */
  readonly reach: Reach

  constructor(
    kind: 'later' | 'never' | 'deleted' | 'taken',
    message: string,
    options: { retryAfterMs?: number; reach?: Reach; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'PostFailed'
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs ?? 0
    this.reach = options.reach ?? 'post'
  }
}

/** A running door. */
export interface Door {
  poster: Poster
  /** Stops hearing, finishes the work under way, and disconnects. */
  close(): Promise<void>
}
