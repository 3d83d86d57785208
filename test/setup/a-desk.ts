import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from '../../src/setup/folders.mjs'

/** A set-up that runs, with a small program in place of the desk. */
export interface ADesk {
  process: ChildProcess
  /** Everything that it printed, on either stream. */
  printed(): string
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
}

/**
 * Runs `program` (JavaScript) as the desk with its data in `folder`, as start.mjs runs the real one; `first` runs before it.
 */
export function aDesk(
  folder: string,
  program: string,
  environment: NodeJS.ProcessEnv = process.env,
  first?: string,
): ADesk {
  const script = `
    import { begin } from '${join(root, 'src/setup/begin.mjs')}'
    import { runWithServers } from '${join(root, 'src/setup/run.mjs')}'
    const [folder, program, before] = process.argv.slice(1)
    const first = before && [process.execPath, '-e', before]
    await begin((stops) => runWithServers({ folder, command: [process.execPath, '-e', program], first, ...stops }))`
  const { DATABASE_URL, REDIS_URL, npm_lifecycle_event, ...env } = environment
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, folder, program, ...(first ? [first] : [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    },
  )
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    printed += chunk
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal!))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL') // no effect when it has ended
    await ended
  })
  return { process: child, printed: () => printed, ended }
}

/** The command lines of all processes that work in a folder, or below it, or have it in their arguments. */
export function processesAt(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return command.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
          ? [`${pid} ${command}`]
          : []
      } catch {
        return [] // it ended meanwhile
      }
    })
}
