import { once } from 'node:events'
import { sql } from 'kysely'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { endTokens } from '../../../src/trading/access/rows/api-tokens.ts'
import { deskTest } from '../../support/desk-test.ts'
import { holding } from './holding.ts'
import { serveStreams } from './server.ts'

const { test: base, desk } = deskTest({ worker: false })
const parts = () => desk.desk.parts
const test = base.extend('server', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
  const server = await serveStreams(desk.desk.parts, { times: { checkEveryMs: 100 } })
  onCleanup(() => server.close())
  return server
})

type Said = { type: string; message?: string; id?: string; data?: { what?: string; price?: string }; because?: string }

/** A WebSocket, and what it said so far. */
function opened(port: number, path: string, headers: Record<string, string>) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  const events: Said[] = []
  socket.on('message', (text) => events.push((JSON.parse(String(text)) as { event: Said }).event))
  socket.on('error', () => {})
  onTestFinished(() => socket.terminate())
  return { socket, events }
}

const as = (token: string) => ({ authorization: `Bearer ${token}` })

/** The status of a refused handshake. */
async function refused(port: number, path: string, headers: Record<string, string>): Promise<number> {
  const { socket } = opened(port, path, headers)
  const [, response] = await once(socket, 'unexpected-response')
  return response.statusCode
}

test('brings the last 50 events of a symbol, and then the ones that come', async ({ alice, bob, server }) => {
  const { member, account, token } = await holding(desk, alice)
  await holding(desk, bob)
  await sql`
    insert into desk_events (type, urgency, account_id, member_id, symbol, data, at)
    select 'undone', 'LOW', ${account}::bigint, ${member}::bigint, s, jsonb_build_object('what', n::text), now()
    from generate_series(1, 60) n, unnest(array['BYND', 'AAPL']) s`.execute(parts().db)
  // Another transaction of this server may still hide the events from a reader that comes early.
  await expect
    .poll(
      async () => {
        const { events, socket } = opened(server.port, '/events/bynd', as(token))
        await expect.poll(() => events.length, { timeout: 2000 }).toBe(51)
        socket.terminate()
        return events.at(-1)?.data?.what
      },
      { timeout: 25_000 },
    )
    .toBe('60')
  const { events } = opened(server.port, '/events/BYND', as(token))
  await expect.poll(() => events.length).toBe(51)
  expect(events[0]!.type).toBe('connected')
  expect(events.slice(1).map(({ data }) => data!.what)).toEqual(
    Array.from({ length: 50 }, (_, index) => `${index + 11}`),
  )
  await bob.say('stop 0.7')
  await alice.say('stop 0.9')
  await expect.poll(() => events.length).toBe(52)
  expect(events.at(-1)).toMatchObject({ type: 'protection_set', data: { price: '0.9' } })
  expect(events.at(-1)!.message).toMatch(/^BYND stop/)
})

test('goes on after a cursor', async ({ alice, server }) => {
  const { token } = await holding(desk, alice)
  const first = opened(server.port, '/events/BYND', as(token))
  await expect.poll(() => first.events.length).toBeGreaterThan(0)
  await alice.say('stop 0.9')
  await expect.poll(() => first.events.at(-1)!.type).toBe('protection_set')
  first.socket.terminate()
  await alice.say('stop 0.8')
  const second = opened(server.port, `/events/BYND?after=${first.events.at(-1)!.id}`, as(token))
  await expect.poll(() => second.events.map(({ type }) => type)).toEqual(['connected', 'protection_set'])
  expect(second.events[1]!.data!.price).toBe('0.8')
})

test('refuses strangers, unknown symbols and pages of another origin', async ({ alice, server }) => {
  const { token } = await holding(desk, alice)
  expect(await refused(server.port, '/events/BYND', {})).toBe(401)
  expect(await refused(server.port, '/events/BYND?token=wrong', {})).toBe(401)
  expect(await refused(server.port, '/events/NOPE', as(token))).toBe(404)
  expect(await refused(server.port, '/events/%', as(token))).toBe(404)
  expect(await refused(server.port, '/events/BYND', { ...as(token), origin: 'https://elsewhere.example' })).toBe(403)
  const { socket } = opened(server.port, '/events/BYND', { ...as(token), origin: `http://127.0.0.1:${server.port}` })
  await once(socket, 'open')
})

test('ends with the session of its reader, and with a message that is too long', async ({ alice, bob, server }) => {
  const [mine, theirs] = [await holding(desk, alice), await holding(desk, bob)]
  const ended = opened(server.port, '/events/BYND', as(mine.token))
  const long = opened(server.port, '/events/BYND', as(theirs.token))
  await Promise.all([once(ended.socket, 'open'), once(long.socket, 'open')])
  await endTokens(parts().db, mine.member, new Date())
  const [code] = await once(ended.socket, 'close')
  expect(code).toBe(1008)
  expect(ended.events.at(-1)).toMatchObject({ type: 'end', because: 'signed out' })
  long.socket.send('x'.repeat(2000))
  const [other] = await once(long.socket, 'close')
  expect(other).toBe(1009)
})

test('closes with its server, which waits for no peer that is gone', async ({ alice }) => {
  const { token } = await holding(desk, alice)
  const server = await serveStreams(parts())
  const [kind, gone] = [opened(server.port, '/events/BYND', as(token)), opened(server.port, '/events/BYND', as(token))]
  const code = once(kind.socket, 'close')
  await Promise.all([once(kind.socket, 'open'), once(gone.socket, 'open')])
  gone.socket.pause()
  await server.close()
  expect((await code)[0]).toBe(1001)
  expect(kind.events.at(-1)).toMatchObject({ type: 'end', because: 'closing' })
})
