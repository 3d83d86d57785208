import type { Writable } from 'node:stream'

/** Where a terminal door writes. */
export interface Paper {
  /** Resolves once the text has left the process; rejects when nobody reads any more. */
  write(text: string): Promise<void>
  /** Resolves when the reader is gone (`| head`, a closed window); there is no error to report then. */
  gone: Promise<void>
  isGone(): boolean
}

/** Paper on a stream. From here on the stream's errors are the paper's: a closed pipe does not end the process. */
export function paperOn(output: Writable): Paper {
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
