import { type APIEmbed, MessageFlags } from 'discord.js'
import { strips, type Tone } from '../../src/talk/chat/tone.ts'
import { codes, refusedWith } from './failure.ts'

/** The part of a message that shows its tone: an embed with one word. */
export interface Strip {
  flags: number
  embeds: Pick<APIEmbed, 'color' | 'description'>[]
}

/** Text of which Discord makes a preview; the flag against previews would hide the strip as well. */
const previewed = /https?:|discord(app)?\.(gg|com)\//i

/** The strip for a tone below this content; none without a tone, or below a link. */
export function stripOf(tone: Tone | undefined, content: string): Strip {
  if (tone === undefined || previewed.test(content)) return { flags: MessageFlags.SuppressEmbeds, embeds: [] }
  const { word, colour } = strips[tone]
  return { flags: 0, embeds: [{ color: colour, description: word }] }
}

/** Sends a message, and without its strip if the desk may not embed in that channel. Throws the library's errors. */
export async function sendWithStrip<Sent extends { body: Partial<Strip> }, T>(
  message: Sent,
  send: (message: Sent) => Promise<T>,
): Promise<T> {
  try {
    return await send(message)
  } catch (error) {
    if (!message.body.embeds?.length || !refusedWith(error, codes.missingPermissions)) throw error
    return send({ ...message, body: { ...message.body, embeds: [] } })
  }
}
