import { WebSocket } from 'ws'
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
  const { draws, agenda } = world
  let isFrozen = draws.happens('halfOpenStreams')
  let held: string[] = []

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
    tell(text) {
      if (draws.happens('cutStreams')) socket.terminate()
      else if (draws.happens('droppedFrames')) return
      else if (draws.happens('lateFrames')) agenda.after(draws.wait('frame'), () => say(text))
      else if (draws.happens('reorderedFrames')) held.push(text)
      else {
        const waiting = held
        held = []
        for (const one of draws.happens('doubledFrames') ? [text, text] : [text]) say(one)
        for (const one of waiting) say(one)
      }
    },
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
