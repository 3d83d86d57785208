import { z } from 'zod'

const id = z.string().min(1)
const maybe = id.nullish()

/** The envelope of an event: the workspace that it is about, which is not always the author's. */
export const envelope = z.object({ team_id: maybe, enterprise_id: maybe })
export type Envelope = z.infer<typeof envelope>

/** A `message` or `app_mention` event. */
export const messageEvent = z.object({
  type: z.enum(['message', 'app_mention']),
  subtype: z.string().optional(),
  channel: id,
  channel_type: z.string().optional(),
  user: id.optional(),
  /** In a `message` the author's workspace. In an `app_mention` the desk's: the author's is in the next two fields. */
  team: maybe,
  user_team: maybe,
  source_team: maybe,
  bot_id: z.string().optional(),
  text: z.string().default(''),
  ts: id,
  thread_ts: id.optional(),
  /** Set when a mention was edited into an old message: Slack delivers it like a new one. */
  edited: z.unknown().optional(),
})
export type MessageEvent = z.infer<typeof messageEvent>

/** A slash command; each use has another `trigger_id`. */
export const slashCommand = z.object({
  user_id: id,
  team_id: maybe,
  enterprise_id: maybe,
  channel_id: id,
  command: z.string().default('/trade'),
  text: z.string().default(''),
  trigger_id: id,
})
export type SlashCommand = z.infer<typeof slashCommand>

/** The person who presses or sends, with their own workspace or organization. */
const person = z.object({ id, team_id: maybe })
const where = {
  user: person,
  team: z.object({ id }).nullish(),
  enterprise: z.object({ id }).nullish(),
}

/** A pressed button, or a picked line of a menu: both have a value. */
const pressed = z
  .object({
    action_id: id,
    action_ts: id,
    value: z.string().optional(),
    selected_option: z.object({ value: id }).nullish(),
  })
  .transform(({ selected_option, ...action }) => ({ ...action, value: selected_option?.value ?? action.value ?? '' }))

/** A press in a message, or in the app's home, which has no channel. */
export const buttonPress = z.object({
  ...where,
  trigger_id: id,
  container: z.object({
    message_ts: id.optional(),
    channel_id: id.optional(),
    thread_ts: id.optional(),
    is_ephemeral: z.boolean().optional(),
  }),
  message: z
    .object({ blocks: z.array(z.looseObject({ type: z.string() })).optional(), text: z.string().optional() })
    .optional(),
  actions: z.array(pressed).min(1),
})
export type ButtonPress = z.infer<typeof buttonPress>

/** A press whose channel is known. */
export type PlacedPress = ButtonPress & { container: { channel_id: string; message_ts: string } }

/** A field of a sent form: a text, or the picked line of a menu. */
const field = z
  .object({ value: z.string().nullish(), selected_option: z.object({ value: id }).nullish() })
  .transform(({ value, selected_option }) => selected_option?.value ?? value ?? '')

/** A sent form. */
export const formSubmission = z.object({
  ...where,
  view: z.object({
    id,
    hash: z.string().optional(),
    private_metadata: z.string(),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), field)),
    }),
  }),
})
export type FormSubmission = z.infer<typeof formSubmission>

/** Somebody types into the menu of symbols of a form. */
export const typedSymbol = z.object({
  ...where,
  value: z.string().default(''),
  view: z.object({ private_metadata: z.string() }),
})
export type TypedSymbol = z.infer<typeof typedSymbol>

/** Somebody opened the app's home. */
export const homeOpened = z.object({ user: id, tab: z.string().optional() })

/** A shortcut that was used on a message. */
export const messageShortcut = z.object({
  ...where,
  callback_id: id,
  trigger_id: id,
  action_ts: id,
  channel: z.object({ id }),
  message: z.object({ ts: id, thread_ts: maybe, text: z.string().default('') }),
})
export type MessageShortcut = z.infer<typeof messageShortcut>
