import { expect, test } from 'vitest'
import { zero } from '../../../src/base/amounts.ts'
import { openPosition } from '../../../src/trading/positions/rows/positions.ts'
import { protectionOf } from '../../../src/trading/protection/rows/protective-orders.ts'
import fc from '../../support/fast-check.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

const words = fc.constantFrom(
  'buy 100 bynd',
  'buy 40 bynd',
  'sell 30 bynd',
  'sell half bynd',
  'close bynd now',
  'sell 20 bynd @ 1.30',
  'stop bynd .90',
  'stop bynd .85',
  'target bynd 1.20',
  'trail bynd 5%',
  'stop off',
  'target off',
  'cancel all',
  'protect at venue off',
  'protect at venue on',
)
const fault = fc.constantFrom(
  'lost before',
  'lost after',
  'cancel lost',
  'refused',
  'ended',
  'slow',
  'silent',
  'away',
  'mute',
  'halves',
  'well',
)
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ says: words }) },
  {
    weight: 2,
    arbitrary: fc.record({ price: fc.constantFrom('0.84', '0.89', '0.95', '1.01', '1.05', '1.19', '1.21', '1.31') }),
  },
  { weight: 3, arbitrary: fc.record({ fault }) },
)
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never

function take({ broker, price }: LinkedDesk, who: Linked, given: Act): Promise<unknown> | undefined {
  if ('says' in given) return who.say(given.says)
  if ('price' in given) {
    price('BYND', given.price)
    return undefined
  }
  switch (given.fault) {
    case 'lost before':
    case 'lost after':
      broker.losses.submit.push(given.fault === 'lost before' ? 'before' : 'after')
      return undefined
    case 'cancel lost':
      broker.losses.cancel.push('before', 'after')
      return undefined
    case 'refused':
      broker.refusals.push('not now')
      return undefined
    case 'ended': {
      const one = broker.working('BYND').find(({ sent }) => sent.account === who.account)
      if (one) broker.end(one, 'cancelled', 'the exchange ended it')
      return undefined
    }
    case 'slow':
      broker.isSlow = !broker.isSlow
      return undefined
    case 'silent':
      broker.isSilent = !broker.isSilent
      return undefined
    case 'away':
      broker.isAway = !broker.isAway
      return undefined
    case 'mute':
      broker.isMute = !broker.isMute
      return undefined
    case 'halves':
      broker.fillsHalves = !broker.fillsHalves
      return undefined
    case 'well':
      return get({ broker } as LinkedDesk)
  }
}

/** Ends all faults. */
async function get({ broker }: Pick<LinkedDesk, 'broker'>): Promise<void> {
  Object.assign(broker, {
    isSlow: false,
    isSilent: false,
    isAway: false,
    isMute: false,
    fillsHalves: false,
    refusals: [],
  })
  Object.assign(broker.losses, { submit: [], cancel: [] })
  broker.settle()
}

/** What is wrong with the books at rest; nothing when all agree. */
async function unrest({ desk, broker }: LinkedDesk, who: Linked): Promise<string | undefined> {
  const { db } = desk.desk.parts
  const position = await openPosition(db, who.accountId, 'BYND')
  const open = position?.signedQuantity ?? zero
  const held = broker.held(who.account, 'BYND')
  if (!held.eq(open)) return `the broker has ${held}, the desk ${open}`
  const resting = broker.working('BYND').filter(({ sent }) => sent.account === who.account)
  const inBook = resting.reduce((sum, { sent, filled }) => sum.plus(sent.quantity).minus(filled), zero)
  if (inBook.gt(held)) return `${inBook} would be sold of ${held}`
  const known = await db
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', who.accountId)
    .where('state', 'in', ['new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked'])
    .execute()
  if (known.length !== resting.length) {
    const here = known.map(({ client_order_id, state }) => `${client_order_id} ${state}`).join(', ')
    return `${here || 'no order'} here, ${resting.length} there`
  }
  const { isOn } = (await db
    .selectFrom('accounts')
    .select('protects_at_venue as isOn')
    .where('id', '=', who.accountId)
    .executeTakeFirstOrThrow()) as { isOn: boolean }
  const levels = position ? await protectionOf(db, position.id) : {}
  const last = position
    ? await db
        .selectFrom('orders')
        .selectAll()
        .where('position_id', '=', position.id)
        .where('purpose', '=', 'protect')
        .orderBy('id', 'desc')
        .executeTakeFirst()
    : undefined
  const isLost = last !== undefined && ['refused', 'cancelled', 'expired'].includes(last.state) && !last.cancel_asked_at
  const others = known.filter(({ purpose }) => purpose !== 'protect').length
  const isWanted = isOn && (levels.stop ?? levels.target) !== undefined && others === 0 && open.gt(0)
  const protecting = known.filter(({ purpose }) => purpose === 'protect')
  if (!isWanted && protecting.length > 0) return 'protection rests that nobody wants'
  if (isWanted && !isLost && protecting.length !== 1) return `${protecting.length} orders protect ${open}`
  if (protecting.length === 1 && !inBook.eq(held)) return `${inBook} of ${held} are protected`
  return undefined
}

test('at rest exactly one order protects exactly what is open, and never more than is there, whatever went wrong before', async () => {
  const runs = Number(process.env.RUNS ?? 4)
  const there = await openLinkedDesk({ sweepEveryMs: 200, monitorEveryMs: 500 })
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 18 }), async (acts) => {
        await get(there)
        there.price('BYND', '1.01')
        const who = await there.newcomer({ protects: true })
        await who.say('buy 100 bynd')
        await who.say('stop bynd .90')
        for (const one of acts) {
          await take(there, who, one)
          expect(there.broker.oversold).toEqual([])
        }
        await get(there)
        await expect
          .poll(
            async () => {
              there.broker.settle()
              await there.follow()
              return unrest(there, who)
            },
            { timeout: 40_000, interval: 100 },
          )
          .toBeUndefined()
        expect(there.broker.oversold).toEqual([])
        await who.say('cancel all')
        await who.say('close bynd now')
      }),
      { numRuns: runs, endOnFailure: true },
    )
  } finally {
    await there.desk.close()
  }
}, 600_000)
