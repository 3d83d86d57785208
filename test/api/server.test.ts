import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startWorker } from '../../jobs/worker.ts'
import type { OwnHttpServer } from '../../src/api/http/http-server.ts'
import type { ApiDesk } from '../../src/api/routes/context.ts'
import { type ApiOptions, createApi } from '../../src/api/server.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import { beat } from '../../src/infra/queue/heartbeat.ts'
import type { Connection } from '../../src/talk/chat/connection.ts'
import type { Author } from '../../src/talk/chat/inbound.ts'
import type { DoorName } from '../../src/talk/chat/place.ts'
import { conversationOf } from '../../src/trading/accounts/rows/members.ts'
import { queueReply } from '../../src/trading/events/rows/replies.ts'
import { otherAddress } from '../support/addresses.ts'
import { freshDatabase } from '../support/database.ts'
import { handMarket } from '../support/desk.ts'
import { startPostgresServer, startRedisServer, type TestServer } from '../support/servers.ts'

let postgres: TestServer
let redis: TestServer
let url: string
let desk: Desk
let api: OwnHttpServer
const doors = new Map<DoorName, Connection>()

const place = { door: 'terminal', workspace: '', channel: 'terminal' } as const
const author: Author = { id: 'terminal:local', name: 'Zaphod Beeblebrox' }
let messages = 0

/** The HTTP server of a process, once it listens. */
async function startApi(of: ApiDesk, options: ApiOptions): Promise<OwnHttpServer> {
  const opened = createApi(of, options)
  await opened.open()
  return opened
}

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgresServer(), startRedisServer()])
  url = (await freshDatabase(postgres.url)).url
  const config = readConfig({ DATABASE_URL: url, REDIS_URL: redis.url, PAPER_SLIPPAGE_BPS: '0' })
  desk = await createDesk({ config, log: pino({ level: 'silent' }), market: handMarket() })
  api = await startApi(desk, { port: 0, doors })
})
afterAll(async () => {
  await api.close()
  await desk.close()
  await Promise.all([postgres.stop(), redis.stop()])
})
beforeEach(async () => {
  await desk.parts.redis.flushall()
  await sql`truncate replies cascade`.execute(desk.parts.db)
})

const say = (said: string) =>
  desk.hear({ kind: 'message', id: `api-${++messages}`, author, place, text: said, addressed: true })

