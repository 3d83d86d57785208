import type { types } from '@slack/bolt'
import type { Part } from './render.ts'
import { refusal } from './web.ts'

/** Slack's errors for blocks that it does not show. */
const refusesBlocks = ['invalid_blocks', 'invalid_blocks_format', 'invalid_attachments']

/**
 * Sends a message, and with plain text instead of its table if Slack refuses the blocks: the text has all that the table has. Throws
 * the library's errors.
 */
export async function sendWithTable<T>(part: Part, send: (part: Part) => Promise<T>): Promise<T> {
  try {
    return await send(part)
  } catch (error) {
    const plain = refusesBlocks.includes(refusal(error) ?? '') ? withoutTable(part) : undefined
    if (!plain) throw error
    return send(plain)
  }
}

/** The same message with its whole text as one section, and its buttons; undefined without a table. */
function withoutTable(part: Part): Part | undefined {
  if (!part.blocks.some(({ type }) => type === 'table')) return undefined
  // The text of a message is escaped already.
  const text: types.PlainTextElement = { type: 'plain_text', text: part.text, emoji: false }
  return { ...part, blocks: [{ type: 'section', text }, ...part.blocks.filter(({ type }) => type === 'actions')] }
}
