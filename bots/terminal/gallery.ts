import { randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Picture } from '../../src/talk/chat/reply.ts'

/** How long a picture is kept, in milliseconds. */
const keptFor = 24 * 3_600_000

/** The name of a saved picture; other files in the folder are left alone. */
const ours = /^[a-z0-9.-]+-[0-9a-f]{8}\.png$/

/** A folder for pictures, since a terminal cannot show them. */
export interface Gallery {
  /** Saves a picture and returns its path. Deletes saved pictures that are older than a day. */
  keep(picture: Picture): Promise<string>
}

/** A gallery in `folder`, or in the system's temporary folder. Only the owner can read it. */
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
  // Everybody can write in the temporary folder, so another user may own a folder of that name.
  const isOurs = folder !== undefined || lstatSync(place).uid === (user ?? 0)
  return isOurs ? place : mkdtempSync(`${place}-`)
}

/** Deletes old pictures. A failure is only logged, so that the new picture is still shown. */
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
