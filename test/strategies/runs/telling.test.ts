import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { sql } from 'kysely'
import { afterEach, expect, onTestFinished } from 'vitest'
import { isPublic } from '../../../src/base/public-address.ts'
import { hearRuns, hearRunWork } from '../../../src/infra/db/announce.ts'
import { cancelRun } from '../../../src/strategies/runs/cancel-run.ts'
import { compareRuns } from '../../../src/strategies/runs/compare-runs.ts'
import { requestRun } from '../../../src/strategies/runs/request-run.ts'
import { requestSweep } from '../../../src/strategies/runs/request-sweep.ts'
import { statsOf } from '../../../src/strategies/runs/stats.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { isIdle } from '../../../src/talk/outbox/rows.ts'
import { conversationOf } from '../../../src/trading/accounts/rows/members.ts'
import { deskTest } from '../../support/desk-test.ts'
import { ask, known, refused, soon, until, untilEnd } from './asking.ts'
import { gate, madeBars } from './made-bars.ts'

const bars = madeBars(30)
const secret = 'a secret of sixteen letters'
const { test, desk } = deskTest({
  runs: { bars, targets: { secret, allowsPrivate: true } },
})

afterEach(() => {
  bars.before = () => {}
})

const parts = () => desk.desk.parts

const edits = (row: number) =>
  parts()
    .db.selectFrom('replies')
    .select(['state', sql<Reply>`body`.as('body')])
    .where('edits', '=', row)
    .where('kind', '=', 'edit')
    .orderBy('id')
    .execute()

test('the message that follows a run is edited, with never more than one edit that waits, and last says how it ended', async ({
  alice,
}) => {
  const who = await known(desk.desk, alice)
  const held = gate()
  bars.before = (symbol) => (symbol === 'S010' ? held.opened : undefined)
  const { run } = await ask(parts(), who.memberId, who)
  await until(parts(), run.id, ({ stageDone }) => stageDone >= 10)
  await soon(async () => expect((await edits(run.postRow!)).length).toBeGreaterThan(0))
  expect((await edits(run.postRow!)).filter(({ state }) => state === 'queued').length).toBeLessThanOrEqual(1)
  held.open()
  await untilEnd(parts(), run.id)
  const all = await edits(run.postRow!)
  expect(all.length).toBeLessThanOrEqual(2)
  expect(all.at(-1)!.body.text).toContain('100%')
})

test('workers are called for a run that waits and one that ends, and not for its progress', async ({ alice }) => {
  const { memberId } = await known(desk.desk, alice)
  const [work, news]: [number[], number[]] = [[], []]
  const { notices } = parts()
  onTestFinished(
    hearRunWork(
      notices,
      (id) => work.push(id),
      () => {},
    ),
  )
  onTestFinished(hearRuns(notices, (id) => news.push(id)))
  const held = gate()
  bars.before = (symbol) => (symbol === 'S010' ? held.opened : undefined)
  const { run } = await ask(parts(), memberId)
  await until(parts(), run.id, ({ stageDone }) => stageDone >= 10)
  held.open()
  await untilEnd(parts(), run.id)
  const of = (heard: number[]) => heard.filter((id) => id === run.id).length
  await soon(() => expect(of(work)).toBe(2))
  expect(of(news)).toBeGreaterThan(2)
})

test('a terminal, which cannot edit, gets lines, none of them twice; and it rests only when the run has ended', async ({
  alice,
}) => {
  const { memberId } = await known(desk.desk, alice)
  const conversationId = await conversationOf(parts().db, { door: 'terminal', workspace: '', channel: 'here' })
  const held = gate()
  bars.before = (symbol) => (symbol === 'S010' ? held.opened : undefined)
  const { run } = await ask(parts(), memberId, { conversationId })
  await until(parts(), run.id, ({ stageDone }) => stageDone >= 10)
  expect(await isIdle(parts().db, 'terminal')).toBe(false)
  held.open()
  await untilEnd(parts(), run.id)
  const lines = (await edits(run.postRow!)).map(({ body }) => body.anew)
  expect(lines.length).toBeGreaterThan(0)
  expect(new Set(lines).size).toBe(lines.length)
})

