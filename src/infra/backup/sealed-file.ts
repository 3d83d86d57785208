import { randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'
import { BackupError } from './backup-error.ts'
import { type BackupKeys, fileKey, type Head } from './backup-keys.ts'
import { chunkSeal, tagBytes } from './chunk-seal.ts'

/** The first line of every backup. */
const mark = 'DESKHAND BACKUP\n'
const chunkBytes = 65_536
const longestHead = 1024

const head = z.object({
  version: z.literal(1),
  key: z.string().max(64).nullable(),
  salt: z.string().refine((text) => Buffer.from(text, 'base64').length === 32),
})

/** Turns the content of a backup into the bytes of its file: two lines of head, then sealed chunks of 64 KiB; the last is shorter. */
export async function* sealed(content: AsyncIterable<Buffer>, keys: BackupKeys): AsyncGenerator<Buffer> {
  const facts: Head = { version: 1, key: keys.first?.id ?? null, salt: randomBytes(32).toString('base64') }
  const text = JSON.stringify(facts)
  const { seal } = chunkSeal(fileKey(facts, text, keys), facts.key !== null)
  yield Buffer.from(`${mark}${text}\n`)
  let number = 0
  let rest: Buffer[] = []
  let length = 0
  for await (const piece of content) {
    rest.push(piece)
    length += piece.length
    if (length < chunkBytes) continue
    const all = Buffer.concat(rest)
    let from = 0
    for (; all.length - from >= chunkBytes; from += chunkBytes) {
      yield seal(all.subarray(from, from + chunkBytes), number++, false)
    }
    rest = [all.subarray(from)]
    length = all.length - from
  }
  // It may be empty; without it a file that ends with a whole chunk could be cut off there.
  yield seal(Buffer.concat(rest), number, true)
}

/**
 * The content of a backup's file. Each chunk is proven before it is given out, and the last one proves that nothing is missing. Throws
 * `BackupError` when it is no backup, is damaged or cut off, or when its key is not there.
 */
export async function* unsealed(path: string, keys: BackupKeys): AsyncGenerator<Buffer> {
  const file = await opened(path)
  try {
    const { facts, text, length } = await headOf(file, path)
    const { open } = chunkSeal(fileKey(facts, text, keys), facts.key !== null)
    const { size } = await file.stat()
    const stored = Buffer.alloc(chunkBytes + tagBytes)
    let at = length
    for (let number = 0; ; number++) {
      const bytes = Math.min(stored.length, size - at)
      const isLast = bytes < stored.length
      const part = stored.subarray(0, bytes)
      await fill(file, part, at)
      const chunk = bytes < tagBytes ? undefined : open(part, number, isLast)
      if (!chunk) throw damaged(path, at)
      yield Buffer.from(chunk)
      if (isLast) return
      at += bytes
    }
  } finally {
    await file.close()
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new BackupError(
      code === 'ENOENT' ? `There is no file ${path}.` : `The file ${path} cannot be read (${code}).`,
      { cause },
    )
  }
}

async function headOf(file: FileHandle, path: string): Promise<{ facts: Head; text: string; length: number }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(longestHead), 0, longestHead, 0)
  const start = buffer.subarray(0, bytesRead)
  const end = start.indexOf('\n', mark.length)
  if (end < 0 || !start.subarray(0, mark.length).equals(Buffer.from(mark))) {
    throw new BackupError(`${path} is no backup of this desk, or its beginning is damaged.`)
  }
  const text = start.subarray(mark.length, end).toString()
  const facts = head.safeParse(jsonIn(text))
  if (!facts.success) {
    throw new BackupError(`The beginning of ${path} cannot be read: it is damaged, or was made by a newer release.`)
  }
  return { facts: facts.data, text, length: end + 1 }
}

async function fill(file: FileHandle, part: Buffer, at: number): Promise<void> {
  for (let done = 0; done < part.length; ) {
    const { bytesRead } = await file.read(part, done, part.length - done, at + done)
    if (bytesRead === 0) return
    done += bytesRead
  }
}

const damaged = (path: string, at: number) =>
  new BackupError(
    `${path} is damaged or cut off (at byte ${at}), or BACKUP_KEY has another key under the same id. Nothing was changed. Take another backup.`,
  )

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
