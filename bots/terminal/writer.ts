import type { Writable } from 'node:stream'

/** The output of a terminal door. */
export interface Writer {
  /** Resolves once the text has left the process; rejects when nobody reads any more. */
  write(text: string): Promise<void>
  /** Resolves when the reader is gone (`| head`, a closed window). This is not an error. */
  gone: Promise<void>
  isGone(): boolean
}

/** A writer on a stream. It handles the stream's errors, so that a closed pipe does not end the process. */
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
