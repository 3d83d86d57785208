import Big from 'big.js'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { connectDatabase } from '../../src/infra/db/client.ts'
import { createPaperVenue } from '../../src/venues/paper/paper.ts'
import { databaseBefore } from '../support/database-before.ts'
import { handMarket } from '../support/desk.ts'

test('orders and fills of a book that filled only whole orders stay the same, with their accounts', async () => {
  const { url, client, migrate } = await databaseBefore('017')
  await client.query(`
    insert into members (name, role) values ('Ann', 'trader');
    insert into accounts (member_id) values (1);
    insert into conversations (key, place) values ('c', '{}');
    insert into positions (account_id, symbol, signed_quantity, open_cost, opened_at) values (1, 'BYND', 10, 10, now());
    insert into orders (client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side, quantity,
      expected_price, state, limit_price, created_at)
    select id, 1, 1, 1, 1, 'close', 'BYND', 'sell', 3, 1, state, limit_price, '2026-11-20T15:00:00Z'
    from (values ('sold', 'filled', null), ('rests', 'resting', 1.2), ('over', 'cancelled', 1.3)) as o(id, state, limit_price);
    insert into paper_orders (client_order_id, state, symbol, side, quantity, limit_price, venue_fill_id, price, commission, filled_at)
    values ('sold', 'filled', 'BYND', 'sell', 3, null, 'paper-sold', 1.01, 0.03, '2026-11-20T15:00:01Z'),
      ('stray', 'filled', 'BYND', 'buy', 1, null, 'paper-stray', 1.02, 0, '2026-11-20T15:00:02Z'),
      ('rests', 'working', 'BYND', 'sell', 3, 1.2, null, null, null, null),
      ('over', 'cancelled', 'BYND', 'sell', 3, 1.3, null, null, null, null);
    insert into paper_orders (client_order_id, state) values ('never came', 'cancelled')`)
  await migrate()

  const db = connectDatabase(url, pino({ level: 'silent' }))
  onTestFinished(() => db.destroy())
  const clock = { now: () => new Date(), scale: 1 }
  const venue = createPaperVenue({ db, market: handMarket(), clock, slippageBps: 0, commissionPerUnit: 0 })
  const of = (clientOrderId: string, account = '1') => venue.find({ account, clientOrderId })
  const fill = {
    account: '1',
    venueFillId: 'paper-sold',
    clientOrderId: 'sold',
    symbol: 'BYND',
    side: 'sell',
    quantity: new Big(3),
    price: new Big('1.01'),
    commission: new Big('0.03'),
    filledAt: new Date('2026-11-20T15:00:01Z'),
  }
  expect(await of('sold')).toMatchObject({ state: 'filled', filledQuantity: new Big(3), fills: [fill] })
  expect(await of('stray', 'unknown')).toMatchObject({ state: 'filled', fills: [{ venueFillId: 'paper-stray' }] })
  expect(await of('rests')).toMatchObject({ state: 'working', limitPrice: new Big('1.2'), fills: [] })
  expect(await of('over')).toMatchObject({ state: 'cancelled', filledQuantity: new Big(0) })
  expect(await of('never came')).toBeUndefined()
  expect((await venue.openOrders('1')).map(({ clientOrderId }) => clientOrderId)).toEqual(['rests'])
  expect((await venue.fills('1')).fills).toEqual([fill])
  const order = { account: '1', clientOrderId: 'sold', symbol: 'BYND', side: 'sell' as const, quantity: new Big(3) }
  expect(await venue.submit(order)).toMatchObject({ outcome: 'accepted', report: { fills: [fill] } })
})
