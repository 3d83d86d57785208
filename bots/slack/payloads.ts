import { z } from 'zod'

const id = z.string().min(1)

/** A `message` or `app_mention` event. */
export const messageEvent = z.object({
  type: z.enum(['message', 'app_mention']),
  subtype: z.string().optional(),
  channel: id,
  channel_type: z.string().optional(),
  user: id.optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  ts: id,
  thread_ts: id.optional(),
  /** Of a mention that was put into a message later: Slack tells of it as if it were a new one. */
  edited: z.unknown().optional(),
})
export type MessageEvent = z.infer<typeof messageEvent>

/** A slash command; `trigger_id` is another one each time. */
export const slashCommand = z.object({
  user_id: id,
  channel_id: id,
  text: z.string().default(''),
  trigger_id: id,
})
export type SlashCommand = z.infer<typeof slashCommand>

/** A press on a button in a message. */
export const buttonPress = z.object({
  user: z.object({ id }),
  trigger_id: id,
  container: z.object({
    message_ts: id,
    channel_id: id,
    thread_ts: id.optional(),
    is_ephemeral: z.boolean().optional(),
  }),
  message: z
    .object({ blocks: z.array(z.looseObject({ type: z.string() })).optional(), text: z.string().optional() })
    .optional(),
  actions: z.array(z.object({ action_ts: id, value: z.string() })).min(1),
})
export type ButtonPress = z.infer<typeof buttonPress>

/** The form behind a button, sent in. */
export const formSubmission = z.object({
  user: z.object({ id }),
  view: z.object({
    id,
    hash: z.string().optional(),
    private_metadata: z.string(),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))),
    }),
  }),
})
export type FormSubmission = z.infer<typeof formSubmission>

/** Somebody opened the app's home. */
export const homeOpened = z.object({ user: id, tab: z.string().optional() })