async function get(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${api.port}${path}`, { method })
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') }
}

/** The value of a line of `/metrics`. */
async function value(line: string): Promise<number | undefined> {
  const { body } = await get('/metrics')
  const found = body.split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length + 1))
}

/** Lets the worker sweep, as it does every ten seconds. */
async function withWorker(work: () => Promise<void>): Promise<void> {
  const worker = startWorker(desk, { sweepEveryMs: 100 })
  try {
    await work()
  } finally {
    await worker.close()
  }
}

describe('/ready', () => {
  test('says that the desk is at work', () =>
    withWorker(async () => {
      await expect.poll(async () => (await get('/ready')).status).toBe(200)
      const { body } = await get('/ready')
      const checks = { postgres: 'ok', redis: 'ok', workers: 'ok', outbox: 'ok' }
      expect(JSON.parse(body)).toEqual({ status: 'ready', checks })
    }))

  test('says that no worker runs', async () => {
    const { status, body } = await get('/ready')
    expect([status, JSON.parse(body).checks.workers]).toEqual([503, 'no worker runs'])
  })

  test('says that Postgres is down, and that it is back', () =>
    withWorker(async () => {
      await expect.poll(async () => (await get('/ready')).status).toBe(200)
      await goesDown('postgres', postgres)
      await comesBack('postgres', postgres)
    }))

  test('says that Redis is down, and that it is back', async () => {
    await beat(desk.parts.redis)
    expect((await get('/ready')).status).toBe(200)
    await goesDown('redis', redis)
    await comesBack('redis', redis)
  })

  async function goesDown(name: 'postgres' | 'redis', server: TestServer): Promise<void> {
    await server.kill9()
    const began = Date.now()
    const { status, body } = await get('/ready')
    expect([status, JSON.parse(body).checks[name]]).toEqual([503, 'does not answer'])
    expect(Date.now() - began).toBeLessThan(5000)
    expect(body).not.toMatch(/127\.0\.0\.1|password|postgres:\/\/|ECONN/)
    expect((await get('/health')).status).toBe(200)
    expect((await get('/metrics')).body).toContain(`deskhand_up{server="${name}"} 0`)
  }

  async function comesBack(name: 'postgres' | 'redis', server: TestServer): Promise<void> {
    await server.start()
    await expect.poll(async () => (await get('/ready')).status).toBe(200)
    await expect.poll(() => value(`deskhand_up{server="${name}"}`)).toBe(1)
  }

  test('says of each door of this process how it stands, and is not ready while one of them is deaf', async () => {
    const since = new Date('2026-11-02T15:00:00Z')
    await beat(desk.parts.redis)
    const checks = async () => {
      const { status, body } = await get('/ready')
      const { discord, slack } = JSON.parse(body).checks
      return { status, discord, slack }
    }
    try {
      doors.set('discord', { state: 'connected' }).set('slack', { state: 'connected' })
      expect(await checks()).toEqual({ status: 200, discord: 'ok', slack: 'ok' })
      doors.set('slack', { state: 'connecting', since, because: 'the connection broke' })
      const broken = 'not connected since 2026-11-02T15:00:00.000Z: the connection broke'
      expect(await checks()).toEqual({ status: 503, discord: 'ok', slack: broken })
      doors
        .set('slack', { state: 'connected' })
        .set('discord', { state: 'refused', since, because: 'the token is refused' })
      const refused = 'refused since 2026-11-02T15:00:00.000Z: the token is refused'
      expect(await checks()).toEqual({ status: 503, discord: refused, slack: 'ok' })
    } finally {
      doors.clear()
    }
  })

  test('says that a reply waits for too long, and for how long', () =>
    withWorker(async () => {
      const { db } = desk.parts
      const conversationId = await conversationOf(db, place)
      await db
        .transaction()
        .execute((trx) => queueReply(trx, { conversationId, at: new Date() }, { text: 'late' }, 'outbox'))
      await expect.poll(async () => (await get('/ready')).status).toBe(200)
      const created_at = new Date(Date.now() - 90_000)
      await db.updateTable('replies').set({ created_at }).execute()
      const { status, body } = await get('/ready')
      expect([status, JSON.parse(body).checks.outbox]).toEqual([
        503,
        expect.stringMatching(/^a reply has waited for 9\d s$/),
      ])
      expect(await value('deskhand_outbox_age_seconds{door="terminal"}')).toBeGreaterThan(89)
      await db.updateTable('replies').set({ state: 'failed', created_at: new Date() }).execute()
      expect((await get('/ready')).status).toBe(200)
      expect(await value('deskhand_outbox_given_up{door="terminal"}')).toBe(1)
      await sql`truncate replies cascade`.execute(db)
      expect((await get('/ready')).status).toBe(200)
    }))
})

describe('/metrics', () => {
  test('counts events by type and urgency, and measures how long hearing took', async () => {
    const heard = (await value('deskhand_handler_seconds_count{handler="hear",outcome="done"}')) ?? 0
    await say('long BYND 100 @ 1')
    await say('close BYND now')
    // Events are counted once they are certain to be committed.
    await later(6000)
    expect(await value('deskhand_events_total{type="position_opened",urgency="LOW"}')).toBe(1)
    expect(await value('deskhand_exits_total{purpose="close",outcome="filled"}')).toBe(1)
    expect(await value('deskhand_handler_seconds_count{handler="hear",outcome="done"}')).toBe(heard + 2)
    const [one] = await Promise.all([get('/metrics'), get('/metrics'), get('/metrics')])
    expect(one.body).toContain('deskhand_events_total{type="position_opened",urgency="LOW"} 1')
  })

  test('counts decisions of the guardian, and why the rules decided', async () => {
    await say('long BTC-USD 1 @ 60000')
    const { db } = desk.parts
    const position = await db
      .selectFrom('positions')
      .selectAll()
      .where('symbol', '=', 'BTC-USD')
      .executeTakeFirstOrThrow()
    const event = await db
      .selectFrom('desk_events')
      .select(['id', 'member_id'])
      .where('position_id', '=', position.id)
      .executeTakeFirstOrThrow()
    const at = desk.parts.clock.now()
    await db
      .insertInto('guardian_decisions')
      .values({
        ...{ event_id: event.id, position_id: position.id, account_id: position.account_id, symbol: 'BTC-USD' },
        ...{ member_id: event.member_id!, conversation_id: position.conversation_id!, position_version: 1 },
        ...{ action: 'EXIT', reasoning: 'it falls', source: 'rules', latency_ms: 30_000, state: 'accepted' },
        ...{ fallback_because: 'the model did not answer within 30 s', decided_at: at, expires_at: at, ended_at: at },
      })
      .execute()
    await later(6000)
    expect(await value('deskhand_guardian_decisions_total{action="EXIT",source="rules",fallback="timeout"}')).toBe(1)
    expect(await value('deskhand_guardian_outcomes_total{action="EXIT",state="accepted"}')).toBe(1)
  })

  test('tells how full the queues are, and how late', async () => {
    const { queues } = desk.parts
    await queues.event('alerts', 1)
    await queues.event('alerts', 2, 60_000)
    expect(await value('deskhand_queue_jobs{queue="alerts",state="waiting"}')).toBe(1)
    expect(await value('deskhand_queue_jobs{queue="alerts",state="delayed"}')).toBe(1)
    await expect.poll(() => value('deskhand_queue_oldest_seconds{queue="alerts"}')).toBeGreaterThan(0)
  })

  test('measures jobs and their lag', () =>
    withWorker(async () => {
      await desk.parts.queues.event('alerts', 999_999)
      await expect
        .poll(() => value('deskhand_handler_seconds_count{handler="alerts",outcome="done"}'))
        .toBeGreaterThan(0)
      expect(await value('deskhand_job_lag_seconds_count{queue="alerts"}')).toBeGreaterThan(0)
    }))

  test('wants its token where one is set, and nothing else does', async () => {
    const token = 'a-token-of-the-metrics'
    const wanting = await startApi({ ...desk, config: { ...desk.config, METRICS_TOKEN: token } }, { port: 0 })
    const status = async (path: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization }
      const response = await fetch(`http://127.0.0.1:${wanting.port}${path}`, { headers })
      const body = await response.text()
      expect(body).not.toContain(token)
      if (response.status === 401) expect(body).not.toContain('deskhand_up')
      if (response.status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer realm="metrics"')
      return response.status
    }
    try {
      const wrong = [undefined, '', 'Bearer', `Bearer ${token}x`, `Bearer ${token.slice(1)}`, `Basic ${token}`, token]
      for (const given of wrong) expect(await status('/metrics', given), String(given)).toBe(401)
      for (const given of [`Bearer ${token}`, `bearer  ${token}`]) expect(await status('/metrics', given)).toBe(200)
      expect(await status('/health')).toBe(200)
      expect([200, 503]).toContain(await status('/ready'))
    } finally {
      await wanting.close()
    }
  })

  test('holds no name, no text, no address and no secret', async () => {
    await say('long AAPL 12345 @ 190')
    const { body, type } = await get('/metrics')
    expect(type).toContain('text/plain')
    // Digits may stand inside of a count of bytes.
    expect(body).not.toMatch(/Zaphod|terminal:local|\b12345\b|AAPL|127\.0\.0\.1|password|secret/i)
  })
})

