import type { Db } from '../../infra/db/client.ts'
import { tokensOf } from '../access/rows/api-tokens.ts'
import { hooksOf } from '../access/rows/hooks.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import { liveOrdersOf, lockAccountRow } from '../orders/rows/working-orders.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockPosition, openPositions, type Position } from '../positions/rows/positions.ts'
import { wasEnded } from '../protection/protection-event.ts'
import { cancelPartLevels, type PartLevel } from '../protection/rows/part-levels.ts'
import { cancelProtectiveOrder, lockProtection, type ProtectiveOrder } from '../protection/rows/protective-orders.ts'
import { cancelScaleout } from '../scaleouts/cancel-scaleout.ts'
import { lockRunningScaleout } from '../scaleouts/rows/scaleouts.ts'
import { endScheduled, openScheduled } from '../schedule/rows/scheduled-orders.ts'
import { endUnlinkedOrders } from './end-unlinked.ts'
import type { Account } from './rows/accounts.ts'
import { unlinkedBecause } from './rules/unlinked.ts'

/** The things that ended with a link, and those that stand at the broker. */
export interface Unlinked {
  positions: Position[]
  scaleouts: number
  levels: number
  scheduled: number
  /** Live orders that the broker may have, stops and targets that rest there too: the desk cannot see or cancel them any more. */
  standing: AnyOrder[]
  /** The tokens and hooks of the account: they do nothing until it is linked again. */
  ways: Ways
}

/** The names of tokens and the numbers of hooks that are for one account. */
export interface Ways {
  tokens: string[]
  hooks: number[]
}

/** The tokens and hooks of a member that are for an account. */
export async function waysInto(db: Db, { memberId, id }: Pick<Account, 'memberId' | 'id'>): Promise<Ways> {
  const [tokens, hooks] = [await tokensOf(db, memberId), await hooksOf(db, memberId)]
  return {
    tokens: tokens.filter(({ accountId }) => accountId === id).map(({ name }) => name),
    hooks: hooks.filter(({ accountId }) => accountId === id).map(({ number }) => number),
  }
}

/**
 * Takes the link of an account away, with all that the desk runs in it, in one transaction: a death in between leaves no position
 * that seems to be protected. Credentials are deleted; positions, orders and fills stay as history. Undefined when there is no link.
 */
export async function unlinkAccount(
  parts: Parts,
  account: Account,
  by: { memberId: number; conversationId: number },
): Promise<Unlinked | undefined> {
  const at = parts.clock.now()
  const done = await parts.db.transaction().execute(async (trx) => {
    await lockAccountRow(trx, account.id)
    const unlinked = await trx
      .updateTable('accounts')
      .set({ unlinked_at: at })
      .where('id', '=', account.id)
      .where('venue', '<>', 'paper')
      .where('unlinked_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!unlinked) return undefined
    await trx.deleteFrom('venue_credentials').where('account_id', '=', account.id).execute()
    await trx.deleteFrom('conversation_accounts').where('account_id', '=', account.id).execute()
    const conversations: number[] = []
    const result: Unlinked = {
      positions: [],
      scaleouts: 0,
      levels: 0,
      scheduled: 0,
      standing: await liveOrdersOf(trx, account.id),
      ways: await waysInto(trx, account),
    }
    for (const { id } of await openPositions(trx, account.id)) {
      const position = await lockPosition(trx, id)
      result.positions.push(position)
      const scaleout = await lockRunningScaleout(trx, id)
      if (scaleout) {
        result.scaleouts += 1
        conversations.push(...(await cancelScaleout(trx, parts, scaleout, position, unlinkedBecause, at)).conversations)
      }
      const { stop, target, parts: ofParts = [] } = await lockProtection(trx, id)
      const whole = [stop, target].filter((level): level is ProtectiveOrder => level !== undefined)
      const ended: (ProtectiveOrder | PartLevel)[] = [...whole, ...ofParts]
      if (ended.length === 0) continue
      for (const level of whole) await cancelProtectiveOrder(trx, level, unlinkedBecause, at)
      await cancelPartLevels(trx, id, ofParts, unlinkedBecause, at)
      for (const level of ended)
        conversations.push(...(await appendEvent(trx, parts, wasEnded(level, by, unlinkedBecause, at))))
      const conversationId = position.conversationId ?? ended[0]!.conversationId
      const to = { conversationId, accountId: account.id, at }
      const isResting = result.standing.some((order) => order.purpose === 'protect' && order.positionId === id)
      await queueNotice(trx, parts, to, { kind: 'account.unprotected', account, position, ended, isResting }, 'outbox')
      conversations.push(conversationId)
      result.levels += ended.length
    }
    for (const { id } of await openScheduled(trx, account.id)) {
      if (await endScheduled(trx, id, 'waiting', 'cancelled', unlinkedBecause, at)) result.scheduled += 1
    }
    return { result, conversations }
  })
  if (done) await wakeReplies(parts, done.conversations)
  // The sweep ends the orders when this process dies here.
  if (done) await endUnlinkedOrders(parts)
  return done?.result
}
