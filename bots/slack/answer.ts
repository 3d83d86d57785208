import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { type HearingDesk, type Poster, PostFailed } from '../../src/talk/chat/door.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import { type Picture, type Posted, type Reply, rowKey } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'
import { missingPicture, sharePicture } from './pictures.ts'
import { type Part, renderReply, type Said } from './render.ts'
import { type Heard, isDirect } from './to-inbound.ts'
import { asPostFailed, refusal, wasRefused } from './web.ts'
import { sendWithTable } from './without-table.ts'

/** Answers the slash command or press itself, through its `response_url`. */
export type Respond = (
  message: (Part & { response_type: 'ephemeral'; replace_original: false }) | { delete_original: true },
) => Promise<unknown>

interface Answering {
  web: webApi.WebClient
  poster: Poster
  desk: HearingDesk
  log: Logger
  /** Aborted when the door closes: waiting ends, and replies with a row are left to the outbox. */
  closing: AbortSignal
}

/** Slack's errors for a channel that the desk is not in, or may not write to. */
const closedToUs = /^(not_in_channel|channel_not_found|is_archived|restricted_action.*)$/
const closedHint = '⚠️ I cannot post here. Invite me to this channel (/invite), or write to me directly.'

/**
 * Posts the replies to an event in order, and tells the desk the outcome of each reply with a row. `asked` is the line about a
 * slash command: the first reply that several people see begins with it.
 */
