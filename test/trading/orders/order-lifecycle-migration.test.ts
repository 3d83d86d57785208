import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createDesk } from '../../../src/desk.ts'
import { findOrder } from '../../../src/trading/orders/rows/orders.ts'
import { takeUpOrder } from '../../../src/trading/orders/take-up.ts'
import { lockPosition } from '../../../src/trading/positions/rows/positions.ts'
import { type DatabaseBefore, databaseBefore } from '../../support/database-before.ts'
import { handMarket } from '../../support/desk.ts'
import { startRedisServer } from '../../support/servers.ts'

/** A desk before orders were filled in parts: 1,000 BYND, an order in each state that there was, and their fills. */
async function deskBefore(): Promise<DatabaseBefore> {
  const database = await databaseBefore('017')
  await database.client.query(`
    insert into members (name, role) values ('Ann', 'trader');
    insert into accounts (member_id) values (1);
    insert into conversations (key, place) values ('c', '{"door": "slack", "workspace": "T1", "channel": "C1", "thread": "1"}');
    insert into positions (account_id, symbol, signed_quantity, open_cost, realized_pnl, working_quantity, limit_quantity,
      conversation_id, opened_at)
    values (1, 'BYND', 870, 870, 3.4, 190, 170, 1, '2026-11-20T14:00:00Z');
    insert into scaleouts (position_id, account_id, member_id, conversation_id, symbol, side, speed, seed, time_scale,
      total_quantity, chunk_count, decision_price, state, done_chunks, sold_quantity, proceeds, realized_pnl, started_at)
    values (1, 1, 1, 1, 'BYND', 'sell', 'fast', 1, 1, 90, 2, 1.01, 'cancelled', 1, 30, 30.3, 0.3, '2026-11-20T14:30:00Z');
    insert into scaleout_chunks (scaleout_id, number, quantity, delay_ms, due_at, state) values
      (1, 1, 30, 0, '2026-11-20T14:30:00Z', 'done'), (1, 2, 60, 0, '2026-11-20T14:31:00Z', 'dropped');
    insert into orders (client_order_id, account_id, member_id, position_id, conversation_id, chunk_id, purpose, symbol, side,
      quantity, expected_price, state, limit_price, number, cancel_asked_at, created_at)
    select id, 1, 1, position, 1, chunk, purpose, 'BYND', side, quantity, 1, state, limit_price, number, cancel_asked_at,
      '2026-11-20T15:00:00Z'
    from (values
      ('record-1', 1, null, 'record', 'buy', 1000, 'filled', null, null::int, null::timestamptz),
      ('chunk-1-1', 1, 1, 'chunk', 'sell', 30, 'filled', null, null, null),
      ('trim-working', 1, null, 'trim', 'sell', 20, 'working', null, null, null),
      ('trim-sent', 1, null, 'trim', 'sell', 50, 'working', 1.2, 1, null),
      ('trim-rests', 1, null, 'trim', 'sell', 40, 'resting', 1.3, 2, null),
      ('trim-wanted-back', 1, null, 'trim', 'sell', 80, 'resting', 1.4, 3, '2026-11-20T15:01:00Z'),
      ('trim-filled', 1, null, 'trim', 'sell', 100, 'filled', 1.03, 4, null),
      ('trim-rejected', 1, null, 'trim', 'sell', 5, 'rejected', null, null, null),
      ('trim-cancelled', 1, null, 'trim', 'sell', 6, 'cancelled', 1.5, 5, null),
      ('trim-expired', 1, null, 'trim', 'sell', 7, 'expired', 1.6, 6, null),
      ('enter-working', null, null, 'open', 'buy', 9, 'working', null, null, null)
    ) as o(id, position, chunk, purpose, side, quantity, state, limit_price, number, cancel_asked_at);
    insert into fills (venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
      realized_pnl, filled_at)
    select fill, o.id, 1, 1, 'BYND', o.side, o.quantity, price, 0.1, pnl, '2026-11-20T15:00:05Z'
    from (values ('record-1-fill', 'record-1', 1.00, 0), ('paper-chunk-1-1', 'chunk-1-1', 1.01, 0.3), ('paper-trim-filled', 'trim-filled', 1.03, 3.0))
      as f(fill, client_order_id, price, pnl) join orders o using (client_order_id);
    -- The venue has filled what nobody knew of, and lost what was on its way to it.
    insert into paper_orders (client_order_id, state, symbol, side, quantity, limit_price, venue_fill_id, price, commission, filled_at)
    values ('trim-working', 'filled', 'BYND', 'sell', 20, null, 'paper-trim-working', 1.02, 0, '2026-11-20T15:00:06Z'),
      ('chunk-1-1', 'filled', 'BYND', 'sell', 30, null, 'paper-chunk-1-1', 1.01, 0.1, '2026-11-20T15:00:05Z'),
      ('trim-filled', 'filled', 'BYND', 'sell', 100, 1.03, 'paper-trim-filled', 1.03, 0.1, '2026-11-20T15:00:05Z'),
      ('trim-rests', 'working', 'BYND', 'sell', 40, 1.3, null, null, null, null),
      ('trim-wanted-back', 'working', 'BYND', 'sell', 80, 1.4, null, null, null, null);
    insert into paper_orders (client_order_id, state) values ('trim-rejected', 'cancelled')`)
  return database
}

