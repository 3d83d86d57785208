import { type APIActionRowComponent, type APIComponentInMessageActionRow, MessageFlags } from 'discord.js'
import type { Picture, Reply } from '../../src/talk/chat/reply.ts'
import { buttonRows } from './buttons.ts'
import { limits } from './limits.ts'
import { literal } from './literal.ts'
import { split } from './split.ts'

/** One message as Discord's API takes it, but for its pictures: nobody is pinged, and no link grows a preview. */
export interface Body {
  content: string
  flags: number
  allowed_mentions: { parse: [] }
  components?: APIActionRowComponent<APIComponentInMessageActionRow>[]
  /** To be sent by `sendWithPictures`. */
  pictures?: Picture[]
}

/** A reply as one message or several, none longer than Discord takes; pictures and buttons are under the last. Never empty. */
export function render(reply: Reply): Body[] {
  const bodies = contents(reply.text).map(body)
  const rows = reply.question ? buttonRows(reply.question) : []
  const last = bodies.at(-1)
  if (last && rows.length > 0) last.components = rows
  if (last && reply.pictures?.length) last.pictures = reply.pictures
  return bodies
}

/** Plain text as the contents of messages, as Discord will have stored them: it takes blanks off both ends. */
export function contents(text: string): string[] {
  const parts = split(text, limits.content, (part) => literal(part).length)
  const visible = parts.map((part) => literal(part).trim()).filter((part) => part !== '')
  return visible.length > 0 ? visible : ['…']
}

function body(content: string): Body {
  return { content, flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } }
}
