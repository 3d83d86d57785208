import { addAbortSignal, type Readable } from 'node:stream'
import { harmless } from './harmless.ts'
import type { Screen } from './screen.ts'
import type { Writer } from './writer.ts'

/** The characters of one line that are kept; the rest is dropped, so that no input can fill the memory. */
const longestLine = 100_000

/** A screen for pipes and files: each line is echoed before its reply, so that the output reads as a transcript. */
export function openTranscript(input: Readable, writer: Writer): Screen {
  const closing = new AbortController()
  addAbortSignal(closing.signal, input)
  return {
    lines: echoed(linesOf(input, closing.signal), writer),
    show: (text) => writer.write(`${harmless(text)}\n\n`),
    close: () => closing.abort(),
  }
}

async function* echoed(lines: AsyncIterable<string>, writer: Writer): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    await writer.write(`> ${harmless(line)}\n`)
    yield line
  }
}

/** The lines of a stream of bytes. Bytes that are not UTF-8 become `�`; a last line needs no line feed. */
async function* linesOf(input: Readable, closing: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let line = ''
  try {
    for await (const chunk of input) {
      const [head = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n')
      line = kept(line + head)
      for (const next of rest) {
        yield withoutReturn(line)
        line = kept(next)
      }
    }
  } catch (error) {
    if (!closing.aborted) throw error
    return
  }
  line = kept(line + decoder.decode())
  if (line !== '') yield withoutReturn(line)
}

function kept(line: string): string {
  return line.length > longestLine ? line.slice(0, longestLine) : line
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
