import type { z } from 'zod'
import type { Refusal } from '../../base/refusal.ts'
import type { Role } from '../../infra/db/schema.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import type { Adviser } from '../../watch/guardian/advise.ts'
import type { WatchParts } from '../../watch/parts.ts'
import type { CommandOption } from '../chat/door.ts'
import type { Place } from '../chat/place.ts'
import type { Choice, Question, Reply } from '../chat/reply.ts'
import type { ShippedAlias } from '../language/aliases.ts'
import type { Effect } from '../language/effect.ts'
import type { Phrases } from '../language/phrases.ts'
import type { Registry } from '../language/registry.ts'
import type { Given } from '../language/slots.ts'
import type { FlowState } from './flow-state.ts'
import type { SlotValues } from './slot-values.ts'

/** Who says what, where; and all that a command may use. */
export interface Hearing {
  parts: WatchParts
  /** The model, or nothing but the rules, for who asks for advice. */
  guardian: Adviser
  registry: Registry<Command>
  speaker: Speaker
  place: Place
  /** The channel around the thread, when the message stands in the channel itself. */
  channel?: Place
  /** The id of the message that is heard: what is made from it is made once. */
  inboundId: string
  /** Does the environment name this person, by a platform id, as an owner? */
  isOwner(platformId: string): boolean
}

/** A question of a flow. The engine gives it an id, puts it, keeps what is given, and comes back with the answer. */
export interface Ask {
  ask: Omit<Question, 'id'>
  /** The question in full, numbered choices included. */
  text: string
  given: Given
  /** What the question shows, for the flow to hold the answer against. */
  state?: FlowState
}

/** What came of a command: something to say, something to ask, or a refusal. */
export type Outcome = { replies: Reply[] } | Ask | Refusal

/** One option of a command; `before` is the word that goes in front of it when it is typed. */
export interface Option extends CommandOption {
  before?: string
}

/**
 * What a command has to do with the speaker's account. `none`: it is about none. `looks`: it shows what is in it, and is
 * content without one. `changes`: it acts on what is there already; whoever has no account has nothing there, and gets none.
 * `opens`: it may ask or refuse before it acts, and opens one itself for whoever has none (`accountFor`). `acts`: it sets
 * something in one, which is opened before. `sets`: it acts where something is said, and looks where nothing is.
 */
export type Concern = 'none' | 'looks' | 'changes' | 'opens' | 'acts' | 'sets'

/** What a command has to do with the speaker's account, with what it was given. One that names a member is about theirs. */
export function concernOf({ account }: Pick<Command, 'account'>, given: Given): Exclude<Concern, 'sets'> {
  if (given.member !== undefined) return 'none'
  if (account !== 'sets') return account
  return Object.keys(given).length > 0 ? 'acts' : 'looks'
}

/** Under which heading `help` lists a command. */
export type Category =
  | 'Positions'
  | 'Orders'
  | 'Exits'
  | 'Protection'
  | 'Risk'
  | 'Background'
  | 'Market'
  | 'Indicators'
  | 'Alerts'
  | 'Guardian'
  | 'Accounts'
  | 'Desk'

/** One command: how it is said, what it needs, what it asks, what it does. */
export interface Command {
  name: string
  aliases: ShippedAlias[]
  phrases?: Phrases[]
  /** A line about it for `help` and the doors, without a full stop. */
  description: string
  category: Category
  /** Its place among all commands. */
  position: number
  effect: Effect
  /** It gets people out, or takes back what may get them in, so that no limit of messages holds it up: itself, or only the answer to its question. */
  exits?: 'always' | 'answered'
  /** It is about a position, so that the thread's symbol counts only where that is open. */
  ofPosition?: true
  usage: string
  example: string
  /** Sentences for `help COMMAND`, beyond the description. */
  detail: string
  options: Option[]
  /** The least role that may use it. */
  needs: Role
  account: Concern
  /**
   * Would it ask something before it acts, whatever is open? From the words alone; when left out, as long as an option
   * that it requires is not given.
   */
  asks?(given: Given): boolean
  /** Says it with its slots, where its name and the slots do not say it. */
  restate?(given: Given): string
  /** Reads what its questions have shown; absent where none of them keeps anything. */
  state?: z.ZodType<FlowState>
  /**
   * Called with what the words named, and again with every answer added under the question's name, and with the state that
   * the question kept.
   */
  run(hearing: Hearing, slots: SlotValues, state?: FlowState): Promise<Outcome>
}

const keycaps = ['1️⃣', '2️⃣', '3️⃣', '4️⃣', '5️⃣', '6️⃣', '7️⃣', '8️⃣', '9️⃣', '🔟']

/** Choices as numbered lines: `  1️⃣  FAST - Next 1-3 minutes`. */
export function numbered(lines: string[]): string {
  return lines.map((line, index) => `  ${keycaps[index] ?? `${index + 1}.`}  ${line}`).join('\n')
}

/** A question with numbered choices. */
export function choose(name: string, title: string, text: string, choices: Choice[], given: Given): Ask {
  return { ask: { name, title, kind: 'choice', choices }, text, given }
}

/** A question for a number or some words. */
export function enter(name: string, kind: 'number' | 'text', title: string, text: string, given: Given): Ask {
  return { ask: { name, title, kind, choices: [] }, text, given }
}

/** One thing to say. */
export function say(text: string): Outcome {
  return { replies: [{ text }] }
}
