import pg from 'pg'

/** The numbers of rows in the tables that grow with every trade and every message. */
export interface Many {
  fills: number
  events: number
  replies: number
  audit: number
}

/** Other people besides the first, who share half of the events, the replies and the audit. */
const others = 999
const symbols = ['BYND', 'AAPL', 'AMD', 'TSLA', 'NVDA', 'BTC-USD']
const days = 90

/**
 * Fills a database, in which account 1 has traded before, with rows of the last ninety days. Its fills are 3,000 in each
 * position, alternately opened and closed, and all flat in the end. Events, replies and the audit are in a thousand
 * conversations. Foreign keys are not checked, which would take most of the time.
 */
export async function holdManyRows(databaseUrl: string, { fills, events, replies, audit }: Many): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const step = (count: number) => `interval '${days} days' * n / ${count}`
  const symbol = `(array['${symbols.join("', '")}'])[1 + n % ${symbols.length}]`
  const who = `(case when n % 2 = 0 then 1 else 10 + n % ${others} end)`
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index i
     where indrelid = any('{fills,desk_events,replies,audit}'::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
  )
  for (const statement of [
    // Building an index from all rows takes a fraction of the time of inserting each row into it.
    ...indexes.map(({ name }) => `drop index ${name}`),
    `set session_replication_role = replica`,
    `set synchronous_commit = off`,
    `set maintenance_work_mem = '512MB'`,
    `insert into members (id, name, role) overriding system value
      select n, 'trader ' || n, 'trader' from generate_series(10, ${9 + others}) n`,
    `insert into accounts (id, member_id) overriding system value select n, n from generate_series(10, ${9 + others}) n`,
    `insert into conversations (id, key, place) overriding system value select n, 'slack:T1:C1:many-' || n,
      jsonb_build_object('door', 'slack', 'workspace', 'T1', 'channel', 'C1', 'thread', 'many-' || n)
      from generate_series(10, ${9 + others}) n`,
    `insert into positions (id, account_id, symbol, signed_quantity, open_cost, realized_pnl, conversation_id, opened_at, closed_at)
      overriding system value
      select 1000 + n, 1, ${symbol}, 0, 0, 1500, 1, now() - interval '${days} days', now()
      from generate_series(0, ${Math.ceil(fills / 3000)}) n`,
    `insert into orders (id, client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side, quantity,
        expected_price, state, created_at, ended_at, filled_quantity, filled_value)
      overriding system value
      select 1000 + n, 'many-' || n, 1, 1, 1000 + n / 300, 1, 'close', (array['${symbols.join("', '")}'])[1 + n / 300 % ${symbols.length}],
        'sell', 10, 100, 'filled', now() - interval '${days} days' + ${step(fills / 10)},
        now() - interval '${days} days' + ${step(fills / 10)}, 10, 1000
      from generate_series(0, ${fills / 10}) n`,
    // Alternately bought at a hundred dollars and sold for one more.
    `insert into fills (venue, venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
        realized_pnl, filled_at)
      select 'paper', 'many-' || n, 1000 + n / 10, 1000 + n / 3000, 1, (array['${symbols.join("', '")}'])[1 + n / 3000 % ${symbols.length}],
        case n % 2 when 0 then 'buy' else 'sell' end, 10, 100 + n % 2 * 0.1, 0, n % 2,
        date_trunc('milliseconds', now() - interval '${days} days' + ${step(fills)})
      from generate_series(0, ${fills - 1}) n`,
    `insert into desk_events (type, urgency, account_id, member_id, position_id, conversation_id, symbol, data, dedupe_key, at)
      select 'order_filled', 'LOW', ${who}, ${who}, 1000 + n % 1000, ${who}, ${symbol},
        '{"purpose":"close","side":"sell","quantity":"10","price":"100","realizedPnl":"1","left":"0"}', 'many-' || n,
        now() - interval '${days} days' + ${step(events)}
      from generate_series(0, ${events - 1}) n`,
    `insert into replies (conversation_id, account_id, kind, body, state, created_at, posted_at, posted)
      select ${who}, ${who}, 'post', '{"text":"sold 10 at $100.00"}', 'posted', now() - interval '${days} days' + ${step(replies)},
        now() - interval '${days} days' + ${step(replies)}, '{"message":"m","place":{}}'
      from generate_series(0, ${replies - 1}) n`,
    `insert into audit (inbound_id, member_id, conversation_id, text, command, outcome, heard_at, finished_at)
      select 'many-' || n, ${who}, ${who}, 'pl', 'pl', 'done', now() - interval '${days} days' + ${step(audit)},
        now() - interval '${days} days' + ${step(audit)}
      from generate_series(0, ${audit - 1}) n`,
    `select setval('positions_id_seq', 1000000), setval('orders_id_seq', 10000000)`,
    ...indexes.map(({ definition }) => definition),
    `analyze`,
  ]) {
    await client.query(statement)
  }
  await client.end()
}
