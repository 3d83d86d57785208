import { type ChildProcess, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** The desk's program in a role; its environment holds the given variables and nothing of the desk's. */
export interface DeskProcess {
  /** Its standard error. */
  said(): string
  /** Its log. */
  logged(): string
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
  process: ChildProcess
}

/** Runs the program and kills it when the test ends. It uses what earlier processes of the run have compiled. */
export function deskProcess(role: string, environment: Record<string, string>): DeskProcess {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['src/main.ts', role], {
    env: { PATH, NODE_COMPILE_CACHE, LOG_LEVEL: 'trace', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let printed = ''
  child.stderr!.on('data', (chunk) => {
    printed += chunk
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal!))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL') // no effect on one that has ended
    await ended
  })
  const lines = (isLog: boolean) =>
    printed
      .split('\n')
      .filter((line) => line.startsWith('{') === isLog)
      .join('\n')
  return { said: () => lines(false), logged: () => lines(true), ended, process: child }
}

/** The answer of a loopback port to a path; undefined when nothing listens. */
export async function ask(port: number, path: string): Promise<{ status: number; body: string } | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return { status: response.status, body: await response.text() }
  } catch {
    return undefined
  }
}
