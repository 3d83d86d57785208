import {
  type BaseInteraction,
  type ChatInputCommandInteraction,
  type Message,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  MessageType,
  type ModalSubmitInteraction,
  type User,
} from 'discord.js'
import type { PressedAction } from '../../src/talk/chat/action.ts'
import type { CommandSpec } from '../../src/talk/chat/door.ts'
import {
  type Author,
  type CommandMessage,
  type Press,
  type TypedMessage,
  wordless,
} from '../../src/talk/chat/inbound.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import { shortcuts } from '../../src/talk/chat/shortcut.ts'
import { readCommand } from './commands.ts'

/**
 * A person's message to the desk: in a thread, in a direct message, or with a mention of or a reply to the desk.
 * Undefined for everything else. `desk` is the user id of the desk; `isAgain` means that Discord delivered the message
 * late.
 */
export function fromMessage(message: Message, desk: string, isAgain: boolean): TypedMessage | undefined {
  const { author, content } = message
  if (author.bot || author.system || message.webhookId) return undefined
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return undefined
  const direct = message.guildId === null
  const toDesk = message.mentions.users.has(desk) || message.mentions.repliedUser?.id === desk
  if (!direct && !toDesk && !message.channel?.isThread()) return undefined
  const text = withoutMention(content, desk)
  // A picture, a sticker, or a text that Discord withholds has no text to hear.
  if (text === '' && !mentions(content, desk)) return undefined
  return {
    kind: 'message',
    id: `discord:${message.id}`,
    author: person(author),
    place: placeOf(message.guildId, message.channelId),
    text: text || wordless,
    addressed: direct || toDesk,
    ...(isAgain && { writtenAt: message.createdAt }),
  }
}

/** A used `/trade …`. */
export function fromCommand(interaction: ChatInputCommandInteraction, specs: CommandSpec[]): CommandMessage {
  const { command, options } = readCommand(specs, interaction.options.data)
  return { kind: 'command', ...arrival(interaction), command, options }
}

/** A shortcut that was used on a message; undefined when it is not the desk's. */
export function fromShortcut(interaction: MessageContextMenuCommandInteraction): CommandMessage | undefined {
  const shortcut = shortcuts.find(({ title }) => title === interaction.commandName)
  if (!shortcut) return undefined
  const about = interaction.targetMessage.content
  return { kind: 'command', ...arrival(interaction), command: shortcut.command, options: {}, about }
}

/** A pressed action: its command, by the person who pressed. */
export function fromAction(
  interaction: MessageComponentInteraction | ModalSubmitInteraction,
  { command, options, account }: PressedAction,
): CommandMessage {
  return { kind: 'command', ...arrival(interaction), command, options, account }
}

/** A pressed button, or a sent form. */
export function fromPress(
  interaction: MessageComponentInteraction | ModalSubmitInteraction,
  questionId: string,
  answer: string,
  more: string[] = [],
): Press {
  return { kind: 'press', ...arrival(interaction), questionId, answer, ...(more.length > 0 && { more }) }
}

/** A place on Discord: a thread is a channel of its own, and a direct message belongs to no guild. */
export function placeOf(guildId: string | null, channel: string): Place {
  return { door: 'discord', workspace: guildId ?? '', channel }
}

function arrival(interaction: BaseInteraction) {
  return {
    id: `discord:${interaction.id}`,
    author: person(interaction.user),
    place: placeOf(interaction.guildId, interaction.channelId ?? ''),
  }
}

export function person(user: User): Author {
  return { id: `discord:${user.id}`, name: user.displayName }
}

function mentions(content: string, desk: string): boolean {
  return content.includes(`<@${desk}>`) || content.includes(`<@!${desk}>`)
}

function withoutMention(content: string, desk: string): string {
  return content.replace(new RegExp(`[^\\S\\n]*<@!?${desk}>[^\\S\\n]*`, 'g'), ' ').trim()
}
