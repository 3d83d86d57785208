import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, links resolved. */
export const root = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))

/** The folder for everything that is made on this machine: data, logs, and downloaded programs. Git ignores it. */
export const home = join(root, '.deskhand')

/**
 * Makes a folder that other accounts may pass through but not list. Under root, Postgres runs as another account and has its
 * own closed folder inside.
 * @param {string} folder
 */
export function makePassable(folder) {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o711)
  return realpathSync(folder)
}

/**
 * A new empty folder; the caller removes it.
 * @param {string} [parent] the system's folder for temporary files unless given
 */
export function scratchFolder(parent = tmpdir()) {
  return makePassable(mkdtempSync(join(parent, 'deskhand-')))
}

/**
 * The password of the servers whose data is in a folder; it is drawn at random the first time.
 * @param {string} folder
 */
export function password(folder) {
  const file = join(folder, 'password')
  try {
    writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8')
}
