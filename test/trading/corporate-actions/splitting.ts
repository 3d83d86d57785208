import { expect } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import type { TestDesk } from '../../support/desk.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { queued } from '../orders/by-hand.ts'

/** The books of people on a desk, and the posts to them, before and after a split. */
export interface Ledger {
  accountIdOf(who: Someone): Promise<number>
  /** Their last position. */
  positionOf(who: Someone): ReturnType<typeof positionIn>
  /** Their orders with a limit, oldest first. */
  ordersOf(who: Someone): ReturnType<typeof ordersIn>
  /** The posts of jobs in their thread. */
  told(who: Someone): Promise<string[]>
  /** Their fills, the adjustment in between taken into account, come to what is booked, to the last digit. */
  expectToAddUp(who: Someone): Promise<void>
  /** Everybody out: the next test splits nobody else's. */
  leave(...all: Someone[]): Promise<void>
}

/** Looks into the ledger of a desk. */
export function ledgerOf(desk: TestDesk): Ledger {
  const { db } = desk.desk.parts
  const accountIdOf = async ({ name }: Someone) => {
    const { id } = await db
      .selectFrom('accounts as a')
      .innerJoin('members as m', 'm.id', 'a.member_id')
      .select('a.id')
      .where('m.name', '=', name)
      .executeTakeFirstOrThrow()
    return id
  }
  const positionOf = async (who: Someone) => positionIn(desk, await accountIdOf(who))
  return {
    accountIdOf,
    positionOf,
    ordersOf: async (who) => ordersIn(desk, await accountIdOf(who)),
    told: (who) => queued(desk, who.thread),
    async expectToAddUp(who) {
      const position = await positionOf(who)
      const fills = await db
        .selectFrom('fills')
        .selectAll()
        .where('position_id', '=', position.id)
        .orderBy('id')
        .execute()
      const adjusted = await db
        .selectFrom('position_adjustments')
        .selectAll()
        .where('position_id', '=', position.id)
        .execute()
      const [only] = adjusted
      let open = new Big(0)
      for (const fill of fills) {
        const signed = new Big(fill.quantity).times(fill.side === 'buy' ? 1 : -1)
        open = open.plus(signed)
        if (only && open.eq(only.signed_quantity_before) && fill.filled_at <= only.at)
          open = new Big(only.signed_quantity_after)
      }
      expect(position.signed_quantity).toBe(open.toFixed())
      const realized = sum([...fills, ...adjusted].map((row) => new Big(row.realized_pnl)))
      expect(position.realized_pnl).toBe(realized.toFixed())
    },
    async leave(...all) {
      for (const who of all) {
        await who.say('schedule cancel all')
        await who.say('cancel all')
        await who.say('close BYND now')
      }
    },
  }
}

const positionIn = ({ desk }: TestDesk, accountId: number) =>
  desk.parts.db
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()

const ordersIn = ({ desk }: TestDesk, accountId: number) =>
  desk.parts.db
    .selectFrom('orders')
    .select(['quantity', 'limit_price', 'state', 'client_order_id', 'venue_order_id', 'number'])
    .where('account_id', '=', accountId)
    .where('limit_price', 'is not', null)
    .orderBy('id')
    .execute()
