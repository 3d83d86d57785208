import type { RawFile } from 'discord.js'
import { shorten } from './buttons.ts'
import { codes, describe, refusedWith, wasAnswered } from './failure.ts'
import { limits } from './limits.ts'
import type { Body } from './render.ts'
import { sendWithStrip } from './strip.ts'

/** A message with its files for discord.js, which sends it as multipart if it has files. */
export interface Sent {
  body: Omit<Body, 'pictures'> & { attachments?: { id: number; filename: string; description: string }[] }
  files?: RawFile[]
}

/**
 * Sends a message with its strip and pictures. If Discord refuses them (no permission, too large, out of order), the text is sent
 * alone and says so. Throws the library's errors.
 */
export async function sendWithPictures<T>(body: Body, send: (message: Sent) => Promise<T>): Promise<T> {
  const { pictures = [], ...plain } = body
  const shown = pictures.slice(0, limits.attachments)
  if (shown.length === 0) return sendWithStrip<Sent, T>({ body: plain }, send)
  try {
    const attachments = shown.map(({ name, alt }, id) => ({
      id,
      filename: name,
      description: shorten(alt, limits.altText),
    }))
    const files = shown.map(({ name, png }) => ({ name, data: Buffer.from(png), contentType: 'image/png' }))
    return await sendWithStrip<Sent, T>({ body: { ...plain, attachments }, files }, send)
  } catch (error) {
    // Without an answer the message may be out: the caller sends the same request again, or looks.
    if (!wasAnswered(error)) throw error
    const content = `${plain.content}\n\n${whyNot(error)}`
    return sendWithStrip<Sent, T>({ body: content.length <= limits.content ? { ...plain, content } : plain }, send)
  }
}

function whyNot(error: unknown): string {
  if (refusedWith(error, codes.missingPermissions)) {
    return '⚠️ The picture is missing: I may not attach files here. Allow me to, and ask again.'
  }
  return `⚠️ The picture is missing: ${describe(error)}.`
}
