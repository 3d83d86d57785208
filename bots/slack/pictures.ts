import type { webApi } from '@slack/bolt'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Picture } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'
import { shorten } from './text.ts'
import { refusal } from './web.ts'

/** Slack's upload service did not take the file. */
class UploadFailed extends Error {
  override name = 'UploadFailed'
}

/**
 * Uploads a picture and shares it in a place. The three requests are made here, since the library's `files.uploadV2`
 * sends `alt_text` and Slack reads `alt_txt`. Throws the library's errors, or `UploadFailed`.
 */
export async function sharePicture(web: webApi.WebClient, place: Place, { name, alt, png }: Picture): Promise<void> {
  const wanted = { filename: name, length: png.byteLength, alt_txt: shorten(alt, limits.altText) }
  const { upload_url, file_id } = await web.files.getUploadURLExternal(wanted)
  await upload(upload_url!, png)
  const title = shorten(alt, limits.fileTitle)
  const files: [{ id: string; title: string }] = [{ id: file_id!, title }]
  const { channel, thread } = place
  await web.files.completeUploadExternal(
    thread ? { files, channel_id: channel, thread_ts: thread } : { files, channel_id: channel },
  )
}

/** Uploads to an address that is itself the permission: no token is sent. */
async function upload(url: string, png: Uint8Array): Promise<void> {
  const body = new Uint8Array(png)
  const headers = { 'content-type': 'application/octet-stream' }
  const answer = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(limits.requestTimeout) })
  await answer.body?.cancel()
  if (!answer.ok) throw new UploadFailed(`the upload was answered with ${answer.status}`)
}

/** The reason why a picture is missing, for people who see only the text. */
export function missingPicture(error: unknown): string {
  const said = refusal(error)
  if (said === 'missing_scope') {
    return '⚠️ The picture is missing: I may not upload files. Give the app the scope files:write, install it again, and ask again.'
  }
  const why = said ? `Slack says ${said}` : error instanceof Error ? error.message : String(error)
  return `⚠️ The picture is missing: ${why}. Ask again for another try.`
}
