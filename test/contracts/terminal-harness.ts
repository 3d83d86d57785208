import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import pino from 'pino'
import { startTerminal } from '../../bots/terminal/index.ts'
import type { DoorHarness, Person, Seen } from './harness.ts'

/**
 * A conversation on a pipe. A terminal has one person: `alice` and `bob` are the same. It has no commands of its own, so
 * commands are typed; there are no buttons, and no line comes twice.
 */
export function createTerminalHarness(): DoorHarness {
  const local: Person = { id: 'local', name: 'local' }
  const input = new PassThrough()
  const said: Seen[] = []
  const pictureFolder = mkdtempSync(join(tmpdir(), 'pictures-'))
  // The door writes each reply at once, so one write is one message; lines with `> ` are echoes of typed lines.
  const output = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, written) {
      if (!text.startsWith('> ')) {
        const id = String(said.length)
        said.push({
          id,
          text: text.replace(/\n\n$/, ''),
          buttons: [],
          pings: [],
          files: filesIn(text),
          edited: false,
        })
      }
      written()
    },
  })
  const type = async (text: string) => void input.write(`${text.replaceAll('\n', ' ')}\n`)

  return {
    door: 'terminal',
    buttons: false,
    alice: local,
    bob: local,
    moveOn: () => Promise.reject(new Error('a terminal has one place and one person')),
    connect: (desk) =>
      startTerminal({
        desk,
        input,
        output,
        idle: async () => {},
        left: async () => undefined,
        pictureFolder,
        log: pino({ level: 'silent' }),
      }),
    say: (_, text) => type(text),
    sayAgain: () => Promise.reject(new Error('a line comes once')),
    press: () => Promise.reject(new Error('a terminal has no buttons')),
    fill: () => Promise.reject(new Error('a terminal has no forms')),
    command: (_, name, { price, ...options }) =>
      type([name, ...Object.values(options), ...(price ? ['@', price] : [])].join(' ')),
    seen: () => [...said],
    close: async () => {
      input.destroy()
      rmSync(pictureFolder, { recursive: true })
    },
  }
}

/** A terminal shows the path of the file. */
function filesIn(text: string) {
  return Array.from(text.matchAll(/^🖼️ (.+)$/gm), ([, path]) => ({ name: basename(path!), bytes: readFileSync(path!) }))
}
