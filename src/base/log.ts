import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { destination, type Logger, pino } from 'pino'

/** Lines that cannot be written wait in memory, up to this many bytes; later lines are lost. */
const mostWaiting = 1024 * 1024

/** Names of fields and headers that hold secrets. Nobody logs them on purpose; an error of a library may bring them along. */
const secretNames = [
  ...['authorization', 'cookie', 'set-cookie', 'apca-api-key-id', 'apca-api-secret-key', 'secret', 'clientSecret'],
  ...[
    'client_secret',
    'accessToken',
    'access_token',
    'refreshToken',
    'refresh_token',
    'verifier',
    'sealed',
    'wrappedKey',
  ],
]
const secretPaths = ['', '*', '*.*', '*.*.*'].flatMap((above) => secretNames.map((name) => `${above}["${name}"]`))

/**
 * The desk's log: JSON lines with ids, to a file, or to standard error when no file is named. A log that cannot be written
 * (the disk is full) loses its lines and does no other harm. Standard error reports the failure once, and reports when the
 * log can be written again.
 */
export function createLog({ level, file }: { level: string; file?: string }): Logger {
  const options = { sync: false, maxLength: mostWaiting }
  const to = file ? destination({ dest: file, mkdir: true, ...options }) : destination({ fd: 2, ...options })
  let isLost = false
  to.on('error', (cause) => {
    if (!isLost) complain(`The log cannot be written (${cause.message}). The desk goes on without it; lines are lost.`)
    isLost = true
  })
  // A process flushes its log when it ends; on a full disk the library would retry forever.
  const flush = to.flushSync.bind(to)
  to.flushSync = () => {
    if (!isLost && !isFull(file)) flush()
  }
  to.on('drain', () => {
    if (isLost) complain('The log can be written again.')
    isLost = false
  })
  const redact = { paths: secretPaths, censor: '[not logged]' }
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, redact }, to)
}

function isFull(file: string | undefined): boolean {
  try {
    return file !== undefined && statfsSync(dirname(file)).bavail === 0
  } catch {
    return true
  }
}

/** Standard error may be on the same full disk, or closed; its failure must not end the process. */
function complain(text: string): void {
  process.stderr.once('error', () => {})
  process.stderr.write(`${text}\n`)
}