test('orders in every state that there was are in the right one afterwards, with what was filled of them', async () => {
  const { client, migrate } = await deskBefore()
  await migrate()
  const { rows } = await client.query({
    text: `select client_order_id, state, sent_as = client_order_id as same_id, venue_order_id, rests, filled_quantity,
      filled_value, realized_pnl, ended_at is not null as has_ended from orders order by id`,
    rowMode: 'array',
  })
  expect(rows).toEqual([
    ['record-1', 'filled', true, null, false, '1000', '1000.00', '0', true],
    ['chunk-1-1', 'filled', true, 'paper-chunk-1-1', false, '30', '30.30', '0.3', true],
    ['trim-working', 'unknown', true, null, false, '0', '0', '0', false],
    ['trim-sent', 'unknown', true, null, true, '0', '0', '0', false],
    ['trim-rests', 'working', true, 'paper-trim-rests', true, '0', '0', '0', false],
    ['trim-wanted-back', 'cancel_asked', true, 'paper-trim-wanted-back', true, '0', '0', '0', false],
    ['trim-filled', 'filled', true, 'paper-trim-filled', false, '100', '103.00', '3.0', true],
    ['trim-rejected', 'refused', true, null, false, '0', '0', '0', false],
    ['trim-cancelled', 'cancelled', true, null, false, '0', '0', '0', false],
    ['trim-expired', 'expired', true, null, false, '0', '0', '0', false],
    ['enter-working', 'unknown', true, null, false, '0', '0', '0', false],
  ])
  const fills = await client.query({ text: 'select venue, venue_fill_id from fills order by id', rowMode: 'array' })
  expect(fills.rows).toEqual([
    ['desk', 'record-1-fill'],
    ['paper', 'paper-chunk-1-1'],
    ['paper', 'paper-trim-filled'],
  ])
  const chunks = 'select sold_quantity, proceeds, realized_pnl from scaleout_chunks order by id'
  expect((await client.query({ text: chunks, rowMode: 'array' })).rows).toEqual([
    ['30', '30.30', '0.3'],
    ['0', '0', '0'],
  ])
  const position = 'select working_quantity, resting_quantity from positions'
  expect((await client.query(position)).rows).toEqual([{ working_quantity: '190', resting_quantity: '170' }])
})

test('afterwards a position reserves the quantity of live orders, and knows the part that a cancel gives back', async () => {
  const { client, migrate } = await deskBefore()
  await migrate()
  const { rows } = await client.query(`
    select p.working_quantity = sum(o.quantity - o.filled_quantity) as working,
      p.resting_quantity = sum(case when o.rests then o.quantity - o.filled_quantity else 0 end) as resting
    from positions p join orders o on o.position_id = p.id
    where o.state in ('new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked') group by p.id`)
  expect(rows).toEqual([{ working: true, resting: true }])
})

test('new orders go to the venue under ids that no other database draws', async () => {
  const [one, other] = [await deskBefore(), await deskBefore()]
  const drawn = []
  for (const { client, migrate } of [one, other]) {
    await migrate()
    const { rows } = await client.query(
      'select identity, new_client_id() as first, new_client_id() as second from desk',
    )
    drawn.push(rows[0])
    expect(rows[0].first).toMatch(new RegExp(`^${rows[0].identity}-[0-9a-f]{32}$`))
    expect(rows[0].first).not.toBe(rows[0].second)
  }
  expect(drawn[0].identity).not.toBe(drawn[1].identity)
})

test('a desk goes on with them: what the venue had filled is booked, what rests is filled, what never came is over', async () => {
  const { url, migrate } = await deskBefore()
  await migrate()
  const redis = await startRedisServer()
  const config = readConfig({ DATABASE_URL: url, REDIS_URL: redis.url, PAPER_SLIPPAGE_BPS: '0' })
  const market = handMarket()
  market.set('BYND', '1.01')
  const desk = await createDesk({ config, log: pino({ level: 'silent' }), market })
  onTestFinished(async () => {
    await desk.close()
    await redis.stop()
  })
  const { db, venues } = desk.parts
  const order = async (key: string) => (await findOrder(db, key))!
  for (const key of ['trim-working', 'trim-sent', 'trim-wanted-back', 'enter-working']) {
    await takeUpOrder(desk.parts, await order(key))
  }
  expect(await order('trim-working')).toMatchObject({ state: 'filled', venueOrderId: 'paper-trim-working' })
  expect(await order('trim-wanted-back')).toMatchObject({ state: 'cancelled' })
  // It is unknown whether it was sent, and its price is out of date.
  expect(await order('trim-sent')).toMatchObject({ state: 'refused' })
  expect(await order('enter-working')).toMatchObject({ state: 'cancelled' })
  const stop = venues.all()[0]!.subscribe({ heard: () => {}, failed: () => {} })
  market.set('BYND', '1.31')
  const { venue, account } = await venues.of(1)
  await expect.poll(async () => (await venue.find({ account, clientOrderId: 'trim-rests' }))?.state).toBe('filled')
  stop()
  await desk.sweep()
  expect(await order('trim-rests')).toMatchObject({ state: 'filled' })
  const position = await db.transaction().execute((trx) => lockPosition(trx, 1))
  const { signedQuantity, workingQuantity, restingQuantity, realizedPnl } = position
  // 20 were sold at $1.02 and 40 at $1.31, of 870 that had cost $1 each.
  expect([signedQuantity, workingQuantity, restingQuantity, realizedPnl].map((one) => one.toFixed())).toEqual([
    '810',
    '0',
    '0',
    '16.2',
  ])
})
