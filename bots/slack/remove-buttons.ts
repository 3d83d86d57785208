import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Respond } from './answer.ts'
import type { ButtonPress, PlacedPress } from './payloads.ts'
import { refusal } from './web.ts'

/** Takes the buttons off the message of an answered question; never rejects. */
export type ButtonRemoval = (container: PlacedPress['container'], known?: Shown, respond?: Respond) => Promise<void>

/** Makes the removal of buttons. A failure does no harm: the desk refuses a press on an old button. */
export function createButtonRemoval(web: webApi.WebClient, log: Logger): ButtonRemoval {
  return async ({ channel_id, message_ts, thread_ts, is_ephemeral }, known, respond) => {
    try {
      if (is_ephemeral) {
        await respond?.({ delete_original: true })
        return
      }
      const { blocks = [], text = '' } = known ?? (await readMessage(channel_id, message_ts, thread_ts))
      const rest = blocks.filter((block) => block.type !== 'actions')
      if (rest.length === 0 || rest.length === blocks.length) return
      await web.chat.update({
        channel: channel_id,
        ts: message_ts,
        text,
        blocks: rest,
        parse: 'none',
        link_names: false,
      })
    } catch (error) {
      log.warn({ err: error, said: refusal(error) }, 'the buttons of an answered question stay')
    }
  }

  /** The present message with the button: a sent form does not include it. */
  async function readMessage(channel: string, ts: string, thread?: string): Promise<Shown> {
    const only = { channel, oldest: ts, latest: ts, inclusive: true, limit: 2 }
    const page = thread
      ? await web.conversations.replies({ ...only, ts: thread })
      : await web.conversations.history(only)
    return (page.messages?.find((message) => message.ts === ts) ?? {}) as Shown
  }
}

/** A message as Slack delivers it: its text for notifications, which is escaped already, and its blocks. */
type Shown = NonNullable<ButtonPress['message']>
