import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { externalHoldings } from '../../../src/trading/reconcile/rows/books.ts'
import { noFaults } from '../../platforms/alpaca/faults.ts'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// What a member says about differences, at a local Alpaca through its adapter. A second here is a minute there.

const patience = { timeout: 120_000 }

let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(17, 60, (alpaca) => alpaca.setPrice('BYND', '1.00', '1.01'), 100)
})
afterAll(() => there.close())

test('adopt, ignore, did and doubt make desk and broker agree, and a dividend is a row', patience, async () => {
  const { alpaca, desk, said } = there
  const { account, alice } = await there.linked('300')
  const { db } = desk.desk.parts
  const accountId = async () =>
    (await db.selectFrom('accounts').select('id').where('venue_account', '=', account.id).executeTakeFirstOrThrow()).id
  const id = await accountId()
  const held = async () =>
    await db
      .selectFrom('positions')
      .select(['signed_quantity', 'open_cost', 'realized_pnl', 'missing_quantity'])
      .where('account_id', '=', id)
      .executeTakeFirstOrThrow()
  const external = async () => (await externalHoldings(db, id)).map(({ signedQuantity }) => signedQuantity.toFixed())
  let differences = 0
  /** Shares come or leave without an order. */
  const moves = async (quantity: string, price: string) => {
    alpaca.hold(account, 'BYND', quantity, price)
    differences += 1
    await until(() => said().split('BOOKS DIFFER').length - 1).toBe(differences)
  }
  const agrees = () => until(() => alice.say('reconcile')).toContain('✓ Books agree')

  await until(external).toEqual(['300'])
  expect(await alice.say('long BYND 300 @ .63')).toContain('✓ LONG 300 BYND @ $0.63')

  // An answer that is lost says nothing about what is held.
  const isOfPositions = ({ path, account: id }: { path: string; account?: string }) =>
    path === '/v2/positions' && id === account.id
  const asked = alpaca.requests.filter(isOfPositions).length
  alpaca.failNext({ method: 'GET', path: /positions$/, as: 'unanswered', times: 2 })
  alpaca.failNext({ method: 'GET', path: /positions$/, as: { afterwards: 502 }, times: 2 })
  await until(() => alpaca.requests.filter(isOfPositions).length).toBeGreaterThan(asked + 4)
  expect(await held()).toMatchObject({ signed_quantity: '300', missing_quantity: '0' })
  expect(said()).not.toContain('BOOKS DIFFER')

  await moves('100', '0.75')
  expect(await alice.say('reconcile')).toContain('the desk has LONG 300, the broker shows LONG 400 (100 more)')
  expect(await alice.say('buy BYND 10')).toContain('nothing explains it')
  expect(await alice.say('adopt BYND')).toContain('ADJUSTED — LONG 400 BYND')
  expect(await held()).toMatchObject({ signed_quantity: '400', open_cost: '264' })

  await moves('40', '0.80')
  expect(await alice.say('ignore BYND')).toContain('not the desk’s from now on')
  expect(await external()).toEqual(['40'])

  await moves('-100', '0.66')
  await alice.say('did BYND @ 1.5')
  expect(await alice.say('yes')).toContain('P&L: $+84.00')
  expect(await held()).toMatchObject({ signed_quantity: '300', realized_pnl: '84', missing_quantity: '0' })
  await agrees()

  alpaca.failNext({ method: 'POST', path: /orders$/, as: 'lost' })
  // Refused, with nothing sent, while the broker is slow to tell the buying power.
  await until(() => alice.say('buy BYND 50 @ .95')).not.toContain('does not tell the buying power')
  const doubtOf = async () => /Doubt (\d+)/.exec(await alice.say('doubt'))?.[1]
  await until(doubtOf).toBeDefined()
  const doubted = await doubtOf()
  await until(() => alice.say(`doubt ${doubted} never`)).toContain('50 BYND')
  expect(await alice.say('doubt')).toContain('No order is in doubt')
  expect(alpaca.orders(account)).toEqual([])

  alpaca.payDividend('BYND', '0.10')
  await until(said).toMatch(/dividend[\s\S]*\$34\.00/i)
  const actions = () => db.selectFrom('venue_actions').select(['kind', 'state']).where('account_id', '=', id).execute()
  expect(await actions()).toEqual([{ kind: 'dividend', state: 'noted' }])
  expect(await held()).toMatchObject({ signed_quantity: '300', realized_pnl: '84' })
  await agrees()
})

test('a fraction that is held there is adopted, and closed with the rest', patience, async () => {
  const { alpaca, said } = there
  const { account, alice } = await there.linked('100.5')
  await until(() => alice.say('adopt BYND')).toContain('LONG 100.5 BYND')
  const answer = await alice.say('close BYND now')
  await until(() => `${answer}\n${said()}`).toMatch(/SOLD 100.5 BYND|FLAT BYND/)
  await until(() => alpaca.held(account, 'BYND').toFixed()).toBe('0')
})

