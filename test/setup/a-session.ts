import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { root, scratchFolder } from '../../src/setup/folders.mjs'
import { freshDatabase } from '../support/database.ts'
import { freshRedis } from '../support/redis.ts'

/** The real desk with its terminal on a pipe, and prices from a file that the test writes. */
export interface Session {
  folder: string
  /** Types lines, one after the other. */
  type(...lines: string[]): void
  /** Types one line and waits until the transcript contains a text that it did not contain before. */
  until(line: string, text: string): Promise<void>
  /** Waits until the transcript has a text. */
  sees(text: string): Promise<void>
  /** Replaces the quotes, `symbol,bid,ask,last` a row. */
  quotes(...rows: string[]): void
  /** Ends the input; returns the transcript and the exit code when the desk has ended. */
  end(): Promise<{ transcript: string; code: number | NodeJS.Signals; errors: string }>
}

const patience = { timeout: 60_000, interval: 20 }

/**
 * Opens the desk as `npm start` does, on the test's own servers. A planned minute takes a second, and fills are at bid and
 * ask. Without `rows` its market is the simulated one. With `hasOwnServers` it starts Postgres and Redis itself, in its
 * folder.
 */
export async function openSession(
  rows?: string[],
  environment: Record<string, string> = {},
  { hasOwnServers = false } = {},
): Promise<Session> {
  const [database, redis] = hasOwnServers ? [] : await Promise.all([freshDatabase(), freshRedis()])
  const folder = scratchFolder()
  const file = join(folder, 'quotes.csv')
  const quotes = (...lines: string[]) => writeFileSync(file, `symbol,bid,ask,last\n${lines.join('\n')}\n`)
  if (rows) quotes(...rows)
  const script = `
    import { begin } from '${join(root, 'src/setup/begin.mjs')}'
    import { deskCommand } from '${join(root, 'src/setup/packages.mjs')}'
    import { runWithServers } from '${join(root, 'src/setup/run.mjs')}'
    const [folder] = process.argv.slice(1)
    await begin((stops) => runWithServers({ folder, command: deskCommand(), ...stops }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...(database && { DATABASE_URL: database.url }),
      ...(redis && { REDIS_URL: redis.url }),
      MARKET: rows ? `quotes:${file}` : 'sim',
      TIME_SCALE: '60',
      PAPER_SLIPPAGE_BPS: '0',
      LOG_LEVEL: 'warn',
      ...environment,
    },
  })
  let transcript = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    transcript += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    errors += chunk
  })
  child.stdin.on('error', () => {}) // the exit code shows a desk that ended early
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal!))
  })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
    await Promise.all([database?.drop(), redis?.stop()])
    rmSync(folder, { recursive: true, force: true })
  })
  const type = (...lines: string[]) => {
    for (const line of lines) child.stdin.write(`${line}\n`)
  }
  const seen = (text: string, from: number) =>
    vi.waitFor(() => {
      if (child.exitCode !== null) throw new Error(`the desk has ended (${child.exitCode}):\n${transcript}${errors}`)
      if (!transcript.slice(from).includes(text)) throw new Error(`not said: ${text}\n${transcript}${errors}`)
    }, patience)
  return {
    folder,
    type,
    quotes,
    sees: (text) => seen(text, 0),
    until(line, text) {
      const from = transcript.length
      type(line)
      return seen(text, from)
    },
    async end() {
      child.stdin.end()
      return { code: await ended, transcript, errors }
    },
  }
}

/** The reply to each line of a transcript: `[line, said]`. */
export function exchanges(transcript: string): [line: string, said: string][] {
  return transcript
    .split(/^> /m)
    .slice(1)
    .map((one) => {
      const [line = '', ...said] = one.split('\n')
      return [line, said.join('\n').trim()]
    })
}
