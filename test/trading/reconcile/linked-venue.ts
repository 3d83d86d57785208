import { Big, zero } from '../../../src/base/amounts.ts'
import type { Side } from '../../../src/trading/positions/rules/position.ts'
import type { Venue, VenueBalance, VenueCapabilities, VenueCorporateAction } from '../../../src/venues/venue.ts'
import {
  createDifficultVenue,
  type DifficultVenue,
  type DifficultVenueOptions,
} from '../../contracts/venues/difficult/venue.ts'

/** A venue whose accounts belong to members: others trade there too, move shares, and companies split theirs. */
export interface LinkedVenue extends Venue {
  /** The exchange behind it, with its truth. */
  difficult: DifficultVenue
  /** Trades without the desk, and returns the client id of the order. */
  byHand(account: string, side: Side, symbol: string, quantity: number | string): Promise<string>
  /** Moves units in (negative: out) without an execution. */
  transfer(account: string, symbol: string, quantity: number | string): void
  /** Reports a corporate action. */
  report(account: string, action: Omit<VenueCorporateAction, 'id' | 'at'>): void
  /** The average entry price that the venue shows for a symbol, in dollars; none: it shows no average. */
  averages: Map<string, Big>
  /** The balance that the venue tells of each account, instead of the exchange's cash. */
  balances: Map<string, VenueBalance>
  /** All units in an account, by the venue's own count. */
  held(account: string, symbol: string): Big
  /** Runs before the next question of this name is answered. */
  before(name: 'positions' | 'fills', act: () => Promise<void> | void): void
  /** The accounts that the process follows now. */
  followed: string[]
  /** The number of questions so far. */
  asked: { count: number }
}

/** Wraps a difficult venue, so that it is one of linked accounts. */
export function createLinkedVenue(
  options: DifficultVenueOptions,
  capabilities: Partial<VenueCapabilities> = {},
): LinkedVenue {
  const difficult = createDifficultVenue(options)
  const moved = new Map<string, Map<string, Big>>()
  const actions = new Map<string, VenueCorporateAction[]>()
  let before: { name: string; act: () => Promise<void> | void }[] = []
  let hands = 0
  const movedIn = (account: string) => {
    const own = moved.get(account) ?? new Map<string, Big>()
    moved.set(account, own)
    return own
  }
  const happens = async (name: string) => {
    linked.asked.count++
    const due = before.filter((one) => one.name === name)
    before = before.filter((one) => one.name !== name)
    for (const { act } of due) await act()
  }
  const linked: LinkedVenue = {
    ...difficult,
    name: 'broker',
    difficult,
    averages: new Map(),
    balances: new Map(),
    followed: [],
    asked: { count: 0 },
    capabilities: { ...difficult.capabilities, isLinked: true, ...capabilities },
    async byHand(account, side, symbol, quantity) {
      const clientOrderId = `hand-${++hands}`
      const order = { account, clientOrderId, symbol, side, quantity: new Big(quantity) }
      const taken = await difficult.submit(order)
      if (taken.outcome === 'refused') throw new Error(taken.words)
      return clientOrderId
    },
    transfer(account, symbol, quantity) {
      const own = movedIn(account)
      own.set(symbol, (own.get(symbol) ?? zero).plus(quantity))
    },
    report(account, action) {
      const own = actions.get(account) ?? []
      actions.set(account, [...own, { ...action, id: `action-${own.length + 1}`, at: new Date() }])
    },
    held: (account, symbol) => difficult.truth.net(account, symbol).plus(movedIn(account).get(symbol) ?? zero),
    before(name, act) {
      before.push({ name, act })
    },
    async positions(account) {
      await happens('positions')
      const listed = new Map((await difficult.positions(account)).map((one) => [one.symbol, one.signedQuantity]))
      for (const [symbol, quantity] of movedIn(account)) listed.set(symbol, (listed.get(symbol) ?? zero).plus(quantity))
      return [...listed].flatMap(([symbol, signedQuantity]) =>
        signedQuantity.eq(0)
          ? []
          : [
              {
                symbol,
                signedQuantity,
                ...(linked.averages.has(symbol) && { averagePrice: linked.averages.get(symbol)! }),
              },
            ],
      )
    },
    async balance(account) {
      const balance = await difficult.balance(account)
      return linked.balances.get(account) ?? balance
    },
    async fills(account, cursor) {
      await happens('fills')
      return difficult.fills(account, cursor)
    },
    async corporateActions(account, cursor = '0') {
      const page = (actions.get(account) ?? []).slice(Number(cursor))
      return { actions: page, cursor: String(Number(cursor) + page.length) }
    },
    follow(accounts) {
      linked.followed = accounts
    },
  }
  return linked
}
