import { type CommandMessage, type Press, type TypedMessage, wordless } from '../../src/talk/chat/inbound.ts'
import { type Place, placeKey } from '../../src/talk/chat/place.ts'
import { shortcuts } from '../../src/talk/chat/shortcut.ts'
import { fieldId, readForm } from './form.ts'
import type {
  ButtonPress,
  Envelope,
  FormSubmission,
  MessageEvent,
  MessageShortcut,
  PlacedPress,
  SlashCommand,
  TypedSymbol,
} from './payloads.ts'
import { actionOf, readButton } from './render.ts'
import { type Self, teamOf } from './teams.ts'
import { decodeText, takeMention } from './text.ts'

/** An event without the person's name, which is looked up later. */
export type Heard = Unnamed<TypedMessage> | Unnamed<Press> | Unnamed<CommandMessage>
type Unnamed<T extends { author: unknown }> = Omit<T, 'author'> & {
  user: string
  /** The person's team. */
  team: string
}

/** Any other subtype is an event about a message (edited, deleted, somebody joined). */
const heardSubtypes = [undefined, 'file_share', 'thread_broadcast']

/** Whether this is a direct message between one person and the desk. */
export function isDirect(place: Place): boolean {
  return place.channel.startsWith('D')
}

/**
 * A message to the desk: in a direct message, in a thread, or with a mention. Undefined for all others. `isLate` means
 * that Slack has tried to deliver it before, or delivers it long after it was written.
 */
export function fromMessage(
  event: MessageEvent,
  { team_id, enterprise_id }: Envelope,
  self: Self,
  isLate: boolean,
): Heard | undefined {
  const { user, channel, ts, thread_ts } = event
  if (!user || event.bot_id || user === self.userId || user === 'USLACKBOT') return undefined
  if (event.edited || !heardSubtypes.includes(event.subtype)) return undefined

  const { text: rest, mentioned } = takeMention(event.text, self.userId)
  const text = decodeText(rest).trim()
  const direct = event.channel_type === 'im' || channel.startsWith('D')
  if (!direct && !mentioned && !thread_ts) return undefined
  if (text === '' && !mentioned) return undefined
  const own = event.user_team ?? event.source_team ?? event.team
  return {
    kind: 'message',
    id: `slack:${channel}:${ts}`,
    user,
    team: teamOf({ own, team: team_id, organization: enterprise_id }, self),
    // The reply to a mention in a channel goes into that message's thread, so that the channel stays readable.
    place: slackPlace(self, channel, thread_ts ?? (direct ? undefined : ts)),
    text: text || wordless,
    addressed: direct || mentioned,
    ...(!direct && !thread_ts && { channel: slackPlace(self, channel) }),
    ...(isLate && { writtenAt: new Date(Number(ts) * 1000) }),
  }
}

/** The text of a slash command, as a message; Slack has no slash commands in threads. */
export function fromCommand(command: SlashCommand, self: Self): Unnamed<TypedMessage> {
  return {
    kind: 'message',
    id: `slack:command:${command.trigger_id}`,
    user: command.user_id,
    team: teamOf({ team: command.team_id, organization: command.enterprise_id }, self),
    place: slackPlace(self, command.channel_id),
    text: decodeText(command.text).trim() || wordless,
    addressed: true,
  }
}

/** A press on a choice or an action; undefined when the button is not the desk's. */
export function fromPress(press: PlacedPress, self: Self): Heard | undefined {
  const button = readButton(press.actions[0]!.value)
  if (!button) return undefined
  const { channel_id, message_ts } = press.container
  const arrival = {
    id: `slack:press:${channel_id}:${message_ts}:${press.actions[0]!.action_ts}:${press.user.id}`,
    user: press.user.id,
    team: teamOfPerson(press, self),
    place: pressPlace(press, self),
  }
  const action = actionOf(button)
  if (action) return { kind: 'command', ...arrival, ...action }
  return { kind: 'press', ...arrival, questionId: button.question, answer: button.answer }
}

/** A shortcut that was used on a message, in that message's thread; undefined when it is not the desk's. */
export function fromShortcut(used: MessageShortcut, self: Self): Heard | undefined {
  const shortcut = shortcuts.find(({ id }) => id === used.callback_id)
  if (!shortcut) return undefined
  const { channel, message } = used
  const isInDirect = channel.id.startsWith('D')
  return {
    kind: 'command',
    id: `slack:shortcut:${used.trigger_id}`,
    user: used.user.id,
    team: teamOfPerson(used, self),
    place: slackPlace(self, channel.id, message.thread_ts ?? (isInDirect ? undefined : message.ts)),
    command: shortcut.command,
    options: {},
    about: decodeText(message.text),
  }
}

/** The answers in a sent form; undefined when the form is not the desk's. */
export function fromForm(form: FormSubmission, self: Self): (Heard & { message: string }) | undefined {
  const opened = readForm(form.view.private_metadata)
  if (!opened) return undefined
  const { values } = form.view.state
  const [answer = '', ...more] = Object.keys(values).map((_, index) => {
    const id = fieldId(index)
    return decodeText(values[id]?.[id] ?? '').trim()
  })
  return {
    kind: 'press',
    id: `slack:form:${form.view.id}:${form.view.hash ?? ''}`,
    user: form.user.id,
    team: teamOfPerson(form, self),
    place: opened.place,
    questionId: opened.question,
    ...(opened.choice === undefined
      ? { answer, ...(more.length > 0 && { more }) }
      : { answer: opened.choice, more: [answer, ...more] }),
    message: opened.message,
  }
}

/** The person who types into a form. */
export function typist(typed: TypedSymbol, self: Self): { user: string; team: string } {
  return { user: typed.user.id, team: teamOfPerson(typed, self) }
}

function teamOfPerson({ user, team, enterprise }: Pick<ButtonPress, 'user' | 'team' | 'enterprise'>, self: Self) {
  return teamOf({ own: user.team_id, team: team?.id, organization: enterprise?.id }, self)
}

/** The conversation that a button was posted for; the channel's message alone does not tell it. */
export function pressPlace(press: PlacedPress, self: Self): Place {
  const { channel_id, message_ts, thread_ts } = press.container
  const inThread = readButton(press.actions[0]!.value)?.inThread
  return slackPlace(self, channel_id, inThread ? (thread_ts ?? message_ts) : undefined)
}

function slackPlace(self: Self, channel: string, thread?: string): Place {
  return { door: 'slack', workspace: self.team, channel, ...(thread && { thread }) }
}

/** The lane of an event: one for each conversation. */
export function lane(heard: { place: Place }): string {
  return placeKey(heard.place)
}
