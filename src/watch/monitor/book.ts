import type { Big } from '../../base/amounts.ts'
import type { Watched } from '../../trading/protection/rows/watched.ts'
import { isTighter } from '../../trading/protection/rules/protection.ts'
import { type Quiet, quietAround } from '../../trading/protection/rules/triggers.ts'

/** An open position in memory. Its floats only select the positions to look at; decisions use decimals. */
export interface Entry extends Quiet {
  position: Watched
  /** A level was touched. The monitor ignores the position until it is read again with a new version. */
  isTouched: boolean
  /** The touched levels of parts; the monitor ignores them from then on. */
  touchedParts: ReadonlySet<number>
  account: BookedAccount
  signed: number
  cost: number
  /** Unrealized P&L at the last tick, in dollars. */
  pnl: number
}

/** The unrealized P&L of an account, in dollars. */
export interface BookedAccount {
  id: number
  pnl: number
  /** At this unrealized P&L the account reaches its daily loss limit. Minus infinity means that no limit is known. */
  floor: number
}

/** Open positions by symbol. */
export interface Book {
  size(): number
  accounts: Map<number, BookedAccount>
  of(symbol: string): Iterable<Entry>
  get(positionId: number): Entry | undefined
  /**
   * Stores a position as read from Postgres. Undefined when nothing changed. A newer state or a tighter trail in memory
   * is kept.
   */
  put(position: Watched): Entry | undefined
  remove(positionId: number): void
  /** The symbols of all positions. */
  symbols(): ReadonlySet<string>
  /** The ids of all positions. */
  ids(): number[]
}

/** An empty book. */
export function createBook(): Book {
  const byId = new Map<number, Entry>()
  const bySymbol = new Map<string, Map<number, Entry>>()
  const accounts = new Map<number, BookedAccount>()

  function remove(positionId: number): void {
    const entry = byId.get(positionId)
    if (!entry) return
    byId.delete(positionId)
    entry.account.pnl -= entry.pnl
    const { symbol } = entry.position
    bySymbol.get(symbol)?.delete(positionId)
    if (bySymbol.get(symbol)?.size === 0) bySymbol.delete(symbol)
  }

  return {
    accounts,
    size: () => byId.size,
    of: (symbol) => bySymbol.get(symbol)?.values() ?? [],
    get: (positionId) => byId.get(positionId),
    ids: () => [...byId.keys()],
    symbols: () => new Set(bySymbol.keys()),
    remove,
    put(readNow) {
      const known = byId.get(readNow.id)
      const read = known ? withoutParts(readNow, known.touchedParts) : readNow
      if (known && isSame(known.position, read)) return undefined
      const position = known ? merged(known.position, read) : read
      remove(read.id)
      const account = accounts.get(read.accountId) ?? { id: read.accountId, pnl: 0, floor: Number.NEGATIVE_INFINITY }
      accounts.set(read.accountId, account)
      const entry: Entry = {
        position,
        isTouched: known?.position.version === read.version && known.isTouched,
        touchedParts: known?.touchedParts ?? new Set(),
        account,
        signed: position.signedQuantity.toNumber(),
        cost: position.openCost.toNumber() * (position.signedQuantity.gt(0) ? 1 : -1),
        pnl: 0,
        // Nothing is quiet before the first look.
        low: Number.POSITIVE_INFINITY,
        high: 0,
      }
      byId.set(read.id, entry)
      if (!bySymbol.has(read.symbol)) bySymbol.set(read.symbol, new Map())
      bySymbol.get(read.symbol)!.set(read.id, entry)
      return entry
    },
  }
}

/** Is everything unchanged that the monitor depends on? */
function isSame(known: Watched, read: Watched): boolean {
  return (
    known.version === read.version &&
    known.state.seq >= read.state.seq &&
    known.waits === read.waits &&
    known.thresholds === read.thresholds &&
    known.stop?.id === read.stop?.id &&
    known.target?.id === read.target?.id &&
    partsOf(known) === partsOf(read) &&
    (known.stop === undefined || !isTighter(read.signedQuantity, read.stop!.price, known.stop.price))
  )
}

const partsOf = ({ parts = [] }: Watched) => parts.map(({ id }) => id).join()

/** The position without these levels of parts. */
function withoutParts(position: Watched, ids: ReadonlySet<number>): Watched {
  if (!position.parts || ids.size === 0) return position
  return { ...position, parts: position.parts.filter(({ id }) => !ids.has(id)) }
}

/** Notes touched levels of parts: their events are on their way. */
export function noteTouchedParts(entry: Entry, ids: number[]): void {
  if (ids.length === 0) return
  entry.touchedParts = new Set([...entry.touchedParts, ...ids])
  entry.position = withoutParts(entry.position, entry.touchedParts)
}

function merged(known: Watched, read: Watched): Watched {
  // Only a state of the same version counts: a state of another version may not have been written.
  const isNewer = known.version === read.version && known.state.seq > read.state.seq
  const state = isNewer ? known.state : read.state
  const isTrailedOn =
    known.stop?.id === read.stop?.id &&
    known.stop?.trail !== undefined &&
    isTighter(read.signedQuantity, known.stop.price, read.stop!.price)
  return { ...read, state, stop: isTrailedOn ? known.stop : read.stop }
}

/** Updates the P&L of an entry and its account. Returns true when the price needs no exact look. */
export function isQuiet(entry: Entry, price: number): boolean {
  const pnl = entry.signed * price - entry.cost
  entry.account.pnl += pnl - entry.pnl
  entry.pnl = pnl
  return price > entry.low && price < entry.high
}

/** Sets the range of prices in which nothing can happen, after an exact look at one price. */
export function hush(entry: Entry, price: Big): void {
  const { position } = entry
  const { low, high } = quietAround(position, price, position.state, position.thresholds)
  entry.low = low
  entry.high = high
}
