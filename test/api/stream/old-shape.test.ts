import { expect, onTestFinished } from 'vitest'
import { drawStreamToken } from '../../../src/api/stream/reader/stream-token.ts'
import { endTokens } from '../../../src/trading/access/rows/api-tokens.ts'
import { deskTest } from '../../support/desk-test.ts'
import { holding } from './holding.ts'
import { openRaw, type RawStream } from './raw-stream.ts'
import { serveStreams } from './server.ts'

const { test: base, desk } = deskTest()
const parts = () => desk.desk.parts
const test = base.extend('server', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
  const server = await serveStreams(desk.desk.parts)
  onCleanup(() => server.close())
  return server
})

/** A stream token of somebody with an API token. */
const tokenOf = async ({ member, made }: Awaited<ReturnType<typeof holding>>) =>
  (await drawStreamToken(parts().redis, { memberId: member, by: { kind: 'token', token: made } }, new Date())).token

async function opened(port: number, path: string): Promise<RawStream> {
  const stream = await openRaw(port, { path })
  onTestFinished(() => stream.close())
  return stream
}

interface OldMessage {
  type: string
  timestamp: string
  data: { message: string; action?: string; model_id?: number }
}
const said = ({ messages }: RawStream) => messages.map(({ data }) => data as unknown as OldMessage)

test('tells a scaleout in the words of the older clients, as messages without a name', async ({ alice, server }) => {
  const mine = await holding(desk, alice)
  const stream = await opened(server.port, `/api/trading/stream/${mine.account}?token=${await tokenOf(mine)}`)
  await alice.say('scaleout fast')
  await expect.poll(() => said(stream).map(({ type }) => type)).toContain('complete')
  const messages = said(stream)
  expect(messages[0]).toMatchObject({ type: 'connected', data: { model_id: mine.account } })
  const types = messages.map(({ type }) => type)
  expect(types[1]).toBe('status')
  expect(types.slice(-2)).toEqual(['session_complete', 'complete'])
  const trades = messages.filter(({ type }) => type === 'trade')
  expect(trades.length).toBeGreaterThan(5)
  expect(trades.every(({ data }) => data.action === 'sell' && data.message.startsWith('BYND '))).toBe(true)
  expect(stream.messages.every(({ event }) => event === 'message')).toBe(true)
  expect(messages.every(({ timestamp }) => !Number.isNaN(Date.parse(timestamp)))).toBe(true)
})

test('a token is good for one stream', async ({ alice, server }) => {
  const mine = await holding(desk, alice)
  const path = `/api/trading/stream/${mine.account}?token=${await tokenOf(mine)}`
  expect((await opened(server.port, path)).status).toBe(200)
  const again = await opened(server.port, path)
  expect(again.status).toBe(401)
  expect(again.body()).toMatchObject({ code: 'NOT_SIGNED_IN' })
})

test('a token is no better than the session or token that drew it', async ({ alice, server }) => {
  const mine = await holding(desk, alice)
  const path = `/api/trading/stream/${mine.account}?token=${await tokenOf(mine)}`
  await endTokens(parts().db, mine.member, new Date())
  expect((await opened(server.port, path)).status).toBe(401)
})

test("a token shows nothing of another member's account", async ({ alice, bob, server }) => {
  const [mine, theirs] = [await holding(desk, alice), await holding(desk, bob)]
  const refused = await opened(server.port, `/api/trading/stream/${theirs.account}?token=${await tokenOf(mine)}`)
  expect(refused.status).toBe(404)
})

test('a token ends with its time, and only its hash is kept', async ({ alice }) => {
  const mine = await holding(desk, alice)
  const token = await tokenOf(mine)
  const keys = await parts().redis.keys('stream-token:*')
  expect(keys.join()).not.toContain(token)
  for (const key of keys) expect(await parts().redis.ttl(key)).toBeGreaterThan(0)
  for (const key of keys) expect(await parts().redis.ttl(key)).toBeLessThanOrEqual(60)
})

test.for(['', '?token=', '?token=wrong'])('is refused with "%s"', async (query, { server }) => {
  expect((await opened(server.port, `/api/trading/stream/1${query}`)).status).toBe(401)
})
