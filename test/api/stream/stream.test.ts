import { sql } from 'kysely'
import { describe, expect, onTestFinished } from 'vitest'
import { cookieName } from '../../../src/api/sessions/cookie.ts'
import { endTokens } from '../../../src/trading/access/rows/api-tokens.ts'
import { endSessions, openSession } from '../../../src/trading/access/rows/web-sessions.ts'
import { readCursor } from '../../../src/trading/events/rules/event-cursor.ts'
import { markedPositions } from '../../../src/trading/positions/marked.ts'
import { deskTest } from '../../support/desk-test.ts'
import { holding } from './holding.ts'
import { openRaw, type RawStream } from './raw-stream.ts'
import { serveStreams } from './server.ts'

const { test: base, desk, market } = deskTest({ worker: false })
const parts = () => desk.desk.parts
const test = base.extend('server', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
  const server = await serveStreams(desk.desk.parts, {
    times: { beatEveryMs: 100, checkEveryMs: 100 },
    limits: { ofMember: 3, ofProcess: 8 },
  })
  onCleanup(() => server.close())
  return server
})

async function opened(port: number, how: Parameters<typeof openRaw>[1]): Promise<RawStream> {
  const stream = await openRaw(port, how)
  onTestFinished(() => stream.close())
  return stream
}

const typesOf = ({ messages }: RawStream) => messages.map(({ event }) => event)
const pricesOf = ({ messages }: RawStream) =>
  messages.flatMap(({ data }) => (data.data as { price?: string } | undefined)?.price ?? [])
const textsOf = ({ messages }: RawStream) => messages.flatMap(({ data }) => data.text ?? [])

