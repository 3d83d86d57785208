import type { z } from 'zod'
import type { AgentParts } from '../../agents/parts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { Role } from '../../infra/db/schema.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import type { Adviser } from '../../watch/guardian/advise.ts'
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

/** The context of a command: the speaker, the place, and the parts that a command may use. */
export interface Hearing {
  parts: AgentParts
  /** The adviser on exits: the model, or only the rules. */
  guardian: Adviser
  registry: Registry<Command>
  speaker: Speaker
  place: Place
  /** The channel around the thread, when the message stands in the channel itself. */
  channel?: Place
  /** The id of the heard message. A message that is heard again has the same id, so nothing is made from it twice. */
  inboundId: string
  /** A program says it, in the one account of its token or its hook. It knows of no other account of its member. */
  byProgram?: true
  /** Only the speaker may see the answer. */
  isPrivate?: boolean
  /** Noted when a command begins: may it have done something, or did it only read? */
  began?: 'acts' | 'reads'
  /** Does the environment list this platform id as an owner? */
  isOwner(platformId: string): boolean
}

/**
 * A question of a flow. The engine gives it an id, asks it, stores the given values, and runs the command again with the
 * answer.
 */
export interface Ask {
  ask: Omit<Question, 'id'>
  /** The question in full, numbered choices included. */
  text: string
  given: Given
  /** The state that the question shows. The flow compares the answer with it. */
  state?: FlowState
}

/** The outcome of a command: replies, a question, or a refusal. */
export type Outcome = { replies: Reply[] } | Ask | Refusal

/** One option of a command; `before` is the word in front of its typed value. */
export interface Option extends CommandOption {
  before?: string
}

/**
 * How a command uses the speaker's account. `none`: it uses no account. `looks`: it shows the account, and works without one.
 * `changes`: it acts only on things in the account; a speaker without an account has nothing there, and gets no account.
 * `opens`: it may ask or refuse before it acts, and opens a missing account itself (`accountFor`). `acts`: it sets something
 * in the account; a missing account is opened before. `sets`: it acts when it has values, and only looks when it has none.
 */
export type Concern = 'none' | 'looks' | 'changes' | 'opens' | 'acts' | 'sets'

/**
 * How a command with these values uses the speaker's account. A command that names a member is about that member's account
 * instead.
 */
export function concernOf({ account }: Pick<Command, 'account'>, given: Given): Exclude<Concern, 'sets'> {
  if (given.member !== undefined) return 'none'
  if (account !== 'sets') return account
  return Object.keys(given).length > 0 ? 'acts' : 'looks'
}

/** The heading of a command in `help`. */
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
  | 'Screeners'
  | 'Models'
  | 'Agents'
  | 'Accounts'
  | 'Brokers'
  | 'Desk'

/** One command: its words, its options, its questions and its action. */
export interface Command {
  name: string
  aliases: ShippedAlias[]
  phrases?: Phrases[]
  /** A line about the command for `help` and the platforms, without a full stop. */
  description: string
  category: Category
  /** Its position among all commands. */
  position: number
  effect: Effect
  /**
   * The command closes positions, or cancels something that may open them, so the message limit does not stop it: `always` for
   * the command itself, `answered` only for the answer to its question.
   */
  exits?: 'always' | 'answered'
  /** Its words are a greeting: they count only alone, and only when they are said to the desk. */
  greets?: true
  /** The command is about a position, so it uses the thread's symbol only if a position is open in it. */
  ofPosition?: true
  /** Its texts name the currency of a pair that is not priced in dollars; other commands refuse such a pair. */
  anyCurrency?: true
  usage: string
  example: string
  /** Sentences for `help COMMAND`, beyond the description. */
  detail: string
  options: Option[]
  /** The lowest role that may use it. */
  needs: Role
  account: Concern
  /**
   * Does the command ask something before it acts, whatever is open? The words alone decide. Without this function, it asks as
   * long as a required option is missing.
   */
  asks?(given: Given): boolean
  /** Repeats the command back in words, if its name and the slots are not enough. */
  restate?(given: Given): string
  /** Reads the state of its questions; absent if no question has a state. */
  state?: z.ZodType<FlowState>
  /**
   * Runs with the values of the words. After each question it runs again, with the answer under the question's name, and with
   * the question's state.
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
