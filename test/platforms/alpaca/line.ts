import { WebSocket } from 'ws'
import { createFrames } from '../broker/frames.ts'
import type { World } from './world.ts'

/** One open WebSocket, with the faults of the world on what it carries. */
export interface Line {
  /** Says something at once: an answer. */
  say(text: string): void
  /** Tells news, which may be dropped, doubled, late, out of order, or cut the line. */
  tell(text: string): void
  /** Says nothing from now on, and answers no ping; hears nothing either. */
  freeze(): void
  isFrozen(): boolean
  cut(): void
  /** Says goodbye, and closes. */
  close(): void
}

/** A line on a socket whose server has `autoPong: false`. `hear` is called with each message as text. */
export function openLine(world: World, socket: WebSocket, isBinary: boolean, hear: (text: string) => void): Line {
  let isFrozen = world.draws.happens('halfOpenStreams')

  socket.on('error', () => socket.terminate())
  socket.on('ping', (data) => {
    if (!isFrozen) socket.pong(data)
  })
  socket.on('message', (data) => {
    if (!isFrozen) hear(String(data))
  })

  function say(text: string): void {
    if (!isFrozen && socket.readyState === WebSocket.OPEN) socket.send(text, { binary: isBinary })
  }

  return {
    say,
    tell: createFrames(world, { say, cut: () => socket.terminate() }),
    freeze() {
      isFrozen = true
    },
    isFrozen: () => isFrozen,
    cut: () => socket.terminate(),
    close: () => socket.close(),
  }
}

/** What a client said, as an object; empty when it is no JSON. */
export function saidIn(text: string): Record<string, unknown> {
  try {
    const read = JSON.parse(text)
    return read && typeof read === 'object' ? read : {}
  } catch {
    return {}
  }
}
