import type { Author, Inbound } from './inbound.ts'
import type { DoorName, Place } from './place.ts'
import type { Posted, Reply } from './reply.ts'

/** One option of a platform's own command. */
export interface CommandOption {
  name: string
  description: string
  /** `symbol` is completed while typing; `choice` offers `choices`. */
  type: 'symbol' | 'quantity' | 'price' | 'time' | 'text' | 'member' | 'choice'
  required?: boolean
  choices?: string[]
  /** Of a symbol: more than one may be named, or `all`. */
  several?: boolean
}

/** What a door needs to know of a command in order to offer it. Comes from the database. */
export interface CommandSpec {
  name: string
  description: string
  options: CommandOption[]
}

/** The desk as a door sees it. */
export interface HearingDesk {
  /** Every reply to what was heard, in order; empty where the desk has nothing to say (heard before, not meant for it). Never throws for what a person did. */
  hear(inbound: Inbound): Promise<Reply[]>
  /** A reply that carried `row` is out. */
  delivered(row: number, posted: Posted): Promise<void>
  /** A reply that carried `row` could not be posted now: the outbox will. */
  undelivered(row: number): Promise<void>
  /** All implemented commands, for registration with a platform. */
  commands(): CommandSpec[]
  /** Up to 25 symbols that begin with, or contain, what was typed; for completion. */
  symbols(typed: string): string[]
  /** The open positions of a person in plain text, for a home page. Makes no account for somebody the desk never met. */
  home(author: Author): Promise<string>
}

/** A post that has to be made once, whatever happens in between. */
export interface Post {
  /** The same for every attempt at the same post; letters, digits and `-`, at most 20. */
  key: string
  place: Place
  reply: Reply
  /** Set when an earlier attempt began and its outcome is not known: look before posting. */
  attemptedAt?: Date
  /**
   * Called right before each message is sent, after all looking: throws `PostFailed` of the kind `taken` when another
   * process has the right to post by now, since this one stood still.
   */
  confirm?(): Promise<void>
}

/** What a platform takes in one channel: a message every so many milliseconds, and so many at once after a silence. */
export interface Pace {
  everyMs: number
  burst: number
}

/** The way out of a door, for replies that come from jobs; a place with a `person` is a direct message to them. */
export interface Poster {
  door: DoorName
  /** Absent where there is no limit. Edits are not counted. */
  pace?: Pace
  /** Posts once. Throws `PostFailed`. */
  post(post: Post): Promise<Posted>
  /** Replaces the text of a message that was posted before; absent where the platform cannot. Throws `PostFailed`. */
  edit?(posted: Posted, text: string): Promise<void>
}

/** How far the reason of a failure reaches: to this post alone, to its channel, or to all that is behind the door. */
export type Reach = 'post' | 'channel' | 'door'

/** Why a post did not go out. */
export class PostFailed extends Error {
  /**
   * `later`: try again, not before `retryAfterMs`. `never`: the place is gone or closed to the desk. `taken`: another
   * process posts it.
   */
  readonly kind: 'later' | 'never' | 'taken'
  readonly retryAfterMs: number
  /** What waits for `retryAfterMs`, beside this post. */
  readonly reach: Reach

  constructor(
    kind: 'later' | 'never' | 'taken',
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
  /** Stops hearing, finishes what it began, disconnects. */
  close(): Promise<void>
}
