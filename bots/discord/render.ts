import { type APIActionRowComponent, type APIComponentInMessageActionRow, MessageFlags } from 'discord.js'
import type { Picture, Reply } from '../../src/talk/chat/reply.ts'
import { actionRows, buttonRows, linkRow } from './buttons.ts'
import { limits } from './limits.ts'
import { literal } from './literal.ts'
import { split } from './split.ts'
import { type Strip, stripOf } from './strip.ts'

/** One message for Discord's API, without its pictures: it pings nobody but the one whom the reply names, and its links have no preview. */
export interface Body {
  content: string
  flags: number
  allowed_mentions: { parse: []; users?: string[] }
  components?: APIActionRowComponent<APIComponentInMessageActionRow>[]
  embeds?: Strip['embeds']
  /** Sent by `sendWithPictures`. */
  pictures?: Picture[]
}

/**
 * Renders a reply as one or more messages within Discord's limit; pictures, buttons and the strip go under the last. Never empty.
 */
export function render(reply: Reply): Body[] {
  const { ping } = reply
  const bodies = contents(ping === undefined ? reply.text : `<@${ping}> ${reply.text}`).map(body)
  if (ping !== undefined) bodies[0]!.allowed_mentions = { parse: [], users: [ping] }
  const buttons = rowsOf(reply)
  const rows = buttons.length < limits.rows ? [...buttons, ...linkRow(reply.link)] : buttons
  const last = bodies.at(-1)
  if (last && rows.length > 0) last.components = rows
  if (last && reply.tone) Object.assign(last, stripOf(reply.tone, last.content))
  if (last && reply.pictures?.length) last.pictures = reply.pictures
  return bodies
}

/** The buttons of a reply. A public answer to the press of a private action would show others what was private. */
function rowsOf({ question, actions = [], private: isPrivate }: Reply) {
  if (question) return buttonRows(question)
  return isPrivate ? [] : actionRows(actions)
}

/** The contents of messages for a plain text, trimmed as Discord stores them. */
export function contents(text: string): string[] {
  const parts = split(text, limits.content, (part) => literal(part).length)
  const visible = parts.map((part) => literal(part).trim()).filter((part) => part !== '')
  return visible.length > 0 ? visible : ['…']
}

function body(content: string): Body {
  return { content, flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } }
}
