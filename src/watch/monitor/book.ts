import type { Big } from '../../base/amounts.ts'
import type { Watched } from '../../trading/protection/rows/watched.ts'
import { isTighter } from '../../trading/protection/rules/protection.ts'
import { type Quiet, quietAround } from '../../trading/protection/rules/triggers.ts'

/** An open position in memory. Floats only say where to look; what is done is decided on decimals. */
export interface Entry extends Quiet {
  position: Watched
  /** A level was touched: the position is left to whoever closes it, until it is read again and has changed. */
  isTouched: boolean
  account: BookedAccount
  signed: number
  cost: number
  /** Unrealized P&L at the last tick, in dollars. */
  pnl: number
}

/** What the open positions of an account would lose. */
export interface BookedAccount {
  id: number
  pnl: number
  /** At this unrealized P&L the limit of the day is lost; minus infinity while it is not known. */
  floor: number
}

/** Open positions by symbol. */
export interface Book {
  size(): number
  accounts: Map<number, BookedAccount>
  of(symbol: string): Iterable<Entry>
  get(positionId: number): Entry | undefined
  /** Takes a position as it was read; undefined where it is known already. What memory knows better (a newer state, a tighter trail) stays. */
  put(position: Watched): Entry | undefined
  remove(positionId: number): void
  /** Ids of all positions. */
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
    remove,
    put(read) {
      const known = byId.get(read.id)
      if (known && isSame(known.position, read)) return undefined
      const position = known ? merged(known.position, read) : read
      remove(read.id)
      const account = accounts.get(read.accountId) ?? { id: read.accountId, pnl: 0, floor: Number.NEGATIVE_INFINITY }
      accounts.set(read.accountId, account)
      const entry: Entry = {
        position,
        isTouched: known?.position.version === read.version && known.isTouched,
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

/** Has nothing changed that watching depends on? */
function isSame(known: Watched, read: Watched): boolean {
  return (
    known.version === read.version &&
    known.state.seq >= read.state.seq &&
    known.thresholds === read.thresholds &&
    known.stop?.id === read.stop?.id &&
    known.target?.id === read.target?.id &&
    (known.stop === undefined || !isTighter(read.signedQuantity, read.stop!.price, known.stop.price))
  )
}

function merged(known: Watched, read: Watched): Watched {
  // What was seen of another version may not have been written.
  const isNewer = known.version === read.version && known.state.seq > read.state.seq
  const state = isNewer ? known.state : read.state
  const isTrailedOn =
    known.stop?.id === read.stop?.id &&
    known.stop?.trail !== undefined &&
    isTighter(read.signedQuantity, known.stop.price, read.stop!.price)
  return { ...read, state, stop: isTrailedOn ? known.stop : read.stop }
}

/** Moves an entry's account with the price, and answers whether that is all there is to do. */
export function isQuiet(entry: Entry, price: number): boolean {
  const pnl = entry.signed * price - entry.cost
  entry.account.pnl += pnl - entry.pnl
  entry.pnl = pnl
  return price > entry.low && price < entry.high
}

/** Says between which prices nothing can happen, after an exact look at one. */
export function hush(entry: Entry, price: Big): void {
  const { position } = entry
  const { low, high } = quietAround(position, price, position.state, position.thresholds)
  entry.low = low
  entry.high = high
}