test('a member is told by a direct message, too, when they asked for one, once', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { run } = await ask(parts(), who.memberId, { ...who, notify: true })
  await untilEnd(parts(), run.id)
  const direct = () => desk.posted.filter(({ place }) => place.person === alice.name.toUpperCase())
  await soon(() => expect(direct()).toHaveLength(1))
})

test('a webhook gets the end of a run, signed; one that fails is called again', async ({ alice }) => {
  const { memberId } = await known(desk.desk, alice)
  const heard: { body: string; signature: string; delivery: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const { 'x-deskhand-signature': signature, 'x-deskhand-delivery': delivery } = request.headers
      heard.push({ body, signature: String(signature), delivery: String(delivery) })
      response.writeHead(heard.length === 1 ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const { run } = await ask(parts(), memberId, { notify: { webhook: `http://127.0.0.1:${port}/hook` } })
  await untilEnd(parts(), run.id)
  await soon(() => expect(heard).toHaveLength(1))
  // The next attempt is not awaited: it is due now.
  await soon(async () => {
    await sql`update strategy_notifications set next_at = now() where run = ${run.id} and failed_because is not null and sent_at is null`.execute(
      parts().db,
    )
    expect(heard).toHaveLength(2)
  })
  const [first, second] = heard
  expect(second!.delivery).toBe(first!.delivery)
  const [, time, signed] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(second!.signature)!
  expect(signed).toBe(createHmac('sha256', secret).update(`${time}.${second!.body}`).digest('hex'))
  expect(JSON.parse(second!.body)).toMatchObject({ event_type: 'completed', run_id: run.runId, processed_tickers: 31 })
})

test('a webhook is an https address of the Internet, without a password', async ({ alice }) => {
  const { memberId } = await known(desk.desk, alice)
  const asked = (webhook: string, allowsPrivate = false) =>
    requestRun(
      { ...parts(), runs: { ...parts().runs, targets: { secret, allowsPrivate } } },
      { memberId, requestId: webhook, origin: 'api', strategy: 'breakout', parameters: {}, notify: { webhook } },
    )
  for (const url of ['http://example.com/', 'https://user:word@example.com/', 'file:///etc/passwd', 'nonsense', '']) {
    expect((await refused(asked(url))).code, url).toBe('WRONG_TARGET')
  }
  const unsigned = { ...parts(), runs: { ...parts().runs, targets: { allowsPrivate: true } } }
  const request = { memberId, requestId: 'unsigned', origin: 'api' as const, strategy: 'breakout', parameters: {} }
  expect((await refused(requestRun(unsigned, { ...request, notify: { webhook: 'https://example.com/' } }))).code).toBe(
    'WRONG_TARGET',
  )
  const own = ['127.0.0.1', '10.1.2.3', '192.168.0.1', '172.31.9.9', '169.254.169.254', '100.64.0.1', '0.0.0.0', '::1']
  const alsoOwn = ['fd00::1', 'fe80::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '2002:a00:1::', 'x']
  expect([...own, ...alsoOwn].filter(isPublic)).toEqual([])
  expect(['1.1.1.1', '140.82.112.3', '2606:4700:4700::1111'].filter((one) => !isPublic(one))).toEqual([])
})

test('the runs of a sweep start together or not at all, and are told together', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const request = {
    ...who,
    requestId: `sweep-${who.memberId}`,
    origin: 'chat' as const,
    strategy: 'breakout',
    parameters: {},
  }
  const swept = (values: (number | string)[]) => requestSweep(parts(), request, { parameter: 'min_score', values })
  expect((await refused(swept([60]))).code).toBe('SWEEP_VALUES')
  expect((await refused(swept([60, 70, 170]))).field).toBe('min_score')
  expect((await statsOf(parts().db, who.memberId)).length).toBe(0)
  const runs = await swept([40, 60, 80])
  if (!Array.isArray(runs)) throw new Error('the sweep was refused')
  expect(runs.map(({ parameters }) => parameters.min_score)).toEqual([40, 60, 80])
  expect(await swept([40, 60, 80])).toMatchObject(runs.map(({ id }) => ({ id })))
  const ended = []
  for (const { id } of runs) ended.push(await untilEnd(parts(), id))
  // A lower bar lets no fewer pass.
  const hits = ended.map(({ passedCount }) => passedCount)
  expect(hits).toEqual(hits.toSorted((a, b) => b - a))
  const told = () => desk.posted.filter(({ place }) => place.thread === alice.thread)
  await soon(() => expect(told()).toHaveLength(1))
  const difference = await compareRuns(parts().db, ended[2]!, ended[0]!)
  expect(difference.new.length + difference.same).toBe(hits[0])
  expect(difference.gone).toEqual([])
  const [stats] = await statsOf(parts().db, who.memberId)
  expect(stats).toMatchObject({ strategy: 'bullish_breakout', runs: 3, completed: 3, failed: 0 })
  expect(stats!.lastHits.map((one) => one.hits)).toEqual(hits.toReversed())
})

test('a machine without room lets a run wait, says so once, and starts it when there is room', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { runs } = parts()
  const plenty = runs.resources
  runs.resources = async () => ({ memory: 1_000_000, load: 0, disk: 2 ** 40 })
  const { run } = await ask(parts(), who.memberId, who)
  const waiting = await until(parts(), run.id, ({ message }) => message.startsWith('waits:'))
  expect(waiting).toMatchObject({ state: 'queued', message: 'waits: 0 MB of memory are left, and a run needs 256 MB' })
  await soon(async () => expect((await edits(run.postRow!)).at(-1)?.body.text).toContain('MB of memory'))
  runs.resources = plenty
  expect((await untilEnd(parts(), run.id)).state).toBe('completed')
})

test('a run for which there was no room for long ends and says so; on a busy machine it starts and says so', async ({
  alice,
}) => {
  const who = await known(desk.desk, alice)
  const { runs } = parts()
  const plenty = runs.resources
  runs.resources = async () => ({ memory: 2 ** 40, load: 0, disk: 1_000_000 })
  const full = (await ask(parts(), who.memberId, who)).run
  await until(parts(), full.id, ({ message }) => message.startsWith('waits:'))
  const longer = (id: number) =>
    sql`update strategy_runs set held_since = held_since - interval '11 minutes' where id = ${id}`.execute(parts().db)
  await longer(full.id)
  expect(await untilEnd(parts(), full.id)).toMatchObject({ state: 'error', errorCode: 'NO_ROOM' })
  runs.resources = async () => ({ memory: 2 ** 40, load: 99, disk: 2 ** 40 })
  const held = gate()
  bars.before = () => held.opened
  const busy = (await ask(parts(), who.memberId)).run
  await until(parts(), busy.id, ({ message }) => message.startsWith('waits: the machine is busy'))
  await longer(busy.id)
  await until(parts(), busy.id, ({ state }) => state === 'running')
  runs.resources = plenty
  await cancelRun(parts(), who, busy.number)
  held.open()
  expect((await untilEnd(parts(), busy.id)).state).toBe('cancelled')
})

test('runs for which there are places wait for a busy machine together', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { runs } = parts()
  const plenty = runs.resources
  runs.resources = async () => ({ memory: 2 ** 40, load: 99, disk: 2 ** 40 })
  const asked = [(await ask(parts(), who.memberId, who)).run, (await ask(parts(), who.memberId, who)).run]
  for (const { id } of asked)
    await until(parts(), id, ({ message }) => message.startsWith('waits: the machine is busy'))
  runs.resources = plenty
  for (const { id } of asked) expect((await untilEnd(parts(), id)).state).toBe('completed')
})

test('a run that began on another market ends, and says so', async ({ alice }) => {
  const who = await known(desk.desk, alice)
  const { runs } = parts()
  const plenty = runs.resources
  runs.resources = async () => ({ memory: 1_000_000, load: 0, disk: 2 ** 40 })
  const { run } = await ask(parts(), who.memberId, who)
  await until(parts(), run.id, ({ message }) => message.startsWith('waits:'))
  await sql`update strategy_runs set symbols = array['S001'], as_of = '2014-01-09', market = 'replay:other' where id = ${run.id}`.execute(
    parts().db,
  )
  runs.resources = plenty
  const ended = await untilEnd(parts(), run.id)
  expect(ended).toMatchObject({ state: 'error', errorCode: 'OTHER_MARKET' })
  expect(ended.error).toContain('it began on the market replay:other, and this desk has ')
})
