import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Door, HearingDesk } from '../../src/talk/chat/door.ts'
import type { Author } from '../../src/talk/chat/inbound.ts'
import type { Picture, Reply } from '../../src/talk/chat/reply.ts'
import { inColumns } from './columns.ts'
import { openGallery } from './gallery.ts'
import { here, posterOn, terminalPlace } from './poster.ts'
import { openPrompt } from './prompt.ts'
import { sparkline } from './sparkline.ts'
import { openTranscript } from './transcript.ts'
import { writerOn } from './writer.ts'

export { terminalPlace } from './poster.ts'

/** The options of a terminal door. */
export interface TerminalOptions {
  desk: HearingDesk
  /** Default: standard input. A TTY (with `output`) gets a prompt; any other input is read one message a line. */
  input?: Readable & { isTTY?: boolean }
  /** Default: standard output. */
  output?: Writable & { isTTY?: boolean; columns?: number }
  /** Resolves when no scaleout is running and every reply is out. */
  idle: () => Promise<void>
  /** A sentence about the work that waits for the next start; undefined when none does. */
  left: () => Promise<string | undefined>
  /** The first line for a person at a keyboard; undefined for none. */
  welcome?: () => Promise<string | undefined>
  /** Is a position open here? `exit` alone may then mean to close it. */
  holds?: () => Promise<boolean>
  /** The history file of the prompt; without it no history is kept. */
  historyFile?: string
  /** The folder in which pictures are kept for a day; default the system's temporary folder. */
  pictureFolder?: string
  log: Logger
}

/** The longest sparkline: more blocks show nothing more. */
const mostBlocks = 60
/** The width of a pipe or a file, which reports none. */
const usualColumns = 80

/** A terminal door; `done` resolves when the person has left and all output is shown. */
export type TerminalDoor = Door & { done: Promise<void> }

const exitMeans =
  '🤔 `exit` could mean to close a position, or to leave. Nothing was done.\n💡 `quit`, or `exit` once more, leaves, and your positions stay open. `close` closes one'

/** How long leaving waits for `idle`, in milliseconds. */
const patience = 500

/** Opens the desk on a terminal or a pipe. On a pipe it stays open after the last line until `idle` resolves. */
export async function startTerminal(options: TerminalOptions): Promise<TerminalDoor> {
  const { desk, input = process.stdin, output = process.stdout, idle, left, welcome, holds, log } = options
  const { historyFile, pictureFolder } = options
  const writer = writerOn(output)
  const atKeyboard = input.isTTY === true && output.isTTY === true
  const screen = atKeyboard
    ? openPrompt({ desk, input, output, writer, historyFile, log })
    : openTranscript(input, writer)
  const author: Author = { id: 'terminal:local', name: userName() }

  const gallery = openGallery(pictureFolder, log)

  let closed = false
  const closing = Promise.withResolvers<void>()
  const close = () => {
    closed = true
    closing.resolve()
    screen.close()
  }
  writer.gone.then(close)
  const done = converse().then(rest)

  return {
    poster: posterOn(screen, writer, output, hang),
    close: () => {
      close()
      return done
    },
    done,
  }

  async function converse(): Promise<void> {
    // Lines that are typed meanwhile must not be lost, so nobody waits for the greeting here.
    const greeted = atKeyboard ? greet() : undefined
    try {
      let wasTold = false
      for await (const line of screen.lines) {
        if (!wasTold && /^\s*exit\s*$/i.test(line) && (await mayMeanClose())) {
          await show(exitMeans)
          wasTold = true
          continue
        }
        if (/^\s*(exit|quit|bye)\s*$/i.test(line)) return
        wasTold = false
        if (line.trim() !== '') await answer(line)
      }
    } catch (error) {
      if (!writer.isGone()) log.error({ err: error }, 'the terminal could not be read to its end')
    } finally {
      await greeted
    }
  }

  /** Could `exit` mean to close a position? A pipe has nobody to ask. */
  async function mayMeanClose(): Promise<boolean> {
    if (!atKeyboard || !holds) return false
    return holds().catch((error) => {
      log.error({ err: error }, 'the desk could not say whether a position is open')
      return false
    })
  }

  /** Tells a person what to try, or what goes on. */
  async function greet(): Promise<void> {
    const first = await welcome?.().catch((error) => {
      log.error({ err: error }, 'the desk could not say what to try first')
      return undefined
    })
    if (first !== undefined) await show(first)
  }

  /** Hears one line; the next one waits until its replies are shown. */
  async function answer(text: string): Promise<void> {
    const id = `terminal:${randomUUID()}`
    try {
      const replies = await desk.hear({ kind: 'message', id, author, place: terminalPlace, text, addressed: true })
      for (const reply of replies) await give(reply)
    } catch (error) {
      log.error({ err: error, inbound: id }, 'a line of the terminal was not answered')
      await show('⚠️ Something went wrong here. The log says what.')
    }
  }

  /** Shows a reply. When the reply is in the outbox too, tells the desk whether it was shown. */
  async function give(reply: Reply): Promise<void> {
    const { hint, row, pictures = [] } = reply
    const lines = await Promise.all(pictures.map(hang))
    const shown = await show([inColumns(reply, output), ...(hint && atKeyboard ? [hint] : []), ...lines].join('\n'))
    if (row === undefined) return
    try {
      await (shown ? desk.delivered(row, here(randomUUID())) : desk.undelivered(row))
    } catch (error) {
      log.error({ err: error, row, shown }, 'the desk could not note what became of a reply')
    }
  }

  /** Text in place of a picture: a sparkline, and the path of the file. */
  async function hang(picture: Picture): Promise<string> {
    const width = Math.min(mostBlocks, (output.columns ?? usualColumns) - 1)
    const course = picture.course ? `${sparkline(picture.course, width)}\n` : ''
    try {
      return `${course}🖼️ ${await gallery.keep(picture)}`
    } catch (error) {
      log.warn({ err: error, picture: picture.name }, 'a picture could not be saved')
      return `${course}⚠️ The picture could not be saved. The log says why.`
    }
  }

  /** Waits for the rest of the work after the last line. */
  async function rest(): Promise<void> {
    if (!closed) await Promise.race([closing.promise, atKeyboard ? leave() : idle().then(tellLeft)])
  }

  /** Lets a person at a keyboard leave at once, and tells them what goes on and what waits. */
  async function leave(): Promise<void> {
    screen.close()
    const goesOn = await Promise.race([idle().then(() => false), wait(patience, true)])
    if (goesOn) await show('⏸ What is still running goes on when the desk is next started.')
    await tellLeft()
  }

  /** Tells about the work that waits for the next start. */
  async function tellLeft(): Promise<void> {
    const sentence = await left().catch((error) => {
      log.error({ err: error }, 'the desk could not say what is left for its next start')
      return undefined
    })
    if (sentence !== undefined) await show(sentence)
  }

  /** Shows text; false when nobody reads it any more. */
  async function show(text: string): Promise<boolean> {
    return screen.show(text).then(
      () => true,
      () => false,
    )
  }
}

/** The user's name on the operating system; a container may have none. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'you'
  }
}
