import { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { announcePosition } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { Notice, QueuedNotice } from '../../trading/notice.ts'
import { exitPosition } from '../../trading/orders/exit.ts'
import { noPrice } from '../../trading/orders/fresh-price.ts'
import { isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import { stepOf } from '../../trading/orders/traded.ts'
import { wakeReplies } from '../../trading/parts.ts'
import { availableQuantity, lockPosition, openPosition, type Position } from '../../trading/positions/rows/positions.ts'
import { lockProtection } from '../../trading/protection/rows/protective-orders.ts'
import { shareOf } from '../../trading/protection/rules/protection.ts'
import type { WatchParts } from '../parts.ts'
import { check, type HeldPosition, NotAllowed } from './check.ts'
import { type Decision, decisionAbout, endDecision, lockDecision, noteChosen } from './decisions.ts'
import type { GuardianNotice } from './notices.ts'
import { offersOf } from './offers.ts'
import { trailOutcome } from './outcome.ts'
import { letTrail } from './trail.ts'

/** A member's answer to a question of the guardian. */
export interface GuardianChoice {
  eventId: number
  /** The value of the chosen option. */
  choice: string
  memberId: number
  conversationId: number
}

/** The result of the transaction that handles an answer. */
type Taken =
  | { told: QueuedNotice<GuardianNotice>[]; conversations: number[]; moved?: boolean }
  | { goOn: 'EXIT' | 'TRIM' }
  | Refusal

/** The client order id of a decision. It makes sure that a decision has at most one order, even after a crash. */
export const orderIdOf = (decision: Pick<Decision, 'id'>) => `guardian-${decision.id}`

/**
 * Executes a member's choice once. The decision must be open, not expired, addressed to this member, and made for the present
 * version of the position. Returns the notices for the member.
 */
export async function carryOut(
  parts: WatchParts,
  choosing: GuardianChoice,
): Promise<QueuedNotice<Notice | GuardianNotice>[] | Refusal> {
  const decision = await decisionAbout(parts.db, choosing.eventId)
  if (!decision || decision.memberId !== choosing.memberId) return closed()
  const quote = await marksOf(parts.market).quote(decision.symbol)
  const taken = await parts.db.transaction().execute(async (trx): Promise<Taken> => {
    const position = await lockPosition(trx, decision.positionId)
    const current = await lockDecision(trx, decision.id)
    return take(parts, trx, position, current, choosing, quote)
  })
  if (taken instanceof Refusal) return taken
  if ('goOn' in taken) return finish(parts, decision, taken.goOn, choosing.conversationId)
  if (taken.moved) await announcePosition(parts, decision.positionId)
  await wakeReplies(parts, taken.conversations)
  return taken.told
}

async function take(
  parts: WatchParts,
  trx: Trx,
  position: Position,
  decision: Decision,
  { choice, conversationId, memberId }: GuardianChoice,
  quote: Quote | undefined,
): Promise<Taken> {
  const at = parts.clock.now()
  const { accountId, symbol } = decision
  const to = { conversationId, accountId, at }
  if (decision.state !== 'proposed') return closed(decision.chosen)
  if (decision.expiresAt <= at) return tooLate(decision)
  const chosen = offersOf(decision).find(({ action }) => action === choice)?.action
  if (!chosen) return closed()
  if (position.signedQuantity.eq(0)) {
    await endDecision(trx, decision.id, { state: 'refused', outcome: 'the position was closed', chosen }, at)
    return gone(symbol)
  }
  if (chosen === 'HOLD') {
    const state = decision.action === 'HOLD' ? 'acted' : 'declined'
    await endDecision(trx, decision.id, { state, outcome: 'held', chosen }, at)
    return { told: [await queueNotice(trx, parts, to, { kind: 'guardian.held', symbol }, 'door')], conversations: [] }
  }
  const refuse = async (refusal: Refusal, outcome: string) => {
    await endDecision(trx, decision.id, { state: 'refused', outcome, chosen }, at)
    return refusal
  }
  if (position.version !== decision.positionVersion) {
    return refuse(changed(symbol), 'the position had changed')
  }
  if (chosen !== 'TRAIL_STOP') {
    await noteChosen(trx, decision.id, chosen, at)
    return { goOn: chosen }
  }
  const unusable = noPrice(quote)
  if (!quote || unusable) {
    return refuse(notDone(`${symbol} has no fresh price`, symbol), 'there was no fresh price')
  }
  const { stop } = await lockProtection(trx, position.id)
  const held = {
    ...heldNow(parts, position, quote),
    stop: stop && {
      ...{ price: stop.price, trail: stop.trail && shareOf(stop.trail) },
      dollars: stop.trail?.dollars,
    },
  }
  const allowed = check({ action: 'TRAIL_STOP', amount: decision.trail }, held)
  if (allowed instanceof NotAllowed || allowed.action !== 'TRAIL_STOP') {
    const because = allowed instanceof NotAllowed ? allowed.because : 'that is no trail'
    return refuse(notDone(because, symbol), because)
  }
  const trail = { share: allowed.share, stop: allowed.stop, price: held.price, was: stop?.price }
  const watching = await letTrail(trx, parts, position, { memberId, conversationId }, trail, at)
  await endDecision(trx, decision.id, { state: 'acted', outcome: trailOutcome(trail), chosen }, at)
  const notice = { kind: 'guardian.trailed' as const, symbol, stop: allowed.stop, share: allowed.share }
  return {
    told: [await queueNotice(trx, parts, to, notice, 'door')],
    conversations: watching,
    moved: true,
  }
}

/**
 * Orders the exit or trim that a member chose. There is one order for each decision, and only at the version of the position
 * that the decision is about. A second run after a crash finds the order or makes it.
 */
export async function finish(
  parts: WatchParts,
  decision: Decision,
  chosen: 'EXIT' | 'TRIM',
  conversationId: number,
): Promise<QueuedNotice[] | Refusal> {
  const shown = await openPosition(parts.db, decision.accountId, decision.symbol)
  const exited = await exitPosition(parts, {
    clientOrderId: orderIdOf(decision),
    accountId: decision.accountId,
    memberId: decision.memberId,
    conversationId,
    symbol: decision.symbol,
    purpose: chosen === 'EXIT' ? 'close' : 'trim',
    isAll: chosen === 'EXIT',
    quantity: (position) =>
      shown?.version === decision.positionVersion && isStill(position, shown, chosen)
        ? quantityOf(parts, position, decision, chosen)
        : changed(decision.symbol),
  }).catch((cause) => {
    if (isOrderedAlready(cause)) return []
    throw cause
  })
  const at = parts.clock.now()
  if (exited instanceof Refusal) {
    await endDecision(parts.db, decision.id, { state: 'refused', outcome: inALine(exited.text) }, at)
    return exited
  }
  const said = exited.map(({ notice }) => inALine(parts.wording(notice).text)).at(-1)
  await endDecision(parts.db, decision.id, { state: 'acted', outcome: said ?? 'the order was sent' }, at)
  return exited
}

/**
 * Is the position the one that was decided on? An exit first cancels resting orders, which changes the version; then the
 * position must have the same side and be no larger.
 */
function isStill(position: Position, shown: Position, chosen: 'EXIT' | 'TRIM'): boolean {
  if (position.id !== shown.id || chosen === 'TRIM') return position.version === shown.version
  const isSameSide = position.signedQuantity.times(shown.signedQuantity).gt(0)
  return isSameSide && position.signedQuantity.abs().lte(shown.signedQuantity.abs())
}

function quantityOf(
  parts: Pick<WatchParts, 'market'>,
  position: Position,
  decision: Decision,
  chosen: 'EXIT' | 'TRIM',
): Big | Refusal {
  const allowed = check({ action: chosen, amount: decision.amount }, heldNow(parts, position))
  if (allowed instanceof NotAllowed) return notDone(allowed.because, decision.symbol)
  return allowed.action === 'TRIM' ? allowed.quantity : availableQuantity(position)
}

function heldNow(parts: Pick<WatchParts, 'market'>, position: Position, quote?: Quote): HeldPosition {
  const { signedQuantity } = position
  const last = quote?.last ?? new Big(0)
  return {
    signedQuantity,
    available: availableQuantity(position),
    lot: stepOf(signedQuantity, parts.market.instrument(position.symbol) ?? { lot: new Big(1) }),
    price: last,
    exitPrice: quote ? (signedQuantity.gt(0) ? quote.bid : quote.ask) : last,
  }
}

/** The first line of a reply, without its emoji. */
function inALine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^\P{L}+/u, '')
}

