import { Refusal } from '../../base/refusal.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import type { Inbound } from '../chat/inbound.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { answerTo } from '../questions/typed-answer.ts'
import { choiceIn, type Ears, isExpired } from './ears.ts'
import type { LocatedMessage } from './locate.ts'
import type { Utterance } from './utterance.ts'

const minuteMs = 60_000

/** The result for a message beyond the limit: the first gets a refusal, later ones get no reply. */
export type Flood = { refusal: Refusal } | 'silent'

/**
 * Counts a member's message in all places together. Undefined when it is within the minute's limit. Exits do not count, and
 * nothing counts while Redis is down. The count survives a restart but the refusal may be lost, so a new process refuses
 * once more with a reason.
 */
export async function floodOf(
  ears: Ears,
  { memberId }: Speaker,
  { inbound, questions }: LocatedMessage,
  utterance: Utterance | undefined,
): Promise<Flood | undefined> {
  if (questions.isUnknown || isExit(utterance)) return undefined
  if (answersExit(ears, memberId, inbound, utterance, questions.pending)) return undefined
  const { parts, messagesPerMinute: most } = ears
  try {
    const { isHeard, isToTell, leftMs } = await countMessage(ears, memberId)
    if (isHeard) return undefined
    return isToTell ? { refusal: tooMany(most, leftMs) } : 'silent'
  } catch (cause) {
    parts.log.warn({ err: cause, member_id: memberId }, 'a message could not be counted')
    return undefined
  }
}

/** Lets the next message get the refusal, because this one was a repeated delivery without a reply. */
export async function tellNext({ parts }: Ears, { memberId }: Speaker): Promise<void> {
  await parts.redis
    .del(toldKey(memberId))
    .catch((cause) => parts.log.warn({ err: cause, member_id: memberId }, 'a member may not be told of the limit'))
}

const countKey = (memberId: number) => `deskhand:messages:${memberId}`
const toldKey = (memberId: number) => `${countKey(memberId)}:told`

/** Keys: the count, and the time of the refusal. Arguments: a minute in ms, the limit, now, and the start of this process. */
const countScript = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local left = redis.call('PTTL', KEYS[1])
if count <= tonumber(ARGV[2]) then return {1, 0, left} end
local told = redis.call('GET', KEYS[2])
if told and tonumber(told) >= tonumber(ARGV[4]) then return {0, 0, left} end
redis.call('SET', KEYS[2], ARGV[3], 'PX', math.max(left, 1))
return {0, 1, left}`

/**
 * Counts a message in the member's minute, which begins with its first message. Returns whether the message is heard, whether
 * the member is to be told, and the rest of the minute in milliseconds.
 */
async function countMessage(
  { parts: { redis }, messagesPerMinute, since }: Ears,
  memberId: number,
): Promise<{ isHeard: boolean; isToTell: boolean; leftMs: number }> {
  const keys = [countKey(memberId), toldKey(memberId)]
  const counted = await redis.eval(countScript, 2, ...keys, minuteMs, messagesPerMinute, Date.now(), since)
  const [isHeard, isToTell, leftMs] = counted as [number, number, number]
  return { isHeard: isHeard === 1, isToTell: isToTell === 1, leftMs }
}

function isExit(utterance: Utterance | undefined): boolean {
  const understood = utterance?.decided?.understood ?? utterance?.partly
  return understood !== undefined && understood.registered.command.exits === 'always'
}

const asksAboutExit = ({ registry }: Ears, { command }: PendingQuestion) =>
  registry.byName(command)?.command.exits !== undefined

/** Is the message an answer to the member's own open question about an exit? */
function answersExit(
  ears: Ears,
  memberId: number,
  inbound: Inbound,
  utterance: Utterance | undefined,
  pending: PendingQuestion[],
): boolean {
  const own = pending.filter((one) => one.memberId === memberId && asksAboutExit(ears, one) && !isExpired(ears, one))
  if (inbound.kind === 'press') return own.some(({ question }) => question.id === inbound.questionId)
  if (utterance === undefined) return false
  return own.some(
    (one) => (one.isBackground ? choiceIn(one, utterance.text) : answerTo(one.question, utterance.text)) !== undefined,
  )
}

function tooMany(most: number, leftMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000))
  return new Refusal(
    'TOO_MANY_MESSAGES',
    `That is more than ${most} messages in a minute. I hear nothing more of you for ${seconds} s, and did nothing about this one.`,
    'What gets you out I always hear: `close`, `flat`, `sell`, `stop`, `cancel`, `breaker`',
  )
}
