import type { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Instrument } from '../../market/market.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { PostedBy } from '../events/rows/replies.ts'
import type { QueuedNotice } from '../notice.ts'
import { endOrder } from '../orders/end-order.ts'
import { lockAccountRow } from '../orders/rows/working-orders.ts'
import { isLive } from '../orders/rules/order-lifecycle.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockOpenPosition } from '../positions/rows/positions.ts'
import { moveAlerts } from '../price-alerts/rows/price-alerts.ts'
import { renameInConversations } from '../scaleouts/rows/rescale.ts'
import { metAtOnce } from './at-once.ts'
import { moveAccount } from './move-account.ts'
import { sendUnsent, writeAnew } from './place-anew.ts'
import { areApart, pricesOfBoth } from './prices.ts'
import { patientLooks, quieten, shortLooks } from './quiet.ts'
import { bothText, effectLines, inTheWayLines } from './reasons.ts'
import { anotherOne, doneMeanwhile, refusalOf } from './refusals.ts'
import { affectedBy } from './rows/affected.ts'
import {
  abandonedActions,
  accountsIn,
  accountsToMove,
  addAccounts,
  advance,
  beginAction,
  type CorporateAction,
  countMoved,
  findAction,
  noteWorked,
  type WantedAction,
} from './rows/corporate-actions.ts'
import type { InTheWay } from './rows/in-the-way.ts'
import { takenOrders } from './rows/taken-orders.ts'
import { becauseOf } from './rules/describe.ts'
import { unchanged } from './rules/split.ts'

/**
 * After this many milliseconds without a sign of work, an action counts as abandoned. A working process notes its work more
 * often.
 */
const abandonedAfterMs = 5000

/**
 * Splits or renames a symbol in every account that has anything in it: takes back the orders, moves each account in one
 * transaction, and places the orders again. It refuses the whole action and changes nothing if something under way cannot end
 * within seconds, or if a split would set something off at the present price. Repeating the request after a crash continues the
 * action; the same message carries it out once. `lastSeen` is the id of the last action that the requester knows of, 0 for
 * none. Returns the notices for the requester.
 */
export async function actOnSymbol(
  parts: Parts,
  wanted: WantedAction,
  lastSeen: number,
): Promise<QueuedNotice[] | Refusal> {
  const begun = await beginAction(parts.db, wanted, lastSeen, parts.clock.now())
  const action =
    begun ??
    (await findAction(parts.db, { inboundId: wanted.inboundId })) ??
    (await findAction(parts.db, { unfinishedOf: wanted.symbol }))
  if (!action) return doneMeanwhile(wanted)
  if (!isSame(action, wanted)) return anotherOne(action)
  return carryOut(parts, action, patientLooks, 'door')
}

/** Continues abandoned actions; for the sweep. */
export async function continueActions(parts: Parts): Promise<void> {
  const since = new Date(parts.clock.now().getTime() - abandonedAfterMs)
  for (const action of await abandonedActions(parts.db, since)) {
    await carryOut(parts, action, shortLooks, 'outbox').catch((cause) =>
      parts.log.warn(
        { err: cause, action: action.id, symbol: action.symbol },
        'a corporate action waits for the next look',
      ),
    )
  }
}

/** Takes an action as far as it can go now. */
async function carryOut(
  parts: Parts,
  begun: CorporateAction,
  looks: number[],
  postedBy: PostedBy,
): Promise<QueuedNotice[] | Refusal> {
  for (let action = begun; ; action = (await findAction(parts.db, { id: begun.id }))!) {
    const instrument = parts.market.instrument(action.newSymbol)
    switch (action.state) {
      case 'taking_back': {
        await noteWorked(parts.db, action.id, parts.clock.now())
        const against = await reasonAgainst(parts, action, instrument, looks)
        if (against === undefined) await beginMoving(parts, action)
        else await refuse(parts, action, against, postedBy)
        break
      }
      case 'moving': {
        if (!instrument) return [{ notice: { kind: 'corporate_action.suspended', action, market: parts.market.name } }]
        const left = await moveAll(parts, action, instrument, looks)
        if (left.length > 0) return [{ notice: { kind: 'corporate_action.unfinished', action, left } }]
        await finish(parts, action, postedBy)
        return postedBy === 'door' ? [{ notice: await doneNotice(parts.db, action) }] : []
      }
      case 'restoring':
        await restore(parts, action)
        return refusalOf(action)
      case 'refused':
        return refusalOf(action)
      case 'done':
        return begun.state === 'done' ? [{ notice: await doneNotice(parts.db, action) }] : []
    }
  }
}

/** Takes back the orders and returns the reason why the action cannot be done; undefined when there is none. */
async function reasonAgainst(
  parts: Parts,
  action: CorporateAction,
  instrument: Instrument | undefined,
  looks: number[],
): Promise<string | undefined> {
  if (!instrument) return `The market in use (${parts.market.name}) has no ${action.newSymbol}.`
  const both = action.kind === 'rename' ? await holdBoth(parts, action) : []
  if (both.length > 0) return `${both.join(', ')} would hold ${action.symbol} and ${action.newSymbol} as one.`
  const left = await quieten(parts, action, looks)
  if (left.length > 0) return ['Something is under way that cannot be taken back:', ...inTheWayLines(left)].join('\n')
  if (action.kind === 'rename') {
    const prices = await pricesOfBoth(parts.market, action, await affectedBy(parts.db, action.symbol, action.id))
    return areApart(prices) ? `${bothText(action, prices)}: these are not the same shares.` : undefined
  }
  const met = await metAtOnce(parts, action, action.id)
  return met.length === 0 ? undefined : [tooEarly(action), ...effectLines(met)].join('\n')
}

