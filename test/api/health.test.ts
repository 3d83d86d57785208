import { expect } from 'vitest'
import { startHealth } from '../../jobs/health.ts'
import { beat } from '../../src/infra/queue/heartbeat.ts'
import { apiTest, signIn } from './serve.ts'

const { test } = apiTest({ worker: false })

test('the health of the desk is looked at for whoever asks, and told as it is when no worker looks', {
  timeout: 120_000,
}, async ({ api, desk, alice }) => {
  const page = await signIn(api, alice)
  expect((await page.get('/api/health')).body).toEqual({ state: 'down', watched: false, parts: [] })

  const { db, redis } = desk.desk.parts
  await db.insertInto('backups').values({ ended_at: new Date(), fault: 'the disk is full.' }).execute()
  await beat(redis)
  const health = startHealth(desk.desk, { machine: { host: 'here' } })
  try {
    // It takes a moment until the worker listens, and its models are open.
    const isWatched = async () => (await page.get('/api/health')).body.watched
    await expect.poll(isWatched, { timeout: 60_000 }).toBe(true)
    const { status, body } = await page.get('/api/health')
    expect({ status, state: body.state, watched: body.watched }).toEqual({ status: 200, state: 'down', watched: true })
    const names = ['database', 'redis', 'queues', 'providers', 'venue sessions', 'disk', 'clock', 'models', 'sentiment']
    expect(body.parts.map(({ name }: { name: string }) => name)).toEqual([...names, 'backups'])
    expect(body.parts[0]).toMatchObject({ name: 'database', machine: null, state: 'ok', words: expect.any(String) })
    expect(body.parts.find(({ name }: { name: string }) => name === 'clock')).toMatchObject({ machine: 'here' })
    expect(body.parts.at(-1)).toMatchObject({
      state: 'down',
      stops: expect.stringContaining('after a loss of the disk'),
    })
  } finally {
    await health.close()
  }
  expect((await fetch(`${api.url}/api/health`)).status).toBe(401)
  // A supervisor of processes asks another path, which needs no session.
  expect(await (await fetch(`${api.url}/health`)).json()).toMatchObject({ status: 'ok' })
})
