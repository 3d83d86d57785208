import type { Writable } from 'node:stream'

/** Where a terminal door writes. */
export interface Writer {
  /** Resolves once the text has left the process; rejects when nobody reads any more. */
  write(text: string): Promise<void>
  /** Resolves when the reader is gone (`| head`, a closed window); there is no error to report then. */
  gone: Promise<void>
  isGone(): boolean
}

/** A writer on a stream, which sees to the stream's errors from here on: a closed pipe does not end the process. */
export function writerOn(output: Writable): Writer {
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  let lost = false
  const lose = () => {
    lost = true
    resolve()
  }
  output.on('error', lose)
  output.on('close', lose)

  return {
    gone,
    isGone: () => lost,
    write: (text) =>
      new Promise((written, failed) => {
        if (lost) return failed(new Error('nobody reads the terminal any more'))
        output.write(text, (error) => {
          if (!error) return written()
          lose()
          failed(error)
        })
      }),
  }
}