export function createAnswers({ web, poster, desk, log, closing }: Answering) {
  return async function answer(heard: Heard, all: Reply[], respond?: Respond, asked?: string): Promise<void> {
    const first = isDirect(heard.place) ? undefined : all.find((reply) => !reply.private)
    const replies = all.map((reply): Said => (reply === first && asked !== undefined ? { ...reply, asked } : reply))
    let place = heard.place
    let leftToOutbox = false
    const lastBegin = Date.now() + limits.outboxMargin
    for (const [index, reply] of replies.entries()) {
      leftToOutbox ||= Date.now() > lastBegin
      if (reply.row !== undefined && leftToOutbox) {
        await tell(() => desk.undelivered(reply.row!))
        continue
      }
      try {
        const posted = await patiently(reply, lastBegin, () => say(place, heard, reply, index, respond))
        // A private answer in a direct message does not move the conversation there.
        if (!reply.private) place = posted.place
        if (reply.row !== undefined) await tell(() => desk.delivered(reply.row!, posted))
        await show(posted.place, heard, reply, replies.length + index, respond)
      } catch (error) {
        log.warn({ err: error, heard: heard.id, row: reply.row }, 'a reply did not go out to Slack')
        leftToOutbox ||= reply.row !== undefined
        if (reply.row !== undefined) await tell(() => desk.undelivered(reply.row!))
        await explain(error, place, heard, reply, index, respond)
      }
    }
  }

  function say(place: Place, heard: Heard, reply: Reply, index: number, respond?: Respond): Promise<Posted> {
    if (reply.private && !isDirect(place) && reply.pictures?.length) return tellDirectly(place, heard, reply, index)
    if (reply.private && !isDirect(place)) return whisper(place, heard.user, reply, respond)
    return poster.post({ key: keyOf(heard, reply, index), place, reply })
  }

  /** Slack has no pictures for one person alone in a channel, so such an answer is a direct message. */
  function tellDirectly({ thread: _, ...around }: Place, heard: Heard, reply: Reply, index: number): Promise<Posted> {
    const place = { ...around, channel: '', person: heard.user }
    return poster.post({ key: keyOf(heard, reply, index), place, reply: { ...reply, private: undefined } })
  }

  /** Shares the pictures after the text, which does not depend on them, and says so if one is missing. Never throws. */
  async function show(place: Place, heard: Heard, reply: Reply, index: number, respond?: Respond): Promise<void> {
    const { pictures = [] } = reply
    if (pictures.length === 0) return
    try {
      for (const picture of pictures) await patientlyShare(place, picture)
    } catch (error) {
      log.warn({ err: error, heard: heard.id, said: refusal(error) }, 'a picture did not go out to Slack')
      const missing: Reply = { text: missingPicture(error), private: reply.private }
      await say(place, heard, missing, index, respond).catch((err) => log.warn({ err }, 'nor word of that'))
    }
  }

  /** Tries once more if Slack refused the picture; after any other failure it may be there already. */
  async function patientlyShare(place: Place, picture: Picture): Promise<void> {
    try {
      await sharePicture(web, place, picture)
    } catch (error) {
      const { kind, retryAfterMs } = asPostFailed(error)
      if (!wasRefused(error) || kind === 'never' || retryAfterMs > limits.patienceWithOutbox) throw error
      await wait(retryAfterMs, undefined, { signal: closing })
      await sharePicture(web, place, picture)
    }
  }

  /** Posts to one person only, who sees it until the page is loaded again. */
  async function whisper(place: Place, user: string, reply: Reply, respond?: Respond): Promise<Posted> {
    const { channel, thread } = place
    let message = ''
    try {
      for (const part of renderReply(reply, thread !== undefined)) {
        if (respond && !thread) await respond({ response_type: 'ephemeral', replace_original: false, ...part })
        else {
          const around = {
            channel,
            user,
            ...(thread && { thread_ts: thread }),
            parse: 'none',
            link_names: false,
          } as const
          const answer = await sendWithTable(part, (shown) => web.chat.postEphemeral({ ...around, ...shown }))
          message = answer.message_ts!
        }
      }
    } catch (error) {
      throw asPostFailed(error)
    }
    return { message, place }
  }

  /** Tries again while that can help. A reply with a row is given up sooner: the outbox can post it. */
  async function patiently(reply: Reply, lastBegin: number, attempt: () => Promise<Posted>): Promise<Posted> {
    const alone = reply.row === undefined
    const patience = alone ? limits.patienceAlone : limits.patienceWithOutbox
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt()
      } catch (error) {
        const failed = asPostFailed(error)
        if (failed.kind === 'never' || attempts === limits.attempts || failed.retryAfterMs > patience) throw failed
        if (!alone && Date.now() + failed.retryAfterMs > lastBegin) throw failed
        await wait(failed.retryAfterMs, undefined, { signal: closing }).catch(() => {
          throw failed
        })
      }
    }
  }

  /**
   * Sends the answer to the person alone where the desk may not post: in private, or in a direct message, with a
   * remedy.
   */
  async function explain(
    error: unknown,
    place: Place,
    heard: Heard,
    reply: Reply,
    index: number,
    respond?: Respond,
  ): Promise<void> {
    const cause = error instanceof PostFailed ? refusal(error.cause) : undefined
    if (cause === undefined || !closedToUs.test(cause)) return
    const text = `${reply.text}\n\n${closedHint}`
    const open = { ...place, thread: undefined }
    const told = respond
      ? whisper(open, heard.user, { text, question: reply.question }, respond)
      : poster.post({ key: `${keyOf(heard, reply, index)}-d`, place: { ...open, person: heard.user }, reply: { text } })
    await told.catch((err) => log.warn({ err }, 'nor as an answer to them alone'))
  }

  /** Tells the desk an outcome. If that fails, the outbox finds the message in Slack by its key. */
  async function tell(outcome: () => Promise<void>): Promise<void> {
    await outcome().catch((err) => log.error({ err }, 'the desk did not take the outcome of a reply'))
  }
}

/** The key of a post: that of the outbox's row, so that the outbox finds the post, or one made from the event's id. */
function keyOf(heard: Heard, reply: Reply, index: number): string {
  if (reply.row !== undefined) return rowKey(reply.row)
  return `${createHash('sha256').update(heard.id).digest('hex').slice(0, 16)}-${index}`
}
