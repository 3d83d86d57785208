/**
 * A place in the order of all events: transaction first, then id. `epoch` names the history that the two numbers belong to: a
 * database that was restored or that a standby replaced has another.
 */
export interface EventCursor {
  epoch: string
  /** The transaction, a decimal number of up to 64 bits. */
  xid: string
  id: number
}

const written = /^([0-9a-f]{8})\.(\d{1,20})\.(\d{1,16})$/

/** The cursor as text, as the id of an event of a stream: `1f0c9a2b.7731.42`. */
export function cursorText({ epoch, xid, id }: EventCursor): string {
  return `${epoch}.${xid}.${id}`
}

/** Reads a cursor; undefined when the text is none. */
export function readCursor(text: string): EventCursor | undefined {
  const [, epoch, xid, id] = written.exec(text) ?? []
  if (epoch === undefined || BigInt(xid!) >= 2n ** 64n || !Number.isSafeInteger(Number(id))) return undefined
  return { epoch, xid: BigInt(xid!).toString(), id: Number(id) }
}

/** Compares two cursors of one epoch: negative when the first comes earlier. */
export function compareCursors(one: EventCursor, other: EventCursor): number {
  const [mine, theirs] = [BigInt(one.xid), BigInt(other.xid)]
  return mine === theirs ? one.id - other.id : mine < theirs ? -1 : 1
}
