import type { Logger } from 'pino'
import { durationText } from '../src/base/format.ts'
import { type Connection, type ConnectionNews, DoorFailed } from '../src/talk/chat/connection.ts'
import type { DoorName } from '../src/talk/chat/place.ts'

/** An open door; `greeting` is the line for the operator who started the desk. */
export interface OpenDoor {
  greeting: string
  close(): Promise<void>
}

/** The options of `keepDoor`. */
export interface Keeping {
  door: DoorName
  /** The platform's name. */
  title: string
  /** Opens the door, at first and after each loss. Throws `DoorFailed`. */
  open(news: ConnectionNews): Promise<OpenDoor>
  /** The other work of this process (`the worker`). Without other work, the process ends when its door is refused. */
  others?: string
  /** The state of each door, for `/ready`. */
  connections: Map<DoorName, Connection>
  /** Prints a line for the operator. */
  say(line: string): void
  log: Logger
}

/** A door that is kept open. */
export interface Kept {
  /** Resolves after the first attempt. */
  opened: Promise<void>
  /** Rejects with a `DoorFailed` when this process has nothing left to do. */
  done: Promise<void>
  close(): Promise<void>
}

/** An outage is announced after this long: platforms end connections every few hours, and accept them again at once. */
const toldAfterMs = 10_000
/** Pauses before each new attempt, in milliseconds: each pause is twice the one before it, up to the longest. */
const pauses = {
  unreachable: { first: 1000, longest: 60_000 },
  // A platform bars the whole machine after too many attempts with a wrong token.
  refused: { first: 60_000, longest: 600_000 },
}
const afterLossMs = 1000

/**
 * Opens a door and keeps it open. When the platform closes the door, it is closed here as well and opened again. When
 * opening fails, a process with other work goes on and tries again. A process without other work ends if the platform
 * refuses the door, or if the first attempt fails. `say` tells each fault with its remedy once, and the end of a long
 * outage.
 */
export function keepDoor({ door, title, open, others, connections, say, log }: Keeping): Kept {
  let isClosing = false
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => {})
  const goesOn = others ? ` Without it go on: ${others}. What is to be said there waits.` : ''
  let running: OpenDoor | undefined
  let goingDown: Promise<void> | undefined
  let pausing: NodeJS.Timeout | undefined
  /** Since when the door is not connected, and the lines that were said about it. */
  let outage: { since: Date; told: Set<string>; telling: NodeJS.Timeout } | undefined
  away('connecting', 'it is being opened')

  return {
    opened: first(),
    done: ended.promise,
    async close() {
      isClosing = true
      clearTimeout(outage?.telling)
      clearTimeout(pausing)
      // A running attempt may never end, so it is not awaited.
      await Promise.all([running?.close(), goingDown])
    },
  }

  async function first(): Promise<void> {
    try {
      const { greeting } = await attempt()
      here()
      say(greeting)
    } catch (cause) {
      if (isClosing) return
      const failure = asFailure(cause)
      if (!others) throw failure
      failed(failure)
      void tryAgain(pauses[failure.kind].first)
    }
  }

  async function attempt(): Promise<OpenDoor> {
    let lost: DoorFailed | undefined
    let isOpen = false
    const news: ConnectionNews = {
      connected: () => (lost ? undefined : here()),
      broken: (because) => (lost ? undefined : away('connecting', because)),
      lost(failure) {
        if (lost) return
        lost = failure
        if (isOpen && !isClosing) void reopen(failure)
      },
    }
    const opened = await open(news)
    if (isClosing || lost) {
      await opened.close()
      throw lost ?? new DoorFailed('unreachable', 'it is being closed', `${title} is being closed`)
    }
    isOpen = true
    running = opened
    return opened
  }

  /** Closes a door that its platform closed, and opens it again: a refusal may be a mistake. */
  async function reopen(failure: DoorFailed): Promise<void> {
    log.error({ door, because: failure.because }, 'a door was closed by its platform')
    away('connecting', failure.because)
    tell(`not connected. ${failure.message}.`, failure.message)
    goingDown = running?.close().catch((cause) => log.warn({ err: cause, door }, 'a door did not close in order'))
    running = undefined
    await goingDown
    if (!isClosing) await tryAgain(afterLossMs)
  }

  async function tryAgain(firstPause: number): Promise<void> {
    for (let pause = firstPause; ; ) {
      try {
        await pauseOf(pause)
        await attempt()
        return here()
      } catch (cause) {
        if (isClosing) return
        const failure = asFailure(cause)
        failed(failure)
        if (!others && failure.kind === 'refused') return ended.reject(endOf(failure))
        const { first, longest } = pauses[failure.kind]
        pause = Math.max(first, Math.min(pause * 2, longest))
      }
    }
  }

  /** Never resolves once the door is closing, so that no attempt follows. */
  function pauseOf(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      pausing = setTimeout(resolve, milliseconds)
    })
  }

  /** Marks the door as connected. */
  function here(): void {
    connections.set(door, { state: 'connected' })
    if (!outage) return
    const { since, told, telling } = outage
    clearTimeout(telling)
    outage = undefined
    log.info({ door, since }, 'a door is connected')
    const away = durationText(Date.now() - since.getTime())
    if (told.size > 0) say(`${title}: connected, after ${away} without a connection.`)
  }

  /** Marks the door as not connected, and announces the outage if it lasts. */
  function away(state: 'connecting' | 'refused', because: string): void {
    outage ??= { since: new Date(), told: new Set(), telling: setTimeout(tellOfLong, toldAfterMs).unref() }
    connections.set(door, { state, since: outage.since, because })
  }

  function tellOfLong(): void {
    const connection = connections.get(door)
    if (!connection || connection.state === 'connected' || outage?.told.size) return
    tell(`not connected for ${durationText(toldAfterMs)}: ${connection.because}. It is tried again.${goesOn}`, 'long')
  }

  function failed(failure: DoorFailed): void {
    log.error({ err: failure, door, because: failure.because }, 'a door could not be opened')
    away(failure.kind === 'refused' ? 'refused' : 'connecting', failure.because)
    if (!others && failure.kind === 'refused') return
    const why = outage?.told.has(failure.message) ? 'still not connected.' : `not connected. ${failure.message}.`
    tell(`${why} It is tried again.${goesOn}`, `again: ${failure.message}`)
  }

  /** Says a line about the outage, once. */
  function tell(line: string, about: string): void {
    if (!outage || outage.told.has(about) || isClosing) return
    outage.told.add(about)
    say(`${title}: ${line}`)
  }

  function asFailure(cause: unknown): DoorFailed {
    if (cause instanceof DoorFailed) return cause
    const why = cause instanceof Error ? cause.message : String(cause)
    return new DoorFailed('unreachable', 'it cannot be opened', `${title} could not be opened: ${why}`, { cause })
  }

  function endOf({ kind, because, message }: DoorFailed): DoorFailed {
    return new DoorFailed(kind, because, `${title}: ${message}. This process has nothing else to do, and ends.`)
  }
}
