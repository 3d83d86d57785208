import { type APIActionRowComponent, type APIComponentInMessageActionRow, MessageFlags } from 'discord.js'
import { partedAtColumns } from '../../src/talk/chat/columns.ts'
import type { Picture, Reply } from '../../src/talk/chat/reply.ts'
import { actionRows, buttonRows, linkRow } from './buttons.ts'
import { codeBlocks } from './columns.ts'
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
  const bodies = contentsOf(reply).map(body)
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

/** The contents of messages for a reply, its list in columns. */
export function contentsOf({ text, columns, ping }: Pick<Reply, 'text' | 'columns' | 'ping'>): string[] {
  const said = ping === undefined ? text : `<@${ping}> ${text}`
  const parted = partedAtColumns({ text: said, columns })
  const blocks = parted && codeBlocks(parted.columns)
  if (!blocks) return contents(said)
  const texts = [parted.above, parted.below].map((part) => (part === '' ? [] : contents(part)))
  return joined([...texts[0]!, ...blocks, ...texts[1]!])
}

/** Joins neighbours while they fit into a message. */
function joined(pieces: string[]): string[] {
  const messages: string[] = []
  for (const piece of pieces) {
    const longer = messages.length > 0 ? `${messages.at(-1)}\n${piece}` : piece
    if (messages.length > 0 && longer.length <= limits.content) messages.splice(-1, 1, longer)
    else messages.push(piece)
  }
  return messages
}

/** The contents of messages for a plain text, trimmed as Discord stores them. */
function contents(text: string): string[] {
  const parts = split(text, limits.content, (part) => literal(part).length)
  const visible = parts.map((part) => literal(part).trim()).filter((part) => part !== '')
  return visible.length > 0 ? visible : ['…']
}

function body(content: string): Body {
  return { content, flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } }
}
