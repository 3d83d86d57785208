import { randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Picture } from '../../src/talk/chat/reply.ts'

/** How long a picture is kept, in milliseconds. */
const keptFor = 24 * 3_600_000

/** What a picture of ours is called; nothing else in the folder is touched. */
const ours = /^[a-z0-9.-]+-[0-9a-f]{8}\.png$/

/** Where pictures go that a terminal cannot show. */
export interface Gallery {
  /** Saves a picture, and lets go of those that are older than a day. Answers with its path. */
  keep(picture: Picture): Promise<string>
}

/** A gallery in `folder`, or in one of the system's for passing things. Only the owner can look. */
export function openGallery(folder: string | undefined, log: Logger): Gallery {
  let place: string | undefined
  return {
    async keep({ name, png }) {
      place ??= open(folder)
      await tidy(place, log)
      const plain = name
        .toLowerCase()
        .replace(/\.png$/, '')
        .replace(/[^a-z0-9.-]+/g, '-')
      const path = join(place, `${plain}-${randomUUID().slice(0, 8)}.png`)
      await writeFile(path, png, { mode: 0o600 })
      return path
    },
  }
}

function open(folder: string | undefined): string {
  const user = process.getuid?.()
  const place = folder ?? join(tmpdir(), `deskhand-pictures${user === undefined ? '' : `-${user}`}`)
  mkdirSync(place, { recursive: true, mode: 0o700 })
  // Anybody may have made a folder of that name where everybody may write.
  const isOurs = folder !== undefined || lstatSync(place).uid === (user ?? 0)
  return isOurs ? place : mkdtempSync(`${place}-`)
}

/** Failing to tidy up is no reason not to show a picture. */
async function tidy(folder: string, log: Logger): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      const path = join(folder, name)
      if (ours.test(name) && (await stat(path)).mtimeMs < Date.now() - keptFor) await rm(path)
    }
  } catch (error) {
    log.warn({ err: error, folder }, 'old pictures could not be deleted')
  }
}
