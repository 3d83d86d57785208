import { EventSource } from 'eventsource'

/** A reader as a page is one: an `EventSource`, made anew when it gives up or when nothing has come for a while. */
export interface PageReader {
  memberId: number
  /** The ids of the events, in the order in which they came. */
  ids: string[]
  /** The accounts that were named in them. */
  accounts: Set<unknown>
  resets: number
  /** How often it had to be made anew, or came back by itself. */
  connections: number
  close(): void
}

/** A member with an account of the same id, and an API token for it. */
export interface Person {
  memberId: number
  token: string
}

/** Nothing came for so long, in milliseconds: the line is dead. */
const silentMs = 4000

/** Opens a reader of everything of a member; resolves when the stream has begun. */
export async function openPageReader(
  port: number,
  { person: { memberId, token }, type, random }: { person: Person; type: string; random: () => number },
): Promise<PageReader> {
  const begun = Promise.withResolvers<void>()
  let source: EventSource | undefined
  let again: NodeJS.Timeout | undefined
  let watchdog: NodeJS.Timeout | undefined
  let last: string | undefined
  let isClosed = false

  const reader: PageReader = {
    memberId,
    ids: [],
    accounts: new Set(),
    resets: 0,
    connections: 0,
    close() {
      isClosed = true
      clearTimeout(again)
      clearTimeout(watchdog)
      source?.close()
    },
  }

  function comeBack(): void {
    source?.close()
    clearTimeout(again)
    clearTimeout(watchdog)
    if (!isClosed) again = setTimeout(open, 100 + 400 * random())
  }

  function heard({ lastEventId }: MessageEvent): void {
    if (lastEventId) last = lastEventId
    clearTimeout(watchdog)
    watchdog = setTimeout(comeBack, silentMs)
  }

  function open(): void {
    const own = new EventSource(`http://127.0.0.1:${port}/api/stream`, {
      fetch: (url, init) => {
        reader.connections += 1
        const headers = new Headers(init?.headers)
        headers.set('authorization', `Bearer ${token}`)
        // An EventSource that is made anew does not know what the one before it had.
        if (last !== undefined) headers.set('last-event-id', last)
        return fetch(url, { ...init, headers })
      },
    })
    source = own
    watchdog = setTimeout(comeBack, silentMs)
    own.addEventListener('connected', (message) => {
      heard(message)
      begun.resolve()
    })
    own.addEventListener('beat', heard)
    own.addEventListener('reset', (message) => {
      heard(message)
      reader.resets += 1
    })
    own.addEventListener(type, (message) => {
      heard(message)
      reader.ids.push(message.lastEventId)
      reader.accounts.add((JSON.parse(message.data) as { account: unknown }).account)
    })
    own.onerror = () => {
      if (own === source && own.readyState === EventSource.CLOSED) comeBack()
    }
  }

  open()
  await begun.promise
  return reader
}