test(
  'after a difficult hour with trades elsewhere and words about them, each execution is booked once and both agree',
  patience,
  async () => {
    const { alpaca, desk } = there
    const { account, alice } = await there.linked('100')
    const { db } = desk.desk.parts
    /** Trades by hand, once the broker takes it: beside an opposite order of the desk it is a wash trade. */
    const elsewhere = (side: string, qty: string) =>
      vi.waitFor(
        () => alpaca.placeElsewhere(account, { symbol: 'BYND', side, qty, type: 'market', time_in_force: 'day' }),
        20_000,
      )
    const { id } = await db
      .selectFrom('accounts')
      .select('id')
      .where('venue_account', '=', account.id)
      .executeTakeFirstOrThrow()
    // What came before the first look is its past.
    await until(async () => (await externalHoldings(db, id)).length).toBe(1)
    Object.assign(alpaca.faults, {
      ...{ droppedFrames: 0.8, doubledFrames: 0.3, lateActivities: 0.4, parts: 0.6, lostAnswers: 0.2, failures: 0.05 },
      ...{ slowCancels: 0.4, racingCancels: 0.4, missing: 0.3 },
    })
    await alice.say('long BYND 60 @ .63')
    await alice.say('buy BYND 30')
    await elsewhere('buy', '20')
    await alice.say('stop BYND .80')
    await alice.say('sell BYND 10 @ 1.20')
    await elsewhere('sell', '70')
    await alice.say('trim BYND 20')
    alpaca.hold(account, 'BYND', '15', '0.70')
    await alice.say('adopt BYND')
    await alice.say('close BYND half now')
    alpaca.hold(account, 'BYND', '-5', '0.70')
    await alice.say('did BYND @ 1')
    Object.assign(alpaca.faults, noFaults)

    await until(async () => {
      await alice.say('cancel all')
      await alice.say('adopt BYND')
      return alice.say('reconcile')
    }).toContain('✓ Books agree')
    const [own, others, positions, outside] = await Promise.all([
      db
        .selectFrom('fills')
        .innerJoin('orders', 'orders.id', 'fills.order_id')
        .select(['sent_as', 'fills.quantity'])
        .where('orders.account_id', '=', id)
        .where('purpose', '<>', 'record')
        .execute(),
      db.selectFrom('external_executions').select('quantity').where('account_id', '=', id).execute(),
      db.selectFrom('positions').select('signed_quantity').where('account_id', '=', id).execute(),
      externalHoldings(db, id),
    ])
    const sorted = (all: string[]) => all.sort()
    const executed = alpaca.executions(account)
    const byDesk = executed.filter(({ order }) => !order.isExternal)
    expect(sorted(own.map(({ sent_as, quantity }) => `${sent_as} ${quantity}`))).toEqual(
      sorted(byDesk.map(({ order, quantity }) => `${order.clientOrderId} ${quantity}`)),
    )
    expect(sorted(others.map(({ quantity }) => quantity))).toEqual(
      sorted(executed.filter(({ order }) => order.isExternal).map(({ quantity }) => quantity.toFixed())),
    )
    const held = [...positions.map((one) => one.signed_quantity), ...outside.map((one) => one.signedQuantity.toFixed())]
    expect(held.reduce((sum, one) => sum + Number(one), 0)).toBe(Number(alpaca.held(account, 'BYND')))
  },
)

test(
  'an order that stands when its account is unlinked is told, and what it fills until the next link is booked then',
  patience,
  async () => {
    const { alpaca, desk, said } = there
    const { account, alice } = await there.linked('100')
    const { db } = desk.desk.parts
    const { id } = await db
      .selectFrom('accounts')
      .select('id')
      .where('venue_account', '=', account.id)
      .executeTakeFirstOrThrow()
    await until(async () => (await externalHoldings(db, id)).length).toBe(1)
    await alice.say('long BYND 100 @ .63')
    await alice.say('stop BYND .80')
    await until(() => alice.say('buy BYND 10 @ .95')).toContain('LIMIT BUY ORDER 10 BYND')
    await alice.say('unlink alpaca-paper')
    expect(await alice.say('yes')).toContain('✓ Unlinked alpaca-paper')
    await until(said).toMatch(/NOT FOLLOWED ANY MORE: order \d+: LIMIT BUY 10 BYND/)
    const [standing] = alpaca.orders(account)
    expect(standing!.status).toBe('new')
    alpaca.fill(standing!, '10', '0.95')

    await there.link(alice, account)
    const quantity = () => db.selectFrom('positions').select('signed_quantity').where('account_id', '=', id).execute()
    await until(quantity).toEqual([{ signed_quantity: '110' }])
    await until(() => alice.say('reconcile')).toContain('✓ Books agree')
    expect(alpaca.orders(account)).toHaveLength(1)
  },
)
