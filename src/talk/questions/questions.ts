import { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import type { RedisConnection } from '../../infra/queue/redis.ts'
import type { Question } from '../chat/reply.ts'

/** How long a question waits for its answer. */
export const answerWithinMs = 5 * 60_000
/** How long an expired question is remembered, to say that it expired. */
const rememberedMs = 60 * 60_000
/** Goes up when the stored shape changes: a desk of before then reads no question of the new shape. */
const version = 2
/** What was answered is kept under a version of its own: it is no question that waits. */
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
    choices: z.array(z.object({ value: z.string(), label: z.string(), aliases: z.array(z.string()).optional() })),
    orPrice: z.string().optional(),
    fields: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
  }),
  expiresAt: z.number(),
  isBackground: z.boolean().default(false),
})
const answered = z.object({ inboundId: z.string(), answer: z.string(), more: z.array(z.string()).optional() })
const stored = z.union([
  question.extend({ version: z.literal(version) }),
  question.extend({ version: z.literal(answeredVersion), answered }),
  // The shape of before: what a question had shown was packed among the words.
  question.extend({ version: z.literal(1) }).transform(asOlder),
  question.extend({ version: z.literal('answered'), answered }).transform(asOlder),
])

/** A question that waits: who was asked, which command goes on with the answer, and what it knows so far. */
export interface PendingQuestion {
  memberId: number
  memberName: string
  /** The account that it is about, and that the answer acts in, whichever is used by then; absent when there was none yet. */
  accountId?: number
  command: string
  given: Record<string, string>
  /** What its flow has shown, as it is kept; its command reads it. */
  state?: unknown
  /** It was kept in the shape of an older desk, which had no state. */
  isOlder?: true
  /** The question as it was put, to put it again. */
  text: string
  question: Question
  /** Milliseconds since the epoch. */
  expiresAt: number
  /**
   * Put by a job, while the member may be in the middle of something else: a press answers it, a typed number only when
   * nothing else is asked.
   */
  isBackground: boolean
}

/** An answer: by which message, and what it says under the names of the question's form. */
export interface GivenAnswer {
  inboundId: string
  answer: string
  more?: string[]
}

/** The question that a member answered last in a conversation. */
export interface AnsweredQuestion extends PendingQuestion {
  answered: GivenAnswer
}

/** The questions that are or were lately put in a conversation. */
export interface ConversationQuestions {
  pending: PendingQuestion[]
  answered: AnsweredQuestion[]
  /** Short memory did not say: nobody knows. */
  isUnknown?: boolean
}

/** The pending questions of conversations, in Redis: one for each member, and those that jobs put beside it. */
export interface Questions {
  /** Everything that is or was lately asked in a conversation, and what each member answered last. */
  inConversation(conversation: string): Promise<ConversationQuestions>
  /** Puts a question to a member; an earlier one to the same member is gone. */
  ask(conversation: string, pending: Omit<PendingQuestion, 'expiresAt' | 'isBackground'>): Promise<void>
  /** Puts a question beside whatever else is asked, until it expires; with the id of one that is there it takes its place. */
  askInBackground(conversation: string, pending: Omit<PendingQuestion, 'isBackground'>): Promise<void>
  /** Is a question still there that was put beside the others? */
  isInBackground(conversation: string, questionId: string): Promise<boolean>
  /**
   * Takes a question away, and keeps the answer with which it was. True for one caller only, however many try at once:
   * they act on it.
   */
  take(conversation: string, pending: PendingQuestion, answered?: GivenAnswer): Promise<boolean>
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeQuestion(key: string, field: string, questionId: string, answerField: string, answered: string): Promise<number>
  }
}

const takeScript = `
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept or cjson.decode(kept).question.id ~= ARGV[2] then return 0 end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], ARGV[3], ARGV[4]) end
return redis.call('HDEL', KEYS[1], ARGV[1])`

/** Pending questions on a Redis connection. `conversation` is the key of its place. */
export function createQuestions(redis: RedisConnection, clock: Clock): Questions {
  redis.defineCommand('takeQuestion', { numberOfKeys: 1, lua: takeScript })
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
      return keep(conversation, { ...pending, expiresAt: clock.now().getTime() + answerWithinMs, isBackground: false })
    },
    async askInBackground(conversation, pending) {
      const remembered = clock.now().getTime() - rememberedMs
      const outdated = (await inConversation(conversation)).pending.filter(
        (one) => one.isBackground && one.expiresAt < remembered && one.question.id !== pending.question.id,
      )
      await keep(conversation, { ...pending, isBackground: true }, outdated)
    },
    async isInBackground(conversation, questionId) {
      return (await redis.hexists(keyOf(conversation), backgroundField(questionId))) === 1
    },
    async take(conversation, pending, answered) {
      const kept = answered ? JSON.stringify({ ...pending, version: answeredVersion, answered }) : ''
      const [field, answerField] = [fieldOf(pending), `answered-${pending.memberId}`]
      return (await redis.takeQuestion(keyOf(conversation), field, pending.question.id, answerField, kept)) === 1
    },
  }
}

/** A member has one question of a command, and as many in the background as jobs have put. */
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
