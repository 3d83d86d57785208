import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { externalHoldings } from '../../../src/trading/reconcile/rows/books.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import { noFaults } from '../../platforms/alpaca/faults.ts'
import { isEnded } from '../../platforms/alpaca/order.ts'
import fc from '../../support/fast-check.ts'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// Parts of a share at a local Alpaca through its adapter. A second here is ten seconds there.

const patience = { timeout: 120_000 }

let spy = '600.00'
let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(
    31,
    10,
    (alpaca) => {
      alpaca.plan = 'plus'
      alpaca.setPrice('BYND', '1.03', '1.04')
      alpaca.addAsset('SPY')
      alpaca.setPrice('SPY', spy, new Big(spy).plus('0.10').toFixed(2))
      alpaca.addAsset('WHOLE', { fractionable: false })
      alpaca.setPrice('WHOLE', '20.00', '20.01')
    },
    // A look is six requests, and an account may send 200 in a minute.
    3000,
    // Stops of the desk fire on the prices of all exchanges.
    { ALPACA_FEED: 'sip' },
  )
})
afterAll(() => there.close())

/** A person whose linked account has told its buying power. */
async function joined() {
  const one = await there.linked('100')
  await until(() => one.alice.say('balance')).toMatch(/Buying power: \$[1-9]/)
  return one
}

const heldOf = (account: Account, symbol = 'SPY') => there.alpaca.held(account, symbol).toFixed()

async function idOf(account: Account): Promise<number> {
  const { db } = there.desk.desk.parts
  const row = await db.selectFrom('accounts').select('id').where('venue_account', '=', account.id).executeTakeFirst()
  return row!.id
}

/** The net of the desk's fills of an account, and of its open positions, in a symbol. */
async function booksOf(id: number, symbol = 'SPY'): Promise<{ fills: string; position: string }> {
  const { db } = there.desk.desk.parts
  const fills = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .select(['f.quantity', 'f.side', 'f.reverses'])
    .where('o.account_id', '=', id)
    .where('o.symbol', '=', symbol)
    .execute()
  const positions = await db
    .selectFrom('positions')
    .select('signed_quantity')
    .where('account_id', '=', id)
    .where('symbol', '=', symbol)
    .execute()
  const signed = fills.map(({ quantity, side, reverses }) =>
    (side === 'buy') === (reverses === null) ? new Big(quantity) : new Big(quantity).neg(),
  )
  return {
    fills: sum(signed).toFixed(),
    position: sum(positions.map((one) => new Big(one.signed_quantity))).toFixed(),
  }
}

/** The answer, and everything that was posted after it. */
const heard = (answer: string) => `${answer}\n${there.said()}`

test(
  'parts of a share are bought, sold and closed to nothing, and dollars below one share buy a part of it',
  patience,
  async () => {
    const { account, alice } = await joined()
    const bought = await alice.say('buy 0.5 SPY')
    await until(() => heard(bought)).toContain('BOUGHT 0.5 SPY')
    expect(heldOf(account)).toBe('0.5')
    const sold = await alice.say('sell .25 spy')
    await until(() => heard(sold)).toContain('SOLD 0.25 SPY')
    const question = await alice.say('buy $100 of spy')
    expect(question).toContain('$100.00 of SPY at $600.10: 0.1666 of a share.')
    expect(question).toContain('BUY 0.1666 SPY')
    const more = await alice.say('yes')
    await until(() => heard(more)).toContain('BOUGHT 0.1666 SPY')
    await until(() => alice.say('buy $1,300 of spy')).toContain('$1,300.00 of SPY at $600.10: 2 shares.')
    await alice.say('no')
    await until(() => alice.say('positions')).toContain('0.4166')
    const halved = await alice.say('trim SPY half')
    await until(() => heard(halved)).toContain('SOLD 0.2083 SPY')
    const closed = await alice.say('close SPY now')
    await until(() => heard(closed)).toContain('SOLD 0.2083 SPY')
    await until(() => heldOf(account)).toBe('0')
    await until(async () => booksOf(await idOf(account))).toEqual({ fills: '0', position: '0' })
    await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  },
)

test('an order for a part of a share with a limit is for the day, and says so', patience, async () => {
  const { account, alice } = await joined()
  const working = await alice.say('buy 0.5 SPY @ 590 gtc')
  expect(working).toContain('LIMIT BUY ORDER 0.5 SPY @ $590.00 (working)')
  expect(working).toContain('the broker keeps such an order until the close of the session, and no longer')
  expect(await alice.say('buy 2 SPY @ 589')).not.toContain('until the close')
  expect(await alice.say('buy 0.5 SPY stop 610')).toContain('until the close of the session')
  expect(there.alpaca.orders(account).map((one) => [one.type, one.timeInForce, one.quantity.toFixed()])).toEqual([
    ['limit', 'day', '0.5'],
    ['limit', 'gtc', '2'],
    ['stop', 'day', '0.5'],
  ])
  expect(await alice.say('move 1 591')).toContain('@ $591.00')
  await alice.say('cancel all')
})

test(
  'gtc for a part of a share: its end at the close is told, also when the answer to the order was lost',
  patience,
  async () => {
    const { account, alice } = await joined()
    there.alpaca.faults.lostAnswers = 1
    const asked = await alice.say('buy 0.5 SPY @ 591 gtc')
    there.alpaca.faults.lostAnswers = 0
    const told = () => heard(asked)
    await until(told).toMatch(
      /0\.5 SPY @ \$591\.00 \(working\)\n.*\n💡 0\.5 SPY is no whole number.* until the close of the session/,
    )
    expect(there.alpaca.orders(account).map((one) => one.timeInForce)).toEqual(['day'])
    there.alpaca.closeMarket()
    onTestFinished(() => there.alpaca.openMarket())
    await until(told).toMatch(/⌛ EXPIRED order 1: .*0\.5 SPY/)
    expect(await alice.say('orders')).toContain('No working orders')
  },
)

