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
  }),
  expiresAt: z.number(),
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
}

/** The pending questions of conversations: one for each member, in Redis. */
export interface Questions {
  /** Everything that is or was lately asked in a conversation. */
  inConversation(conversation: string): Promise<PendingQuestion[]>
  /** Puts a question to a member; an earlier one to the same member is gone. */
  ask(conversation: string, pending: Omit<PendingQuestion, 'expiresAt'>): Promise<void>
  /** Takes a question away in order to act on its answer. True for one caller only, however many try at once. */
  take(conversation: string, memberId: number, questionId: string): Promise<boolean>
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
  return {
    async inConversation(conversation) {
      const kept = await redis.hvals(keyOf(conversation))
      return kept.flatMap((text) => parseStored(text) ?? [])
    },
    async ask(conversation, pending) {
      const expiresAt = clock.now().getTime() + answerWithinMs
      const key = keyOf(conversation)
      await redis
        .multi()
        .hset(key, String(pending.memberId), JSON.stringify({ version, ...pending, expiresAt }))
        .pexpire(key, answerWithinMs + rememberedMs)
        .exec()
    },
    async take(conversation, memberId, questionId) {
      return (await redis.takeQuestion(keyOf(conversation), String(memberId), questionId)) === 1
    },
  }
}

function parseStored(text: string): PendingQuestion | undefined {
  try {
    return stored.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
