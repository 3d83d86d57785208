import { atMost } from '../../base/at-most.ts'
import { createBreaks } from '../../base/breaks.ts'
import type { Access, VenueAccess } from '../links/venue-access.ts'
import { type OrderEvent, type OrderListener, VenueError } from '../venue.ts'

/** A hint of a stream: an order of the venue's to look at. */
export interface Hint {
  /** The venue's id of the order. */
  id: string
}

/** A listener of one connection. */
export interface StreamListener<OrderHint extends Hint> {
  /** The venue listens to the account: news come from now on. */
  listening(): void
  /** Something was heard, if only a sign of life. */
  alive(): void
  /** News of an order. */
  hint(order: OrderHint): void
  /** Something happened in the account, the stream does not say to which order. */
  stirred(): void
  /** The connection is over; it says so once. `isUnauthorized`: the credentials do not open it. */
  ended(cause: VenueError, isUnauthorized: boolean): void
}

/** The parts of a follower. */
export interface NewsParts<OrderHint extends Hint> {
  access: VenueAccess
  /** Opens the stream of an account once. Returns a function that closes it silently. */
  open(account: string, access: Access, listener: StreamListener<OrderHint>): () => void
  /** The stream takes whatever credentials the API takes; otherwise a token may be good for the API alone. */
  isOpenToTokens?: boolean
  /** The longest wait before the next connection, and the time between looks without a stream, in milliseconds. */
  againWithinMs: number
  pollEveryMs: number
  /** Looks at an order, of which the stream has shown this, and returns what to tell of it. */
  look(account: string, order: OrderHint): Promise<OrderEvent | undefined>
  /** What may have been missed since the last call for this account. */
  catchUp(account: string): Promise<OrderEvent[]>
}

/** The state of an account's stream, for `sources`. */
export interface StreamState {
  isOpen: boolean
  /** The credentials open the stream; absent before it was tried. */
  isLetIn?: boolean
  /** The account is asked every few seconds instead. */
  isPolled?: boolean
  heardAt?: Date
  faults: number
  lastFault?: { at: Date; words: string }
}

/** Follows the news of accounts. */
export interface News {
  /** Follows exactly these accounts from now on. */
  follow(accounts: string[]): void
  /**
   * Tells a listener all news from now on, and of breaks of an account at most once a minute. Returns a function that ends it; without a
   * listener no account is followed.
   */
  subscribe(listener: OrderListener): () => void
  states(): Map<string, StreamState>
}

/** Connections that are being opened at once: two hundred accounts do not storm the venue after an outage. */
const openingAtOnce = 10
const firstAgainMs = 500
/** Without a stream the account is asked, and the stream is tried again after this time. */
const notLetInForMs = 10 * 60_000
/** Looks at one order in this time, in milliseconds, are one. */
const gatherMs = 25

