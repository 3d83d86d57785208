import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type APIMessage,
  type APIThreadChannel,
  type Client,
  makeURLSearchParams,
  type REST,
  Routes,
  SnowflakeUtil,
} from 'discord.js'
import type { Logger } from 'pino'
import { shorten } from './buttons.ts'
import { codes, describe, refusedWith, wasAnswered } from './failure.ts'
import { limits } from './limits.ts'
import { sendWithPictures } from './pictures.ts'
import type { Body } from './render.ts'

/**
 * The nonce of one part of a post, the same for every attempt. Discord knows nonces per author, and a new database
 * starts its keys from the beginning, while Discord still knows the old nonces. So channel and content are part of the
 * nonce.
 */
function nonceOf(key: string, channel: string, part: number, { content }: Pick<Body, 'content'>): string {
  const hash = createHash('sha256').update(JSON.stringify([key, channel, part, content]))
  return hash.digest('base64url').slice(0, limits.nonce)
}

/**
 * Posts a message into a channel once. Discord accepts a nonce only once, so after a broken connection the same request
 * is sent again. Throws the library's errors.
 */
export async function postOnce(
  rest: REST,
  channel: string,
  body: Body,
  { key, part }: { key: string; part: number },
): Promise<APIMessage> {
  return sendWithPictures(body, async ({ body, files }) => {
    const message = { ...body, nonce: nonceOf(key, channel, part, body), enforce_nonce: true }
    return untilAnswered(async () => {
      return (await rest.post(Routes.channelMessages(channel), { body: message, files })) as APIMessage
    })
  })
}

/** Sends an idempotent request, again after each broken connection. Throws the library's errors. */
export async function untilAnswered<T>(send: () => Promise<T>): Promise<T> {
  for (const pause of limits.resend) {
    try {
      return await send()
    } catch (error) {
      if (wasAnswered(error)) throw error
      await wait(pause)
    }
  }
  return send()
}

/** The desk's own messages in a channel since a moment, newest last. */
export async function ownMessagesSince(client: Client<true>, channel: string, since: Date): Promise<APIMessage[]> {
  const found: APIMessage[] = []
  let after = String(SnowflakeUtil.generate({ timestamp: since.getTime() - limits.clockSkew }))
  for (let page = 0; page < limits.pages; page += 1) {
    const query = makeURLSearchParams({ after, limit: limits.page })
    const messages = (await client.rest.get(Routes.channelMessages(channel), { query })) as APIMessage[]
    const oldestFirst = messages.toReversed()
    found.push(...oldestFirst.filter(({ author }) => author.id === client.user.id))
    after = oldestFirst.at(-1)?.id ?? after
    if (messages.length < limits.page) break
  }
  return found
}

/**
 * Whether a thread can start from a message of this channel: it is in a guild, and is no thread and no direct message.
 */
export async function canHoldThreads(client: Client<true>, channel: string): Promise<boolean> {
  const known = client.channels.cache.get(channel) ?? (await client.channels.fetch(channel).catch(() => null))
  return known !== null && !known.isDMBased() && !known.isThread()
}

/**
 * Opens a thread on a message and joins it. Returns the thread's channel, which is the message's id. Returns undefined
 * if Discord refuses: then the replies stay in the channel.
 */
export async function openThread(
  rest: REST,
  channel: string,
  message: string,
  name: string,
  log: Logger,
): Promise<string | undefined> {
  try {
    const body = {
      name: shorten(name.trim() || 'Desk', limits.threadName),
      auto_archive_duration: limits.archiveAfterMinutes,
    }
    const thread = (await rest.post(Routes.threads(channel, message), { body })) as APIThreadChannel
    await join(rest, thread.id, log)
    return thread.id
  } catch (error) {
    // An earlier attempt at the same post opened it.
    if (refusedWith(error, codes.threadExists)) return message
    log.warn({ channel, reason: describe(error) }, 'no thread could be opened; the replies stay in the channel')
    return undefined
  }
}

/**
 * Joins a thread. The opener is usually a member already; one more request makes sure that the desk hears the thread.
 */
async function join(rest: REST, thread: string, log: Logger): Promise<void> {
  try {
    await rest.put(Routes.threadMembers(thread, '@me'))
  } catch (error) {
    log.debug({ thread, reason: describe(error) }, 'the desk could not join the thread that it opened')
  }
}