describe('the port', () => {
  test('is open on the loopback interface only, unless another address is named', async () => {
    const here = otherAddress()
    expect([await isOpen(api.port), await isOpen(api.port, here)]).toEqual([true, false])
    const everywhere = await startApi(desk, { port: 0, host: '0.0.0.0' })
    try {
      expect([await isOpen(everywhere.port), await isOpen(everywhere.port, here)]).toEqual([true, true])
    } finally {
      await everywhere.close()
    }
  })

  test('that cannot be opened at this address is said, with the address', async () => {
    const web = await runDesk('web', { PORT: '0', HOST: '192.0.2.1' }, '')
    expect(web.said).toContain(
      'Port 0 cannot be opened at 192.0.2.1: no page and no metrics are served there. Set HOST to an address of this machine.',
    )
    expect(web.code).toBe(1)
  })

  test('serves nothing else, and nothing that writes', async () => {
    expect((await get('/')).status).toBe(404)
    expect((await get('/constructor')).status).toBe(404)
    expect((await get('/health', 'POST')).status).toBe(405)
    expect((await get('/health', 'HEAD')).body).toBe('')
  })

  test('does not keep the desk from starting when it is taken', async () => {
    const other = createServer().listen(0)
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    try {
      const { code, said, printed } = await runDesk('all', { PORT: port }, 'quote AAPL\n')
      expect(said).toContain(`Port ${port} is taken: no page and no metrics are served there`)
      expect(printed).toContain('AAPL')
      expect(code).toBe(0)
      const web = await runDesk('web', { PORT: port }, '')
      expect(web.said).toContain(`Port ${port} is taken`)
      expect(web.code).toBe(1)
    } finally {
      other.close()
    }
  })

  test('is the usual one or a free one when nobody names one, and the address of the page is said', async () => {
    const { said, printed, code } = await runDesk('all', {}, 'dashboard\n')
    const address = /Page: (http:\/\/127\.0\.0\.1:\d+) /.exec(said)?.[1]
    expect(printed).toMatch(new RegExp(`${address}/login#t=[\\w-]{43}\n`))
    expect(code).toBe(0)
  })
})

/** Moves the desk's clock forward for the rest of the test. */
async function later(ms: number): Promise<void> {
  const { clock } = desk.parts
  const now = clock.now
  clock.now = () => new Date(now().getTime() + ms)
}

/** Runs the program in a role until it ends. */
async function runDesk(role: string, environment: Record<string, string>, typed: string) {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['src/main.ts', role], {
    env: { PATH, NODE_COMPILE_CACHE, DATABASE_URL: url, REDIS_URL: redis.url, LOG_LEVEL: 'silent', ...environment },
  })
  child.stdin.end(typed)
  const [said, printed, [code]] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')])
  return { said, printed, code: code as number }
}

function isOpen(port: number, address = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, address)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}
