import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import type { RedisConnection } from '../../infra/queue/redis.ts'
import type { Question } from '../chat/reply.ts'

/** How long a question waits for its answer. */
export const answerWithinMs = 5 * 60_000
/** An expired question is remembered for this long, so that a late answer gets the reason. */
const rememberedMs = 60 * 60_000
/** Increase this when the stored shape changes: an older version of the desk then skips questions of the new shape. */
const version = 2
/** Answered questions have their own version, so that no version of the desk takes them for open ones. */
const answeredVersion = 'answered 2'

const question = z.object({
  memberId: z.number(),
  memberName: z.string(),
  accountId: z.number().optional(),
  command: z.string(),
  given: z.record(z.string(), z.string()),
  state: z.unknown().optional(),
  text: z.string(),
  question: z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['choice', 'number', 'text']),
    title: z.string(),
    choices: z.array(
      z.object({
        value: z.string(),
        label: z.string(),
        aliases: z.array(z.string()).optional(),
        danger: z.boolean().optional(),
        form: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
      }),
    ),
    orPrice: z.string().optional(),
    fields: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
  }),
  expiresAt: z.number(),
  isBackground: z.boolean().default(false),
  askedAt: z.number().optional(),
  overtakenBy: z.number().optional(),
  isHinted: z.boolean().optional(),
  beside: z.array(z.string()).optional(),
})
const answered = z.object({ inboundId: z.string(), answer: z.string(), more: z.array(z.string()).optional() })
const stored = z.union([
  question.extend({ version: z.literal(version) }),
  question.extend({ version: z.literal(answeredVersion), answered }),
  // The shape of version 1: the state of a question was packed among the words.
  question.extend({ version: z.literal(1) }).transform(asOlder),
  question.extend({ version: z.literal('answered'), answered }).transform(asOlder),
])

/** An open question: the member, the command that continues with the answer, and the values so far. */
export interface PendingQuestion {
  memberId: number
  memberName: string
  /**
   * The account of the question. The answer acts in it, even if the member uses another one by then. Absent when the member
   * had none.
   */
  accountId?: number
  command: string
  given: Record<string, string>
  /** The stored state of the flow; its command reads it. */
  state?: unknown
  /** The question has the shape of an older version, without a state. */
  isOlder?: true
  /** The text of the question, to ask it again. */
  text: string
  question: Question
  /** Milliseconds since the epoch. */
  expiresAt: number
  /**
   * A job asked this question, so the member may be in the middle of something else. A press answers it. A typed number
   * answers it only when no other question is open.
   */
  isBackground: boolean
  /** The time of asking, in milliseconds since the epoch; absent in a question of an older version. */
  askedAt?: number
  /** The number of other commands that its member has given here since. */
  overtakenBy?: number
  /** The member was reminded of it after small talk. */
  isHinted?: boolean
  /** Ids of open background questions that it was shown beside. A number means this question since. */
  beside?: string[]
  /** The matter of a background question is over. It is noticed when the question is read, and is not stored. */
  isOver?: boolean
  /** Its truth is in Postgres, and the act on its answer counts once by itself. Never stored. */
  isKeptElsewhere?: boolean
  /** It was put before the desk was started anew, on a screen that is gone. Never stored. */
  isOffScreen?: boolean
}

/** An answer: the message that gave it, and its values by the names of the question's form. */
export interface GivenAnswer {
  inboundId: string
  answer: string
  more?: string[]
}

/** The member's last answered question in a conversation. */
export interface AnsweredQuestion extends PendingQuestion {
  answered: GivenAnswer
}

/** The open and the recent questions of a conversation. */
export interface ConversationQuestions {
  pending: PendingQuestion[]
  answered: AnsweredQuestion[]
  /** Redis did not answer, so the questions are unknown. */
  isUnknown?: boolean
}

