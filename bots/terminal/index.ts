import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Door, HearingDesk } from '../../src/talk/chat/door.ts'
import type { Author } from '../../src/talk/chat/inbound.ts'
import type { Picture, Reply } from '../../src/talk/chat/reply.ts'
import { openGallery } from './gallery.ts'
import { here, posterOn, terminalPlace } from './poster.ts'
import { openPrompt } from './prompt.ts'
import { sparkline } from './sparkline.ts'
import { openTranscript } from './transcript.ts'
import { writerOn } from './writer.ts'

/** What a terminal door needs. */
export interface TerminalOptions {
  desk: HearingDesk
  /** Default: standard input. A TTY (with `output`) gets a prompt; anything else is read one message a line. */
  input?: Readable & { isTTY?: boolean }
  /** Default: standard output. */
  output?: Writable & { isTTY?: boolean; columns?: number }
  /** Resolves when no scaleout is running and every reply is out. */
  idle: () => Promise<void>
  /** What waits for the next start when nothing runs any more, in a sentence; undefined when nothing does. */
  left: () => Promise<string | undefined>
  /** Where a prompt keeps what was typed; without it nothing is kept. */
  historyFile?: string
  /** Where pictures are saved, for a day; a folder of the system's for passing things when left out. */
  pictureFolder?: string
  log: Logger
}

/** Blocks of a sparkline: more of them say no more. */
const mostBlocks = 60
/** Of a pipe or a file, which has no width. */
const usualColumns = 80

/** A terminal door; `done` resolves when the person has ended the conversation and has seen all there was to see. */
export type TerminalDoor = Door & { done: Promise<void> }

/** How long somebody who leaves waits for the answer to whether anything is still running. */
const patience = 500

/** Opens the desk on a terminal, or on a pipe, where it stays after the last line until everything has come to rest. */
export async function startTerminal(options: TerminalOptions): Promise<TerminalDoor> {
  const { desk, input = process.stdin, output = process.stdout, idle, left, log } = options
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
    poster: posterOn(screen, writer),
    close: () => {
      close()
      return done
    },
    done,
  }

  async function converse(): Promise<void> {
    try {
      for await (const line of screen.lines) {
        if (/^\s*(exit|quit)\s*$/i.test(line)) return
        if (line.trim() !== '') await answer(line)
      }
    } catch (error) {
      if (!writer.isGone()) log.error({ err: error }, 'the terminal could not be read to its end')
    }
  }

  /** Hears one line; the next one waits until the replies to it are out. */
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

  /** Shows a reply, and tells the desk how that went when the reply is in the outbox too. */
  async function give({ text, row, pictures = [] }: Reply): Promise<void> {
    const lines = await Promise.all(pictures.map(hang))
    const shown = await show([text, ...lines].join('\n'))
    if (row === undefined) return
    try {
      await (shown ? desk.delivered(row, here(randomUUID())) : desk.undelivered(row))
    } catch (error) {
      log.error({ err: error, row, shown }, 'the desk could not note what became of a reply')
    }
  }

  /** A picture as a terminal can have it: a row of blocks, and where the file is. */
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

  /** What there is to wait for when nobody types any more. */
  async function rest(): Promise<void> {
    if (!closed) await Promise.race([closing.promise, atKeyboard ? leave() : idle().then(tellLeft)])
  }

  /** A person at a keyboard leaves at once, and is told if something goes on without them. */
  async function leave(): Promise<void> {
    screen.close()
    const goesOn = await Promise.race([idle().then(() => false), wait(patience, true)])
    if (goesOn) await show('⏸ What is still running goes on when the desk is next started.')
    else await tellLeft()
  }

  /** What nothing is done about until the desk is started again. */
  async function tellLeft(): Promise<void> {
    const sentence = await left().catch((error) => {
      log.error({ err: error }, 'the desk could not say what is left for its next start')
      return undefined
    })
    if (sentence !== undefined) await show(sentence)
  }

  /** Whether anybody was there to read it. */
  async function show(text: string): Promise<boolean> {
    return screen.show(text).then(
      () => true,
      () => false,
    )
  }
}

/** The operating system's name for whoever sits here; a container may have none. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'you'
  }
}