const tooEarly = ({ symbol }: CorporateAction) =>
  `At the price of now it would set something off at once: the market does not show prices of new ${symbol} shares yet.`

/** Names of the accounts that hold both the symbol and the new symbol. */
async function holdBoth({ db }: Parts, { symbol, newSymbol }: CorporateAction): Promise<string[]> {
  const [here, there] = [await accountsIn(db, symbol), await accountsIn(db, newSymbol)]
  const ids = new Set(there.map(({ accountId }) => accountId))
  return here.filter(({ accountId }) => ids.has(accountId)).map(({ name }) => name)
}

async function beginMoving(parts: Parts, action: CorporateAction): Promise<void> {
  await parts.db.transaction().execute(async (trx) => {
    if (!(await advance(trx, action, 'moving', parts.clock.now()))) return
    await addAccounts(trx, action)
    const instrument = parts.market.instrument(action.newSymbol)
    if (instrument) await moveAlerts(trx, action, instrument.tick)
  })
}

/** Moves the remaining accounts, and waits for anything that began in them meanwhile. Returns what stays in the way. */
async function moveAll(
  parts: Parts,
  action: CorporateAction,
  instrument: Instrument,
  looks: number[],
): Promise<InTheWay[]> {
  const left: InTheWay[] = []
  for (const account of await accountsToMove(parts.db, action.id)) {
    await noteWorked(parts.db, action.id, parts.clock.now())
    const terms = { ratio: action.ratio, instrument }
    let own = await moveAccount(parts, action, account, terms)
    for (let tries = 0; own.length > 0 && tries < mostTries; tries++) {
      const still = await quieten(parts, action, looks, account.accountId)
      own = still.length > 0 ? still : await moveAccount(parts, action, account, terms)
      if (still.length > 0) break
    }
    await sendUnsent(parts, action)
    left.push(...own)
  }
  return left
}

/** If new orders keep coming between the last look and the lock, leave the account to the sweep after this many tries. */
const mostTries = 5

/** Refuses the action. Queues the refusal for the requester unless the door answers them. */
async function refuse(parts: Parts, action: CorporateAction, because: string, postedBy: PostedBy): Promise<void> {
  const at = parts.clock.now()
  const { conversationId } = action
  await parts.db.transaction().execute(async (trx) => {
    if (!(await advance(trx, action, 'restoring', at, because)) || postedBy === 'door') return
    const notice = { kind: 'corporate_action.refused' as const, action: { ...action, because } }
    await queueNotice(trx, parts, { conversationId, at }, notice, 'outbox')
  })
  await wakeReplies(parts, [conversationId])
}

/**
 * Places the orders that were taken back again, unchanged. An order that the venue does not give back now is left to the sweep.
 */
async function restore(parts: Parts, action: CorporateAction): Promise<void> {
  const { db, market, clock } = parts
  await noteWorked(db, action.id, clock.now())
  const still = (await takenOrders(db, action.id)).filter(isLive)
  await Promise.all(still.map((order) => endOrder(parts, order, { postedBy: 'outbox' }, becauseOf(action))))
  const instrument = market.instrument(action.symbol) ?? market.instrument(action.newSymbol)
  for (const { accountId } of instrument ? await accountsIn(db, action.symbol, action.id) : []) {
    const terms = { ratio: unchanged, instrument: { ...instrument!, symbol: action.symbol } }
    await db.transaction().execute(async (trx) => {
      await lockAccountRow(trx, accountId)
      const position = await lockOpenPosition(trx, accountId, action.symbol)
      await writeAnew(trx, parts, action, accountId, position, terms, clock.now())
    })
    await sendUnsent(parts, action)
  }
  if (!instrument || (await takenOrders(db, action.id)).length === 0) await advance(db, action, 'refused', clock.now())
}

/** Ends the action. Queues the result for the requester unless the door answers them. */
async function finish(parts: Parts, action: CorporateAction, postedBy: PostedBy): Promise<void> {
  const at = parts.clock.now()
  const { conversationId } = action
  await parts.db.transaction().execute(async (trx) => {
    if (!(await advance(trx, action, 'done', at))) return
    if (action.kind === 'rename') await renameInConversations(trx, action.symbol, action.newSymbol)
    if (postedBy === 'door') return
    await queueNotice(trx, parts, { conversationId, at }, await doneNotice(trx, action), 'outbox')
  })
  if (postedBy === 'outbox') await wakeReplies(parts, [conversationId])
}

async function doneNotice(db: Db, action: CorporateAction) {
  return { kind: 'corporate_action.done' as const, action, counts: await countMoved(db, action.id) }
}

function isSame(action: CorporateAction, { kind, newSymbol, ratio }: WantedAction): boolean {
  const { to, from } = action.ratio
  return action.kind === kind && action.newSymbol === newSymbol && to.eq(ratio.to) && from.eq(ratio.from)
}
