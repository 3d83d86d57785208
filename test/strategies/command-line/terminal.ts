import { type Interrupted, runScreen, type Terminal } from '../../../src/strategies/command-line/run-screen.ts'

/** A command line in this process, with what it wrote. */
export interface Typed {
  code: number
  printed: string
  noted: string
}

/** Carries out a command line. `listen` hears what is written, and may interrupt. */
export async function typed(
  args: readonly string[],
  options: Partial<Omit<Terminal, 'print' | 'note'>> & {
    listen?: (text: string, interrupt: (reason: Interrupted) => void) => void
  } = {},
): Promise<Typed> {
  const { listen, ...terminal } = options
  const stop = new AbortController()
  const [printed, noted]: [string[], string[]] = [[], []]
  const into = (texts: string[]) => (text: string) => {
    texts.push(text)
    listen?.(text, (reason) => stop.abort(reason))
  }
  const code = await runScreen(args, {
    ...{ cwd: '/', root: '/', columns: () => undefined, clock: () => performance.now(), runId: 'a-run' },
    ...{ signal: stop.signal, ...terminal, print: into(printed), note: into(noted) },
  })
  return { code, printed: printed.join(''), noted: noted.join('') }
}
