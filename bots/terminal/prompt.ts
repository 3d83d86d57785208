import { on } from 'node:events'
import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Logger } from 'pino'
import type { HearingDesk } from '../../src/talk/chat/door.ts'
import { harmless } from './harmless.ts'
import { historySize, openHistory } from './history.ts'
import type { Screen } from './screen.ts'
import type { Writer } from './writer.ts'

/** The options of a prompt. */
export interface PromptOptions {
  desk: Pick<HearingDesk, 'commands' | 'symbols'>
  input: Readable
  output: Writable
  writer: Writer
  historyFile?: string
  log: Logger
}

/** A screen for a person at a keyboard: line editing, history and completion. Replies leave the typed line alone. */
export function openPrompt({ desk, input, output, writer, historyFile, log }: PromptOptions): Screen {
  const history = openHistory(historyFile, log)
  const readline = createInterface({
    input,
    output,
    terminal: true,
    prompt: '> ',
    history: history.lines,
    historySize,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(desk, line),
  })
  const lines = typedLines(readline)
  // A terminal that was closed answers EIO: nobody is left to type.
  input.on('error', () => readline.close())
  input.on('keypress', () => drawnAbove(readline, readline.getCursorPos().rows))
  readline.on('history', history.save)
  readline.on('line', () => readline.prompt())
  readline.on('SIGINT', () => {
    if (readline.line === '') return readline.close()
    readline.write(null, { ctrl: true, name: 'e' })
    readline.write(null, { ctrl: true, name: 'u' })
  })
  let closed = false
  readline.on('close', () => {
    closed = true
    if (!writer.isGone()) wipe(readline, output)
  })
  readline.prompt()

  return {
    lines,
    show: (text) => {
      const said = `${harmless(text)}\n\n`
      if (closed || writer.isGone()) return writer.write(said)
      wipe(readline, output)
      const shown = writer.write(said)
      drawnAbove(readline, 0)
      readline.prompt(true)
      return shown
    },
    close: () => readline.close(),
  }
}

async function* typedLines(readline: Interface): AsyncGenerator<string> {
  for await (const [line] of on(readline, 'line', { close: ['close'] })) yield line
}

/** Takes the prompt and the typed text off the screen. */
function wipe(readline: Interface, output: Writable): void {
  moveCursor(output, 0, -readline.getCursorPos().rows)
  cursorTo(output, 0)
  clearScreenDown(output)
}

/**
 * Tells readline how many rows of the prompt are above the cursor: readline redraws the prompt from there. Readline
 * does not count the rows that a line grows by at its end (Node 24), and does not know of other output.
 */
function drawnAbove(readline: Interface, rows: number): void {
  Object.assign(readline, { prevRows: rows })
}

/** Completes the whole line to commands, else its last word to symbols; returns the two parts that readline expects. */
function completions(desk: PromptOptions['desk'], line: string): [string[], string] {
  const typed = line.trimStart().toLowerCase()
  const commands = desk.commands().map((command) => command.name)
  const begun = [...commands, 'exit', 'quit'].filter((name) => name.startsWith(typed))
  if (begun.length > 0) return [begun.map((name) => `${name} `).sort(), line.trimStart()]

  const word = line.split(/[\s$]/).at(-1) ?? ''
  const symbols = desk.symbols(word).filter((symbol) => symbol.startsWith(word.toUpperCase()))
  return [symbols.map((symbol) => `${symbol} `), word]
}
