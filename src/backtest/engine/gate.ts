import { Big } from '../../base/amounts.ts'
import { type GateCode, gate } from '../../trading/accounts/rules/gate.ts'
import type { AccountLimits } from '../../trading/accounts/rules/limits.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { Account } from './account.ts'
import type { Book } from './book.ts'

/** An order that was not carried out, with the code of the check. */
export interface Refused {
  day: string
  symbol: string
  code: GateCode | 'NOT_ENOUGH_CASH'
}

/** The whole run, as a check sees it. `start` is the cash at the start, in dollars. */
export interface Standing {
  books: readonly Book[]
  account: Account
  start: number
}

/** Decides about units that would open or add, at a price in dollars: how many pass, or the code of the refusing check. */
export type Gate = (
  standing: Standing,
  book: Book,
  side: Side,
  units: number,
  price: number,
) => number | { code: GateCode }

const one = new Big(1)

/**
 * The desk's gate before every order, with an account's limits: the same pure function, on the positions and the money of the run. An
 * order of shares of equity is cut to the largest that passes; it is refused when none does. Exits never come here.
 */
export function deskGate(limits: AccountLimits): Gate {
  return ({ books, account, start }, _book, side, units, price) => {
    const verdict = gate(
      {
        settled: new Big(start + account.realized - account.borrowed),
        positions: books
          .filter(({ quantity }) => quantity !== 0)
          .map(({ quantity, lots, mark }) => ({
            signedQuantity: new Big(quantity),
            openCost: new Big(lots.reduce((sum, lot) => sum + lot.quantity * lot.price + lot.fees, 0)),
            mark: new Big(mark),
          })),
        openings: [],
        isHalted: false,
        mayTrade: true,
        limits,
        lately: [],
        working: 0,
        scheduled: 0,
      },
      { opens: true, isLater: false, side, quantity: new Big(units), price: new Big(price), lot: one },
    )
    if (verdict.passes) return units
    const most = verdict.largest.toNumber()
    return most > 0 ? most : { code: verdict.code }
  }
}
