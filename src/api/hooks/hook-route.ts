import { createHash } from 'node:crypto'
import type { Route } from '../../base/http.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Place } from '../../talk/chat/place.ts'
import type { Reply } from '../../talk/chat/reply.ts'
import { type Hook, hearHook, hookOf } from '../../trading/access/rows/hooks.ts'
import { leaveToOutbox, queueReply } from '../../trading/events/rows/replies.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { type Answer, json, send } from '../http/answer.ts'
import { pathOf } from '../http/router.ts'
import { dataHeaders } from '../http/security-headers.ts'
import type { ApiDesk, Ground } from '../routes/context.ts'
import { problemOf, statusOf } from '../routes/problem.ts'
import { limitOf } from '../sessions/at-most.ts'
import { readHookMessage } from './hook-message.ts'

/** The longest message, in bytes. */
const bodyLimit = 8 * 1024
/** Messages of a hook, and wrong secrets of an address, in a minute. */
const mostMessages = 60
const mostWrong = 20
const minuteMs = 60_000

/**
 * The route of hooks. A person or program with the address may say commands in its member's name, and gets only a status: the desk answers in the
 * thread where the hook was made. The secret is in the path, because the services that post here can send no header; no log has it.
 */
export function hookRoute({ desk, addressOf }: Ground): Route {
  const { db, clock } = desk.parts
  const messages = limitOf(mostMessages, minuteMs)
  const wrong = limitOf(mostWrong, minuteMs)
  return {
    path: '/hooks/*',
    methods: ['POST'],
    bodyLimit,
    async handle(request, response, body) {
      const secret = pathOf(request).slice('/hooks/'.length)
      const hook = /^[\w-]{43}$/.test(secret) ? await hookOf(db, secret) : undefined
      if (!hook) {
        const waits = wrong.over(addressOf(request))
        return send(request, response, refused(waits === undefined ? noSuchHook() : tooMany(waits)))
      }
      const waits = messages.over(String(hook.id))
      if (waits !== undefined) return send(request, response, refused(tooMany(waits)))
      const fingerprint = createHash('sha256').update(body).digest()
      const heard = await hearHook(db, hook, fingerprint, clock.now())
      await hear(desk, hook, heard, body)
      send(request, response, accepted(heard.isRepeat))
    },
  }
}

/**
 * Lets the desk hear a message of a hook, and leaves its answers to the outbox of the thread. A repeat is heard under the same id, so it
 * does nothing, unless the first was cut short.
 */
async function hear(
  desk: ApiDesk,
  hook: Hook,
  { call, isRepeat }: { call: number; isRepeat: boolean },
  body: Buffer,
): Promise<void> {
  const { db } = desk.parts
  const whose = await db
    .selectFrom('conversations as c')
    .innerJoin('members as m', (join) => join.on('m.id', '=', hook.memberId))
    .innerJoin('member_identities as i', 'i.member_id', 'm.id')
    .where('c.id', '=', hook.conversationId)
    .select(['c.place', 'm.name', 'i.platform_id as platformId'])
    .orderBy('i.platform_id')
    .executeTakeFirstOrThrow()
  const message = readHookMessage(body)
  if ('unreadable' in message) {
    const text = `🪝 Hook ${hook.number} got a message, and ${message.unreadable}. Nothing was done.`
    return isRepeat ? undefined : answer(desk, hook, [{ text }])
  }
  if (!isRepeat) await queue(desk, hook, [{ text: `🪝 Hook ${hook.number}: \`${shown(message.words)}\`` }])
  const author = { id: whose.platformId, name: whose.name }
  const { account, place } = { account: hook.accountId, place: whose.place as Place }
  const inbound = {
    kind: 'message' as const,
    id: `hook:${hook.id}:${call}`,
    author,
    place,
    account,
    isStrict: true as const,
    byProgram: true as const,
  }
  await answer(desk, hook, await desk.hear({ ...inbound, text: message.words, addressed: true }))
}

const shown = (words: string) => words.slice(0, 200).replaceAll('`', "'")

/** Posts the desk's answers in the thread. Those without a row name the account already, where they are about it. */
async function answer(desk: ApiDesk, hook: Hook, replies: Reply[]): Promise<void> {
  const { parts } = desk
  await queue(
    desk,
    hook,
    replies.filter(({ row }) => row === undefined),
    { isSigned: true },
  )
  const rows = replies.flatMap(({ row }) => row ?? [])
  await wakeReplies(parts, [hook.conversationId, ...(await leaveToOutbox(parts.db, rows))])
}

/** Queues replies for the thread. Everybody there may see what a hook did, as nobody asked for a private answer. */
async function queue({ parts }: ApiDesk, hook: Hook, replies: Reply[], { isSigned = false } = {}): Promise<void> {
  const accountId = isSigned ? undefined : hook.accountId
  const to = { conversationId: hook.conversationId, accountId, at: parts.clock.now() }
  await parts.db.transaction().execute(async (trx) => {
    for (const { private: _, pictures: __, ...reply } of replies) await queueReply(trx, to, reply, 'outbox')
  })
}

const accepted = (isRepeat: boolean): Answer => json(202, { accepted: true, isRepeat }, dataHeaders)
const refused = (refusal: Refusal): Answer => json(statusOf(refusal), problemOf(refusal), dataHeaders)
const noSuchHook = () => new Refusal('NOT_FOUND', 'There is no such hook.')
const tooMany = (seconds: number) =>
  new Refusal(
    'TOO_MANY_REQUESTS',
    'That is more than is heard in a minute. Nothing was done.',
    `Send it again in ${seconds} s`,
  )