/** The open questions of conversations, in Redis: one for each member, and any number of background questions of jobs. */
export interface Questions {
  /** Reads the open and recent questions of a conversation, and each member's last answered one. */
  inConversation(conversation: string): Promise<ConversationQuestions>
  /** Asks a member a question. It replaces the member's earlier question. */
  ask(conversation: string, pending: Omit<PendingQuestion, 'expiresAt' | 'isBackground' | 'askedAt'>): Promise<void>
  /** Asks a background question beside the others, until it expires. It replaces a background question with the same id. */
  askInBackground(conversation: string, pending: Omit<PendingQuestion, 'isBackground' | 'askedAt'>): Promise<void>
  /** Is this background question still stored? */
  isInBackground(conversation: string, questionId: string): Promise<boolean>
  /** Notes something about a question, if it is still open. */
  note(conversation: string, pending: PendingQuestion): Promise<void>
  /**
   * Removes a question, and stores the answer if there is one. Only one of several concurrent callers gets true, and only that
   * caller acts on the answer.
   */
  take(conversation: string, pending: PendingQuestion, answered?: GivenAnswer): Promise<boolean>
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    noteQuestion(key: string, field: string, questionId: string, kept: string): Promise<number>
    takeQuestion(key: string, field: string, questionId: string, answerField: string, answered: string): Promise<number>
  }
}

const takeScript = `
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept or cjson.decode(kept).question.id ~= ARGV[2] then return 0 end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], ARGV[3], ARGV[4]) end
return redis.call('HDEL', KEYS[1], ARGV[1])`

const noteScript = `
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept or cjson.decode(kept).question.id ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`

/** Opens the questions on a Redis connection. `conversation` is the key of its place. */
export function createQuestions(redis: RedisConnection, clock: Clock): Questions {
  redis.defineCommand('takeQuestion', { numberOfKeys: 1, lua: takeScript })
  redis.defineCommand('noteQuestion', { numberOfKeys: 1, lua: noteScript })
  const keyOf = (conversation: string) => `deskhand:questions:${conversation}`
  const inConversation = async (conversation: string) => {
    const kept = (await redis.hvals(keyOf(conversation))).map(parseStored)
    return {
      pending: kept.filter((one): one is PendingQuestion => one !== undefined && !('answered' in one)),
      answered: kept.filter((one): one is AnsweredQuestion => one !== undefined && 'answered' in one),
    }
  }
  const keep = async (conversation: string, pending: PendingQuestion, outdated: PendingQuestion[] = []) => {
    const key = keyOf(conversation)
    const writing = redis.multi().hset(key, fieldOf(pending), JSON.stringify({ version, ...pending }))
    if (outdated.length > 0) writing.hdel(key, ...outdated.map(fieldOf))
    await writing.pexpire(key, answerWithinMs + rememberedMs).exec()
  }
  return {
    inConversation,
    ask(conversation, pending) {
      const askedAt = clock.now().getTime()
      return keep(conversation, { ...pending, askedAt, expiresAt: askedAt + answerWithinMs, isBackground: false })
    },
    async askInBackground(conversation, pending) {
      const remembered = clock.now().getTime() - rememberedMs
      const outdated = (await inConversation(conversation)).pending.filter(
        (one) => one.isBackground && one.expiresAt < remembered && one.question.id !== pending.question.id,
      )
      await keep(conversation, { ...pending, askedAt: clock.now().getTime(), isBackground: true }, outdated)
    },
    async isInBackground(conversation, questionId) {
      return (await redis.hexists(keyOf(conversation), backgroundField(questionId))) === 1
    },
    async note(conversation, pending) {
      const kept = JSON.stringify({ version, ...pending })
      await redis.noteQuestion(keyOf(conversation), fieldOf(pending), pending.question.id, kept)
    },
    async take(conversation, pending, answered) {
      const kept = answered ? JSON.stringify({ ...pending, version: answeredVersion, answered }) : ''
      const [field, answerField] = [fieldOf(pending), `answered-${pending.memberId}`]
      return (await redis.takeQuestion(keyOf(conversation), field, pending.question.id, answerField, kept)) === 1
    },
  }
}

/** The hash field of a question. A member has one question of a command, but any number of background questions. */
function fieldOf({ memberId, isBackground, question }: PendingQuestion): string {
  return isBackground ? backgroundField(question.id) : String(memberId)
}

const backgroundField = (questionId: string) => `background-${questionId}`

function parseStored(text: string): PendingQuestion | AnsweredQuestion | undefined {
  try {
    return stored.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function asOlder<Kept>(kept: Kept): Kept & { isOlder: true } {
  return { ...kept, isOlder: true }
}
