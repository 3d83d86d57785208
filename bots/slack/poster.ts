import type { webApi } from '@slack/bolt'
import { type Post, type Poster, PostFailed } from '../../src/talk/chat/door.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Posted } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'
import { missingPicture, sharePicture } from './pictures.ts'
import { linkBlocks, type Part, renderReply, stripOf } from './render.ts'
import type { Self } from './teams.ts'
import { isDirect } from './to-inbound.ts'
import { asPostFailed, wasRefused } from './web.ts'
import { sendWithTable } from './without-table.ts'

type Message = NonNullable<webApi.ConversationsRepliesResponse['messages']>[number]

/** The event type of the metadata that every message of the desk carries. */
export const metadataType = 'deskhand_reply'

/** Whether this reply opens a thread of its own in that place. */
export function opensThread(reply: { thread?: string }, place: Place): boolean {
  return reply.thread !== undefined && !place.thread && !isDirect(place)
}

/** A poster for Slack. Every message carries its post's key, by which a later attempt finds it. */
export function createPoster(web: webApi.WebClient, self: Self): Required<Poster> {
  /** The start of the first attempt, by key, for posts that may be in Slack in whole or in part. */
  const unfinished = new Map<string, Date>()

  return {
    door: 'slack',
    pace: limits.pace,

    async post(wanted) {
      const post = { ...wanted, place: await openedPlace(wanted.place) }
      if (post.reply.private && !isDirect(post.place)) {
        throw new PostFailed('never', 'nobody is there to show a private reply to')
      }
      const since = post.attemptedAt ?? unfinished.get(post.key)
      const begun = new Date()
      let posted = 0
      try {
        const opens = opensThread(post.reply, post.place)
        const parts = renderReply(post.reply, opens || post.place.thread !== undefined)
        parts.at(-1)!.blocks.push(...linkBlocks(post.reply.link, self))
        const found = since ? await findParts(post, since, opens) : new Map<number, string>()
        let place = post.place
        let message = ''
        for (const [index, part] of parts.entries()) {
          message = found.get(index) ?? (await send(place, part, { key: post.key, part: index }, post.confirm))
          posted += 1
          if (opens && index === 0) place = { ...place, thread: message }
        }
        unfinished.delete(post.key)
        if (found.size < parts.length) await share(place, post, parts.length)
        return { message, place }
      } catch (error) {
        const failed = asPostFailed(error)
        if (failed.kind === 'never') unfinished.delete(post.key)
        else if (posted > 0 || !wasRefused(error)) unfinished.set(post.key, since ?? begun)
        throw failed
      }
    },

    async edit(posted, edit) {
      const [part, ...more] = renderReply(edit, posted.place.thread !== undefined)
      if (!part || more.length > 0) throw new PostFailed('never', 'the text is too long for one message')
      // Slack shows only the blocks that an edit sends, and keeps attachments that it does not name.
      part.blocks.push(...linkBlocks(edit.link, self))
      await update(posted, { ...part, attachments: stripOf(edit.tone) }).catch((error: unknown) => {
        throw asPostFailed(error)
      })
    },
  }

  /**
   * Sends one message. Slack has no key for messages: one that is sent twice is there twice. This can still happen when
   * the process stalls between `confirm` and the request for longer than its right to post lasts.
   */
  async function send(
    place: Place,
    part: Part,
    payload: { key: string; part: number },
    confirm: Post['confirm'],
  ): Promise<string> {
    await confirm?.()
    const answer = await sendWithTable(part, (shown) =>
      web.chat.postMessage({
        channel: place.channel,
        ...(place.thread && { thread_ts: place.thread }),
        ...shown,
        mrkdwn: false,
        parse: 'none',
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: metadataType, event_payload: payload },
      }),
    )
    return answer.ts!
  }

  /** Shares the pictures after the text, which does not depend on them, and says so if one is missing. Never throws. */
  async function share(place: Place, { key, pictures = [], confirm }: Post, part: number): Promise<void> {
    try {
      for (const picture of pictures) await sharePicture(web, place, picture)
    } catch (error) {
      const [missing] = renderReply({ text: missingPicture(error) }, place.thread !== undefined)
      await send(place, missing!, { key, part }, confirm).catch(() => {})
    }
  }

  /** Opens the direct message if the place is a person; Slack opens the same one every time. */
  async function openedPlace({ person, ...place }: Place): Promise<Place> {
    if (!person) return place
    const opened = await web.conversations.open({ users: person }).catch((error: unknown) => {
      throw asPostFailed(error)
    })
    return { ...place, channel: opened.channel!.id! }
  }

  async function update(posted: Posted, part: Part): Promise<void> {
    await web.chat.update({
      channel: posted.place.channel,
      ts: posted.message,
      ...part,
      parse: 'none',
      link_names: false,
    })
  }

  /** Finds the parts of this post that are in Slack already: part number to `ts`. */
  async function findParts(post: Post, since: Date, opens: boolean): Promise<Map<number, string>> {
    const oldest = ((since.getTime() - limits.clockSkew) / 1000).toFixed(6)
    const { channel, thread } = post.place
    const found = new Map<number, string>()
    if (thread) {
      await look((cursor) => web.conversations.replies({ channel, ts: thread, ...window(cursor) }))
    } else {
      await look((cursor) => web.conversations.history({ channel, ...window(cursor) }))
      const first = found.get(0)
      if (opens && first) await look((cursor) => web.conversations.replies({ channel, ts: first, ...window(cursor) }))
    }
    return found

    function window(cursor?: string) {
      return { oldest, inclusive: true, include_all_metadata: true, limit: limits.pageOfMessages, cursor } as const
    }

    async function look(page: (cursor?: string) => Promise<Page>): Promise<void> {
      let cursor: string | undefined
      do {
        const { messages = [], response_metadata } = await page(cursor)
        for (const message of messages) {
          const part = partOf(message, post.key)
          if (part !== undefined) found.set(part, message.ts!)
        }
        cursor = response_metadata?.next_cursor || undefined
      } while (cursor)
    }
  }

  /**
   * The part number of the desk's own message with this key. Other apps may write the same metadata, so theirs are
   * ignored.
   */
  function partOf(message: Message, key: string): number | undefined {
    const payload = message.metadata?.event_payload as { key?: unknown; part?: unknown } | undefined
    if (message.bot_id !== self.botId || message.metadata?.event_type !== metadataType) return undefined
    return payload?.key === key && typeof payload.part === 'number' ? payload.part : undefined
  }
}

interface Page {
  messages?: Message[]
  response_metadata?: { next_cursor?: string }
}
