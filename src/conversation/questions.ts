import { z } from 'zod'
import type { Question } from '../chat/reply.ts'
import type { Clock } from '../clock.ts'
import type { RedisConnection } from '../queue/redis.ts'

/** How long a question waits for its answer. */
export const answerWithinMs = 5 * 60_000
/** How long an expired question is remembered, to say that it expired. */
const rememberedMs = 60 * 60_000
/** Goes up when the stored shape changes: questions of an older shape count as never asked. */
const version = 1

const stored = z.object({
  version: z.literal(version),
  memberId: z.number(),
  memberName: z.string(),
  command: z.string(),
  given: z.record(z.string(), z.string()),
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

/** A question that waits: who was asked, which command goes on with the answer, and what it knows so far. */
export interface PendingQuestion {
  memberId: number
  memberName: string
  command: string
  given: Record<string, string>
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

/** The pending questions of conversations, in Redis: one for each member, and those that jobs put beside it. */
export interface Questions {
  /** Everything that is or was lately asked in a conversation. */
  inConversation(conversation: string): Promise<PendingQuestion[]>
  /** Puts a question to a member; an earlier one to the same member is gone. */
  ask(conversation: string, pending: Omit<PendingQuestion, 'expiresAt' | 'isBackground'>): Promise<void>
  /** Puts a question beside whatever else is asked, until it expires; with the id of one that is there it takes its place. */
  askInBackground(conversation: string, pending: Omit<PendingQuestion, 'isBackground'>): Promise<void>
  /** Is a question still there that was put beside the others? */
  isInBackground(conversation: string, questionId: string): Promise<boolean>
  /** Takes a question away in order to act on its answer. True for one caller only, however many try at once. */
  take(conversation: string, pending: PendingQuestion): Promise<boolean>
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeQuestion(key: string, field: string, questionId: string): Promise<number>
  }
}

const takeScript = `
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept and cjson.decode(kept).question.id == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0`

/** Pending questions on a Redis connection. `conversation` is the key of its place. */
export function createQuestions(redis: RedisConnection, clock: Clock): Questions {
  redis.defineCommand('takeQuestion', { numberOfKeys: 1, lua: takeScript })
  const keyOf = (conversation: string) => `deskhand:questions:${conversation}`
  const inConversation = async (conversation: string) => {
    const kept = await redis.hvals(keyOf(conversation))
    return kept.flatMap((text) => parseStored(text) ?? [])
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
      const outdated = (await inConversation(conversation)).filter(
        (one) => one.isBackground && one.expiresAt < remembered && one.question.id !== pending.question.id,
      )
      await keep(conversation, { ...pending, isBackground: true }, outdated)
    },
    async isInBackground(conversation, questionId) {
      return (await redis.hexists(keyOf(conversation), backgroundField(questionId))) === 1
    },
    async take(conversation, pending) {
      return (await redis.takeQuestion(keyOf(conversation), fieldOf(pending), pending.question.id)) === 1
    },
  }
}

/** A member has one question of a command, and as many in the background as jobs have put. */
function fieldOf({ memberId, isBackground, question }: PendingQuestion): string {
  return isBackground ? backgroundField(question.id) : String(memberId)
}

const backgroundField = (questionId: string) => `background-${questionId}`

function parseStored(text: string): PendingQuestion | undefined {
  try {
    return stored.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
