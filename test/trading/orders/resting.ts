import { expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { Refusal } from '../../../src/base/refusal.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { repliesTo } from '../../../src/talk/wording/index.ts'
import { accountFor } from '../../../src/trading/accounts/rows/accounts.ts'
import { meet } from '../../../src/trading/accounts/rows/members.ts'
import type { QueuedNotice } from '../../../src/trading/notice.ts'
import { enterPosition } from '../../../src/trading/orders/enter.ts'
import { exitPosition } from '../../../src/trading/orders/exit.ts'
import { restingOrders } from '../../../src/trading/orders/rows/working-orders.ts'
import { cancelOrders, moveOrder } from '../../../src/trading/orders/working-orders.ts'
import { recordHeld } from '../../../src/trading/positions/record-held.ts'
import { openPosition, type Position } from '../../../src/trading/positions/rows/positions.ts'
import type { TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

/** Somebody who trades on a desk, by calls instead of words. */
export interface Trader {
  person: Someone
  accountId: number
  /** Sells (or buys back) a part, or all that is free when left out. */
  exit(quantity?: string, options?: Words): Promise<string>
  enter(side: 'buy' | 'sell', quantity: string, options?: Words): Promise<string>
  cancel(number?: number): Promise<string>
  move(number: number, price: string): Promise<string>
  /** The open position in BYND: `100`, of which working orders hold `10`. Undefined when flat. */
  position(): Promise<Position | undefined>
  /** Numbers of the orders that work. */
  working(): Promise<number[]>
  /** The messages of jobs in the thread. */
  told(): string[]
  hears(pattern: RegExp): Promise<void>
}

interface Words {
  limit?: string
  expiresAt?: Date
  purpose?: 'close' | 'trim'
  id?: string
}

let ids = 0

/** A new person in a thread of their own, with the position that `words` records. */
export async function trader(desk: TestDesk, words?: string): Promise<Trader> {
  const person = someone(desk)
  const { parts } = desk.desk
  const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread: person.thread }
  const author = { id: `slack:T1:${person.name.toUpperCase()}`, name: person.name }
  const speaker = await meet(parts.db, author, place, false)
  await accountFor(parts.db, speaker)
  const { accountId, memberId, conversationId } = speaker
  const who = { accountId, memberId, conversationId }
  const said = async (answer: Promise<Reply[] | Refusal | symbol>) => {
    const replies = await answer
    if (typeof replies === 'symbol') throw new Error('it was said of another position')
    if (replies instanceof Refusal) return replies.text
    for (const { row } of replies) if (row !== undefined) await desk.desk.delivered(row, { message: `m-${row}`, place })
    return replies.map(({ text }) => text).join('\n\n')
  }
  const heard = (told: Promise<QueuedNotice[] | Refusal>) => said(repliesTo(told))
  const held = /^(long|short) BYND ([\d.]+) @ ([\d.]+)$/.exec(words ?? '')
  if (held) {
    const direction = held[1] === 'long' ? 'LONG' : 'SHORT'
    const [quantity, price] = [new Big(held[2]!), new Big(held[3]!)]
    const told = await recordHeld(parts, { ...who, key: person.thread, symbol: 'BYND', direction, quantity, price })
    if (typeof told === 'symbol') throw new Error('it was said of another position')
    await heard(Promise.resolve(told))
  }
  const limitOf = ({ limit, expiresAt }: Words) => ({ limitPrice: limit ? new Big(limit) : undefined, expiresAt })
  const told = () => desk.posted.filter((one) => one.place.thread === person.thread).map(({ text }) => text)
  return {
    person,
    accountId,
    exit: (quantity, words = {}) =>
      heard(
        exitPosition(parts, {
          ...who,
          clientOrderId: words.id ?? `exit-test-${++ids}`,
          symbol: 'BYND',
          purpose: words.purpose ?? (quantity === undefined ? 'close' : 'trim'),
          quantity: (position) => {
            if (quantity !== undefined) return new Big(quantity)
            const free = position.signedQuantity.abs().minus(position.workingQuantity)
            return free.gt(0) ? free : new Refusal('QUANTITY_IN_FLIGHT', 'All is on its way out.')
          },
          ...limitOf(words),
        }),
      ),
    enter: (side, quantity, words = {}) =>
      heard(
        enterPosition(parts, {
          ...who,
          clientOrderId: words.id ?? `entry-test-${++ids}`,
          symbol: 'BYND',
          side,
          quantity: new Big(quantity),
          ...limitOf(words),
        }),
      ),
    cancel: (number) => heard(cancelOrders(parts, { ...who, number })),
    move: (number, price) => heard(moveOrder(parts, { ...who, number, price: new Big(price) })),
    position: () => openPosition(parts.db, accountId, 'BYND'),
    working: async () => (await restingOrders(parts.db, accountId)).map(({ number }) => number),
    told,
    hears: (pattern) => expect.poll(told).toContainEqual(expect.stringMatching(pattern)),
  }
}