/** The refusal when a question is closed or belongs to another member. */
export function closed(chosen?: Decision['chosen']): Refusal {
  const sentence = chosen
    ? `That question is not open any more: you answered it with ${chosen.replace('_', ' ')}. Nothing more was done.`
    : 'That question is not open any more. Nothing was done.'
  return new Refusal('QUESTION_CLOSED', sentence)
}

function gone(symbol: string): Refusal {
  const sentence = `The position in ${symbol} is closed by now, and the guardian's question with it. Nothing was done.`
  return new Refusal('QUESTION_CLOSED', sentence, '`positions` shows where you are')
}

function tooLate(decision: Decision): Refusal {
  return new Refusal(
    'QUESTION_EXPIRED',
    'That proposal was good for two minutes and has expired. Nothing was done.',
    `\`why ${decision.symbol}\` shows what was proposed`,
  )
}

function changed(symbol: string): Refusal {
  return new Refusal(
    'POSITION_CHANGED',
    `${symbol} has changed since the guardian asked. Nothing was done.`,
    'Look at `positions` and decide again',
  )
}

function notDone(because: string, symbol: string): Refusal {
  const sentence = `${because[0]?.toUpperCase()}${because.slice(1)}. Nothing was done.`
  return new Refusal('NOT_ALLOWED_NOW', sentence, `Look at \`positions\`; \`close ${symbol}\` is out now`)
}
