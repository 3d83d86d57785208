import { Big } from '../../../../src/base/amounts.ts'
import type { VenueFill, VenuePosition } from '../../../../src/venues/venue.ts'
import { cashOf, netOf } from '../fill-sums.ts'
import type { TrueFill } from './truth.ts'

/** The fills of each account: the true ones, and those that customers see. */
export interface Accounts {
  /** The id of the next fill. Each account has its own count, so accounts share ids. */
  nextFillId(account: string): string
  add(fill: TrueFill): void
  /** Puts a fill on the list that customers read. */
  list(fill: VenueFill): void
  /** The fills on the list after a cursor, at most a page. */
  page(account: string, cursor?: string): { fills: VenueFill[]; cursor: string }
  all(): TrueFill[]
  net(account: string, symbol: string): Big
  positions(account: string): VenuePosition[]
  cash(account: string): Big
}

/** Accounts with this cash in dollars, and lists with pages of this many fills. */
export function createAccounts({ cash, pageSize }: { cash: string; pageSize: number }): Accounts {
  const fills: TrueFill[] = []
  const ids = new Map<string, number>()
  const lists = new Map<string, VenueFill[]>()
  const of = (account: string) => fills.filter((fill) => fill.account === account)
  const net = (account: string, symbol: string) => netOf(of(account).filter((fill) => fill.symbol === symbol))

  return {
    nextFillId(account) {
      const id = (ids.get(account) ?? 0) + 1
      ids.set(account, id)
      return `execution-${id}`
    },
    add: (fill) => fills.push(fill),
    list(fill) {
      const list = lists.get(fill.account)
      if (list) list.push(fill)
      else lists.set(fill.account, [fill])
    },
    page(account, cursor = '0') {
      const start = Number(cursor)
      const page = (lists.get(account) ?? []).slice(start, start + pageSize)
      return { fills: page, cursor: String(start + page.length) }
    },
    all: () => [...fills],
    net,
    positions(account) {
      const symbols = new Set(of(account).map(({ symbol }) => symbol))
      return [...symbols].sort().flatMap((symbol) => {
        const signedQuantity = net(account, symbol)
        return signedQuantity.eq(0) ? [] : [{ symbol, signedQuantity }]
      })
    },
    cash: (account) => new Big(cash).plus(cashOf(of(account))),
  }
}