describe('a stream', () => {
  test('tells each event of its account with the sentence of chat', async ({ alice, server }) => {
    const { token, account } = await holding(desk, alice)
    const stream = await opened(server.port, { path: `/api/stream?topics=account:${account}`, token })
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    await alice.say('stop 0.9')
    await expect.poll(() => typesOf(stream)).toEqual(['connected', 'protection_set'])
    const [connected, set] = stream.messages
    expect(readCursor(connected!.id!)).toBeDefined()
    expect(connected!.retry).toBeGreaterThan(0)
    expect(set!.data).toMatchObject({ id: set!.id, type: 'protection_set', urgency: 'LOW', symbol: 'BYND', account })
    expect(set!.data.text).toMatch(/^BYND stop .*\$0\.90/)
    expect(set!.data.data).toMatchObject({ kind: 'stop', price: '0.9' })
    expect(new Date(set!.data.at as string).toISOString()).toBe(set!.data.at)
  })

  test('waits for no look at the log: an announcement is enough', async ({ alice }) => {
    const { token } = await holding(desk, alice)
    const server = await serveStreams(parts(), { times: { lookEveryMs: 3_600_000 } })
    onTestFinished(() => server.close())
    const stream = await opened(server.port, { path: '/api/stream', token })
    await alice.say('stop 0.9')
    await expect.poll(() => textsOf(stream)).toHaveLength(1)
    await alice.say('stop 0.8')
    await expect.poll(() => textsOf(stream)).toHaveLength(2)
  })

  test('tells nothing of anybody else, whatever its topics', async ({ alice, bob, server }) => {
    const [mine, theirs] = [await holding(desk, alice), await holding(desk, bob)]
    const stream = await opened(server.port, { path: '/api/stream?topics=symbol:BYND', token: mine.token })
    await bob.say('stop 0.8')
    await alice.say('stop 0.9')
    await expect.poll(() => textsOf(stream)).toHaveLength(1)
    expect(stream.messages[1]!.data.account).toBe(mine.account)
    const foreign = await opened(server.port, {
      path: `/api/stream?topics=account:${theirs.account}`,
      token: mine.token,
    })
    expect(foreign.status).toBe(404)
    expect(foreign.body()).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('tells only its topics', async ({ alice, server }) => {
    const { token } = await holding(desk, alice)
    await holding(desk, alice, 'AAPL', '190')
    const stream = await opened(server.port, { path: '/api/stream?topics=symbol:AAPL', token })
    await alice.say('stop BYND 0.9')
    await alice.say('stop AAPL 150')
    await expect.poll(() => textsOf(stream)).toHaveLength(1)
    expect(stream.messages[1]!.data.symbol).toBe('AAPL')
  })

  test('goes on after the last event that its reader had', async ({ alice, bob, server }) => {
    const { token } = await holding(desk, alice)
    await holding(desk, bob)
    const first = await opened(server.port, { path: '/api/stream', token })
    await alice.say('stop 0.9')
    await expect.poll(() => textsOf(first)).toHaveLength(1)
    first.close()
    await alice.say('stop 0.8')
    await bob.say('stop 0.7')
    await alice.say('stop 0.6')
    const after = first.messages.at(-1)!.id!
    for (const again of [{ path: '/api/stream', after }, { path: `/api/stream?after=${after}` }]) {
      const second = await opened(server.port, { ...again, token })
      await expect.poll(() => textsOf(second)).toHaveLength(2)
      expect(pricesOf(second)).toEqual(['0.8', '0.6'])
      second.close()
    }
  })

  test.for(['', '.', '1f0c9a2b.1.1', 'x'.repeat(300)])(
    'begins anew after the cursor "%s"',
    async (after, { alice, server }) => {
      const { token } = await holding(desk, alice)
      const stream = await opened(server.port, { path: '/api/stream', token, after })
      await alice.say('stop 0.9')
      await expect
        .poll(() => typesOf(stream))
        .toEqual(after === '' ? ['connected', 'protection_set'] : ['connected', 'reset', 'protection_set'])
    },
  )

  test('tells a slow reader everything, once and in order', async ({ alice, server }) => {
    const { token, account } = await holding(desk, alice)
    const stream = await opened(server.port, { path: '/api/stream', token })
    stream.pause()
    const count = 6000
    await sql`
      insert into desk_events (type, urgency, account_id, member_id, symbol, data, at)
      select 'undone', 'LOW', ${account}::bigint, member_id, 'BYND',
        jsonb_build_object('what', n || repeat(' much', 100)), now() from accounts a, generate_series(1, ${count}::int) n where a.id = ${account}`.execute(
      parts().db,
    )
    await parts().notices.send('deskhand_events')
    await alice.say('stop 0.9')
    stream.resume()
    await expect.poll(() => stream.messages.length).toBe(count + 2)
    const numbers = stream.messages
      .slice(1, -1)
      .map(({ data }) => Number.parseInt((data.data as { what: string }).what, 10))
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  })

  test('tells prices of its symbols and of what its account holds, at most four a second', async ({
    alice,
    server,
  }) => {
    const { token, account } = await holding(desk, alice)
    const stream = await opened(server.port, { path: `/api/stream?topics=account:${account},symbol:AAPL`, token })
    const symbols = () => [...new Set(stream.prices.map(({ data }) => data.symbol))].sort()
    await expect.poll(symbols).toEqual(['AAPL', 'BYND'])
    const before = stream.prices.length
    for (let cents = 0; cents < 100; cents++) {
      market.set('AAPL', (191 + cents / 100).toFixed(2))
      market.set('BTC-USD', String(63_000 + cents))
    }
    await expect.poll(() => stream.prices.at(-1)!.data.bid).toBe('191.99')
    expect(stream.prices.length).toBeLessThan(before + 5)
    expect(symbols()).toEqual(['AAPL', 'BYND'])
    expect(stream.prices.every(({ id }) => id === undefined)).toBe(true)
  })

  test('tells a bad print no more than the positions show it', async ({ alice, server }) => {
    market.set('AAPL', '190')
    const { token, account } = await holding(desk, alice, 'AAPL', '190')
    const stream = await opened(server.port, { path: '/api/stream', token })
    await expect.poll(() => stream.prices.length).toBeGreaterThan(0)
    market.print('AAPL', '95', '190.20', '190.40')
    await expect.poll(() => stream.prices.at(-1)!.data.bid).toBe('190.2')
    const [position] = await markedPositions(parts(), account)
    expect(stream.prices.at(-1)!.data.last).toBe(position!.quote!.last.toFixed())
    expect(stream.prices.map(({ data }) => data.last)).not.toContain('95')
  })

  test('gives signs of life without an id', async ({ alice, server }) => {
    const { token } = await holding(desk, alice)
    const stream = await opened(server.port, { path: '/api/stream', token })
    await expect.poll(() => stream.beats.length).toBeGreaterThan(1)
    expect(stream.beats[0]).toMatchObject({ id: undefined, data: { behindMs: 0 } })
  })

  test('ends when the session of its reader ends', async ({ alice, bob, server }) => {
    const [mine, theirs] = [await holding(desk, alice), await holding(desk, bob)]
    const stream = await opened(server.port, { path: '/api/stream', token: mine.token })
    const other = await opened(server.port, { path: '/api/stream', token: theirs.token })
    await endTokens(parts().db, mine.member, new Date())
    await expect.poll(stream.isEnded).toBe(true)
    expect(stream.messages.at(-1)).toMatchObject({ event: 'end', data: { because: 'signed out' } })
    expect(other.isEnded()).toBe(false)
    expect((await opened(server.port, { path: '/api/stream', token: mine.token })).status).toBe(401)
  })

  test('ends when the role of its reader changes', async ({ alice, server }) => {
    const { member, token } = await holding(desk, alice)
    const stream = await opened(server.port, { path: '/api/stream', token })
    await sql`update members set role = 'viewer' where id = ${member}`.execute(parts().db)
    await expect.poll(stream.isEnded).toBe(true)
    expect((await opened(server.port, { path: '/api/stream', token })).status).toBe(200)
  })

  test('is read by the session of a page, all accounts of its member, until the session ends', async ({
    alice,
    server,
  }) => {
    const { member, account } = await holding(desk, alice)
    await alice.say('account new second')
    const { token } = await openSession(parts().db, { memberId: member, device: 'test' }, new Date())
    const headers = { cookie: `${cookieName({ isSecure: false, port: server.port })}=${token}` }
    const stream = await opened(server.port, { path: '/api/stream', headers })
    await alice.say('account paper')
    await alice.say('stop 0.9')
    await expect.poll(() => textsOf(stream)).toHaveLength(1)
    expect(stream.messages[1]!.data.account).toBe(account)
    const foreign = { ...headers, 'sec-fetch-site': 'cross-site' }
    expect((await opened(server.port, { path: '/api/stream', headers: foreign })).status).toBe(403)
    await endSessions(parts().db, member, new Date())
    await expect.poll(stream.isEnded).toBe(true)
  })

  test('is one of a few of its member', async ({ alice, server }) => {
    const { token } = await holding(desk, alice)
    const streams = []
    for (let count = 0; count < 3; count++) streams.push(await opened(server.port, { path: '/api/stream', token }))
    const refused = await opened(server.port, { path: '/api/stream', token })
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('10')
    expect(refused.body()).toMatchObject({ code: 'TOO_MANY_STREAMS' })
    streams[0]!.close()
    await expect.poll(async () => (await opened(server.port, { path: '/api/stream', token })).status).toBe(200)
  })

  test.for(['banana', 'account:x', 'symbol:', 'account:1;drop', `${'symbol:A,'.repeat(50)}symbol:B`])(
    'is refused with the topic "%s"',
    async (topic, { alice, server }) => {
      const { token } = await holding(desk, alice)
      const refused = await opened(server.port, { path: `/api/stream?topics=${encodeURIComponent(topic)}`, token })
      expect(refused.status).toBe(400)
      expect(refused.body()).toMatchObject({ code: 'BAD_REQUEST' })
    },
  )

  test('is refused to a stranger', async ({ server }) => {
    const refused = await opened(server.port, { path: '/api/stream' })
    expect(refused.status).toBe(401)
    expect(refused.body()).toMatchObject({ code: 'NOT_SIGNED_IN' })
  })

  test('ends with a hint when its server closes', async ({ alice }) => {
    const { token } = await holding(desk, alice)
    const server = await serveStreams(parts())
    const stream = await opened(server.port, { path: '/api/stream', token })
    await server.close()
    await expect.poll(stream.isEnded).toBe(true)
    expect(stream.messages.at(-1)).toMatchObject({ event: 'end', data: { because: 'closing' } })
    expect(stream.messages.at(-1)!.retry).toBeGreaterThan(0)
  })
})