/** Follows accounts by streams that may be lost at any time; whatever they missed is caught up when they stand again. */
export function createNews<OrderHint extends Hint>(parts: NewsParts<OrderHint>, now: () => Date): News {
  const opening = atMost(openingAtOnce)
  const followed = new Map<string, { state: StreamState; stop(): void }>()
  const listeners = new Set<OrderListener>()
  const tell = (event: OrderEvent) => {
    for (const listener of listeners) listener.heard(event)
  }

  /** Follows an account until it is stopped. */
  function begin(account: string): { state: StreamState; stop(): void } {
    const state: StreamState = { isOpen: false, faults: 0 }
    let isStopped = false
    let tries = 0
    let closeStream: (() => void) | undefined
    let timer: NodeJS.Timeout | undefined
    const looks = new Map<string, { again: boolean; order: OrderHint }>()
    const breaks = createBreaks()
    let catching: { again: boolean } | undefined

    function later(ms: number, work: () => Promise<void>): void {
      clearTimeout(timer)
      if (!isStopped) timer = setTimeout(() => void work(), ms)
    }

    function noteFault(cause: unknown): void {
      const words = cause instanceof VenueError ? cause.message : 'the order stream failed'
      state.faults += 1
      state.lastFault = { at: now(), words }
      if (isStopped || !breaks.broke()) return
      for (const listener of listeners) listener.failed(cause, account)
    }

    function noteHeard(): void {
      state.heardAt = now()
      if (isStopped || !breaks.works()) return
      for (const listener of listeners) listener.recovered?.(account)
    }

    /** One at a time; whatever asks for it meanwhile gets one more. */
    async function catchUp(): Promise<void> {
      if (catching) {
        catching.again = true
        return
      }
      const own = { again: true }
      catching = own
      try {
        while (own.again && !isStopped) {
          own.again = false
          for (const event of await parts.catchUp(account)) if (!isStopped) tell(event)
          noteHeard()
        }
      } catch (cause) {
        noteFault(cause)
      } finally {
        catching = undefined
      }
    }

    /** One look at an order at a time; hints that come meanwhile are one more. */
    async function look(order: OrderHint): Promise<void> {
      const underway = looks.get(order.id)
      if (underway) {
        underway.again = true
        underway.order = order
        return
      }
      const own = { again: true, order }
      looks.set(order.id, own)
      try {
        while (own.again && !isStopped) {
          await new Promise((resolve) => setTimeout(resolve, gatherMs))
          own.again = false
          const event = await parts.look(account, own.order)
          noteHeard()
          if (event && !isStopped) tell(event)
        }
      } catch (cause) {
        noteFault(cause)
      } finally {
        looks.delete(order.id)
      }
    }

    /** Opens a connection, and resolves when it stands or has failed. */
    async function connect(): Promise<void> {
      if (isStopped) return
      let access: Access
      try {
        access = await parts.access.of(account)
      } catch (cause) {
        noteFault(cause)
        return again()
      }
      await opening(
        () =>
          new Promise<void>((settled) => {
            if (isStopped) return settled()
            closeStream = parts.open(account, access, {
              listening() {
                settled()
                tries = 0
                state.isOpen = true
                state.isLetIn = true
                state.isPolled = false
                state.heardAt = now()
                void catchUp()
              },
              alive: () => {
                state.heardAt = now()
              },
              hint: (order) => void look(order),
              stirred: () => void catchUp(),
              ended(cause, isUnauthorized) {
                settled()
                state.isOpen = false
                noteFault(cause)
                if (!isUnauthorized) return again()
                state.isLetIn = false
                void shut(access)
              },
            })
          }),
      )
    }

    /** The credentials do not open the stream. A token may be good for everything else; keys are not. */
    async function shut({ credentials }: Access): Promise<void> {
      if (credentials.kind === 'keys' || parts.isOpenToTokens) {
        await parts.access.refused(account, credentials, 'unauthorized').catch(noteFault)
        return again()
      }
      state.isPolled = true
      poll(performance.now() + notLetInForMs)
    }

    function poll(until: number): void {
      later(parts.pollEveryMs, async () => {
        if (performance.now() > until) return connect()
        await catchUp()
        poll(until)
      })
    }

    /** The next try, after a wait that grows and is drawn, so that many accounts do not come together. */
    function again(): void {
      const most = Math.min(parts.againWithinMs, firstAgainMs * 2 ** Math.min(tries, 10))
      tries += 1
      later(most / 4 + Math.random() * most * 0.75, connect)
    }

    later(0, connect)
    return {
      state,
      stop() {
        isStopped = true
        clearTimeout(timer)
        closeStream?.()
      },
    }
  }

  function follow(accounts: string[]): void {
    const wanted = new Set(accounts)
    for (const [account, one] of followed) {
      if (wanted.has(account)) continue
      one.stop()
      followed.delete(account)
    }
    for (const account of wanted) if (!followed.has(account)) followed.set(account, begin(account))
  }

  return {
    follow,
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) follow([])
      }
    },
    states: () => new Map([...followed].map(([account, { state }]) => [account, state])),
  }
}
