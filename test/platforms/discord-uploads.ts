import type { IncomingMessage } from 'node:http'
import { Refused, refusals } from './discord-rules.ts'
import { type Attachment, snowflake } from './discord-state.ts'

// biome-ignore lint/suspicious/noExplicitAny: the client's data, before a check
type Sent = any

interface Upload {
  name: string
  type: string
  bytes: Buffer
}

/** A larger file is too large for a guild without boosts. */
const mostBytes = 10 * 1024 * 1024

/** The JSON of a request. For a multipart request it is `payload_json`, with the files under `files` by their number. */
export async function bodyOf(request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const sent = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return sent.length > 0 ? JSON.parse(sent.toString('utf8')) : {}
  const form = await new Response(sent, { headers: { 'content-type': type } }).formData()
  const files = new Map<number, Upload>()
  for (const [field, value] of form) {
    const [, number] = /^files\[(\d+)\]$/.exec(field) ?? []
    if (number === undefined || typeof value === 'string') continue
    files.set(Number(number), { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  return { ...JSON.parse(String(form.get('payload_json') ?? '{}')), files }
}

/** The files of a message, each with its description from `attachments`. Throws as Discord would. */
export function attachmentsOf({ files = new Map(), attachments = [] }: Sent): Attachment[] {
  const uploads = files as Map<number, Upload>
  if (uploads.size > 10) throw refusals.form('attachments: at most 10')
  const stray = attachments.find(({ id }: Sent) => !uploads.has(Number(id)))
  if (stray) throw refusals.form(`attachments: no file ${stray.id}`)
  return [...uploads].map(([number, { name, type, bytes }]) => {
    if (bytes.length > mostBytes) throw new Refused(413, 40005, 'Request entity too large')
    const { filename = name, description } = attachments.find(({ id }: Sent) => Number(id) === number) ?? {}
    if (description !== undefined && [...description].length > 1024) throw refusals.form('description: at most 1024')
    return { id: snowflake(), filename, description, contentType: type, bytes }
  })
}
