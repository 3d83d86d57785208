import { readFile, stat } from 'node:fs/promises'

/** A file that was modified this shortly before it was read may have changed again within the resolution of its time stamp. */
const racyMs = 2_000

/** A last line without a line end may be half written, until the file has not changed for this long. */
const settledMs = 400

/** A file server's clock may be ahead by this much; a time stamp further in the future is ignored. */
const skewMs = 60_000

/** The content of a file at one look. */
export interface Content {
  /** The text, without its last line while that may be half written. */
  text: string
  /** Is the last line left out for now? */
  cut: boolean
  full: string
  /** Time stamp, size and inode. */
  stamp: string
  readAt: number
}

/** Reads a file; returns the object of the previous look when nothing is new. Throws when it cannot be read. */
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
