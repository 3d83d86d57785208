import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import xterm from '@xterm/headless'

/** Whether the machine has util-linux's `script`, which gives a process a real pseudo-terminal. */
export const hasPseudoTerminal = (() => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
})()

/** A person at a terminal of 40 columns. */
export interface Keyboard {
  type(keys: string): void
  /** The lines on the screen from the top, without empty ones at the end. */
  screen(): string[]
  /** The text of the cursor's row up to the cursor. */
  atCursor(): string
  /** Resolves with the exit code once the process has ended. */
  ended: Promise<number>
  process: ChildProcess
}

/** Starts `process.ts` on a pseudo-terminal and watches it with a terminal emulator. */
export function openKeyboard(environment: Record<string, string> = {}): Keyboard {
  const program = `stty cols 40 rows 24; exec '${process.execPath}' '${import.meta.dirname}/process.ts'`
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', program, '/dev/null'], {
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', LOG_FILE: '/dev/null', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const terminal = new xterm.Terminal({ cols: 40, rows: 24, allowProposedApi: true })
  child.stdout.on('data', (bytes: Buffer) => terminal.write(bytes))
  const row = (index: number) => terminal.buffer.active.getLine(index)
  return {
    type: (keys) => void child.stdin.write(keys),
    screen: () => {
      const lines = Array.from({ length: terminal.buffer.active.length }, (_, i) =>
        row(i)!.translateToString().trimEnd(),
      )
      return lines.slice(0, lines.findLastIndex(Boolean) + 1)
    },
    atCursor: () => {
      const { baseY, cursorY, cursorX } = terminal.buffer.active
      return row(baseY + cursorY)!.translateToString(false, 0, cursorX)
    },
    ended: once(child, 'close').then(([code]) => code),
    process: child,
  }
}
