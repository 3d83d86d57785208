import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'

/** A line to a reader, over which text goes in order. */
export interface Pipe {
  write(text: string): void
  /** Bytes that the reader has not taken yet, as far as this process holds them. */
  readonly waiting: number
  /** Calls back whenever everything that was written has been taken. */
  onDrained(call: () => void): void
  /** Calls back once, when the line is closed by either side. */
  onClosed(call: () => void): void
  /** Closes the line once everything that was written has been taken. */
  end(): void
  /** Closes the line at once. */
  cut(): void
}

/** The line of a response. */
export function responsePipe(response: ServerResponse): Pipe {
  // A reader may be gone while something is written; its `close` follows.
  response.on('error', () => {})
  return {
    write: (text) => void response.write(text),
    get waiting() {
      return response.writableLength
    },
    onDrained: (call) => void response.on('drain', call),
    onClosed(call) {
      if (response.closed) queueMicrotask(call)
      else response.once('close', call)
    },
    end: () => void response.end(),
    cut: () => void response.destroy(),
  }
}

/** Close codes of a WebSocket: the server goes away, or the reader may not read any more. */
export type CloseCode = 1001 | 1008

/** The line of a WebSocket; `closeCode` says with what it ends. */
export function socketPipe(socket: WebSocket, closeCode: () => CloseCode): Pipe {
  const calls: (() => void)[] = []
  socket.on('error', () => {})
  return {
    write: (text) =>
      socket.send(text, () => {
        if (socket.bufferedAmount === 0) for (const call of calls) call()
      }),
    get waiting() {
      return socket.bufferedAmount
    },
    onDrained: (call) => void calls.push(call),
    onClosed: (call) => void socket.once('close', call),
    end: () => socket.close(closeCode()),
    cut: () => socket.terminate(),
  }
}
