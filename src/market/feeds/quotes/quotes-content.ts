import { readFile, stat } from 'node:fs/promises'

/** A file that was touched this shortly before it was read may have changed again within the tick of its time stamp. */
const racyMs = 2_000

/** A last line without its end may be half written, until the file has been left alone for this long. */
const settledMs = 400

/** How far ahead the clock of a file server may be; a time stamp further in the future says nothing. */
const skewMs = 60_000

/** What a file was found to hold. */
export interface Content {
  /** All of it, or without its last line while that may be half written. */
  text: string
  /** Is the last line left away for now? */
  cut: boolean
  full: string
  /** Time stamp, size and inode. */
  stamp: string
  readAt: number
}

/** The content of a file: the object of the look before where nothing is new. Throws when it cannot be read. */
export async function readContent(file: string, before: Content | undefined): Promise<Content> {
  const stats = await stat(file)
  if (!stats.isFile()) throw new Error('it is not a file')
  const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`
  if (before?.stamp === stamp && before.readAt - stats.mtimeMs > racyMs && !before.cut) return before

  const readAt = Date.now()
  const full = await readFile(file, 'utf8')
  const aloneFor = readAt - stats.mtimeMs
  const cut = !full.endsWith('\n') && aloneFor < settledMs && aloneFor > -skewMs
  if (before?.full === full && before.cut === cut) return Object.assign(before, { stamp, readAt })
  return { text: cut ? full.slice(0, full.lastIndexOf('\n') + 1) : full, cut, full, stamp, readAt }
}