test(
  'what Alpaca takes no part of a share in is refused in one sentence, before anything is sent',
  patience,
  async () => {
    const { account, alice } = await joined()
    expect(await alice.say('buy 0.5 WHOLE')).toContain('The desk trades WHOLE in whole shares; 0.5 does not fit')
    expect(await alice.say('buy $10 of WHOLE')).toContain('$10.00 is less than 1 WHOLE')
    expect(await alice.say('sell short 1.5 SPY')).toContain(
      'The venue sells no part of a share short, and 1.5 SPY has one',
    )
    expect(await alice.say('buy 0.5 SPY @ 590 extended')).toContain(
      'The venue trades parts of a share of SPY in its regular session only',
    )
    expect(await alice.say('buy 0.001 SPY')).toContain(
      'is worth $1.00 at the venue at least, and 0.001 SPY is worth $0.60',
    )
    const tiny = await alice.say('buy 0.00000000012 SPY')
    expect(tiny).toContain('steps of 0.000000001; 0.00000000012 does not fit')
    // Worth a little more than the dollar that the venue takes at least.
    expect(tiny).toContain('💡 Such as 0.0019')
    expect(there.alpaca.orders(account)).toEqual([])
  },
)

test('a position with a part of a share is scaled out to the last digit', patience, async () => {
  const { account, alice } = await joined()
  const bought = await alice.say('buy 3.751234567 SPY')
  await until(() => heard(bought)).toContain('BOUGHT 3.751234567 SPY')
  const before = there.alpaca.orders(account).length
  expect(await alice.say('scaleout SPY fast')).toContain('SCALEOUT INITIATED - SPY')
  const { db } = there.desk.desk.parts
  const chunks = await db
    .selectFrom('scaleout_chunks as c')
    .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .select('c.quantity')
    .where('s.account_id', '=', await idOf(account))
    .execute()
  expect(sum(chunks.map(({ quantity }) => new Big(quantity))).toFixed()).toBe('3.751234567')
  expect(chunks.length).toBeGreaterThan(5)
  await until(() => heldOf(account)).toBe('0')
  await until(async () => booksOf(await idOf(account))).toEqual({ fills: '0', position: '0' })
  expect(there.alpaca.orders(account).length - before).toBe(chunks.length)
})

test(
  'the desk itself protects a part of a share: the venue keeps no protection of it, and the stop closes to nothing',
  patience,
  async () => {
    const { account, alice } = await joined()
    const bought = await alice.say('buy 1.5 SPY')
    await until(() => heard(bought)).toContain('BOUGHT 1.5 SPY')
    await alice.say('protect at venue on')
    await alice.say('stop SPY 580')
    await alice.say('target SPY 700')
    await until(there.said).toContain('it keeps none for parts of a share')
    expect(there.alpaca.orders(account)).toHaveLength(1)
    spy = '579.00'
    await until(() => heldOf(account)).toBe('0')
    spy = '600.00'
    await until(async () => booksOf(await idOf(account))).toEqual({ fills: '0', position: '0' })
  },
)

const part = fc.integer({ min: 2_000_000, max: 3_000_000_000 }).map((units) => new Big(units).div(1e9).toFixed())
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('buy', 'sell', 'trim'), quantity: part }),
  fc.record({ do: fc.constantFrom('trim half', 'trim 33%', 'close now', 'cancel all'), quantity: fc.constant('') }),
  fc.record({ do: fc.constant('elsewhere'), quantity: part }),
)

test(
  'parts of shares, whatever is done with them and however they fill, leave books and broker equal to the last digit',
  patience,
  async () => {
    const { alpaca } = there
    const { db } = there.desk.desk.parts
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
        const { account, alice } = await joined()
        const id = await idOf(account)
        await until(async () => (await externalHoldings(db, id)).length).toBe(1)
        Object.assign(alpaca.faults, { parts: 0.7, droppedFrames: 0.5, lateActivities: 0.3, slowCancels: 0.3 })
        for (const { do: what, quantity } of steps) {
          if (what === 'elsewhere') {
            const order = { symbol: 'SPY', side: 'buy', qty: quantity, type: 'market', time_in_force: 'day' }
            try {
              alpaca.placeElsewhere(account, order)
            } catch {
              // The broker may refuse it beside an order of the desk.
            }
          } else if (quantity === '') await alice.say(what.replace(/^(trim|close)/, '$1 SPY'))
          else {
            await alice.say(`${what} ${quantity} SPY`)
            await alice.say('no')
          }
        }
        Object.assign(alpaca.faults, noFaults)
        // Orders of others fill in parts, also after a look of the desk: the books are equal when all have ended and are seen.
        const difference = async () => {
          const { position } = await booksOf(id)
          const outside = (await externalHoldings(db, id)).find(({ symbol }) => symbol === 'SPY')
          return new Big(position)
            .plus(outside?.signedQuantity ?? 0)
            .minus(heldOf(account))
            .toFixed()
        }
        await until(() => alpaca.orders(account).every(isEnded)).toBe(true)
        await until(difference).toBe('0')
        await until(() => alice.say('reconcile')).toContain('✓ Books agree')
        const { fills, position } = await booksOf(id)
        expect(fills).toBe(position)
        expect(await difference()).toBe('0')
      }),
      { numRuns: Number(process.env.RUNS ?? 4) },
    )
  },
)
