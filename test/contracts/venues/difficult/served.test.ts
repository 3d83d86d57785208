import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import { type OrderEvent, VenueError } from '../../../../src/venues/venue.ts'
import { timerAgenda } from './agenda.ts'
import { connectDifficultVenue } from './connect.ts'
import { serveDifficultVenue } from './serve.ts'
import { buying, limited, openDifficult, the } from './someone.ts'

async function openServed(...given: Parameters<typeof openDifficult>) {
  const opened = openDifficult(...given)
  const server = await serveDifficultVenue(opened.venue)
  onTestFinished(() => server.close())
  return { ...opened, server, client: await connectDifficultVenue(server.url) }
}

test('a process that is killed in the middle of a call leaves its order at the venue', async () => {
  const { venue, server, client } = await openServed()
  venue.scriptCall('submit', { answerMs: 60_000 })
  const script = `
    import { connectDifficultVenue } from '${fileURLToPath(new URL('connect.ts', import.meta.url))}'
    import { buying } from '${fileURLToPath(new URL('someone.ts', import.meta.url))}'
    await (await connectDifficultVenue('${server.url}')).submit(buying('a'))`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'inherit' })
  await expect.poll(() => venue.truth.timesTaken('a')).toBe(1)
  child.kill('SIGKILL')
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  expect(await client.find(the('a'))).toMatchObject({ state: 'filled' })
})

test('amounts and times arrive unchanged', async () => {
  const { venue, client } = await openServed()
  const expiresAt = new Date('2027-01-01T00:00:00.123Z')
  await client.submit(limited('a', '0.123456789012', { symbol: 'BTC-USD', quantity: new Big('0.0001'), expiresAt }))
  expect(venue.truth.arrived()).toEqual([
    limited('a', '0.123456789012', { symbol: 'BTC-USD', quantity: new Big('0.0001'), expiresAt }),
  ])
  expect(await client.find(the('a'))).toEqual(await venue.find(the('a')))
  expect(await client.find(the('none'))).toBeUndefined()
  expect(client.capabilities).toEqual(venue.capabilities)
})

test('a silent venue and a missing server both count as no answer', async () => {
  const { venue, server, client } = await openServed()
  venue.breakDown(1000)
  for (const reach of [async () => {}, () => server.close()]) {
    await reach()
    expect(await client.submit(buying('a'))).toMatchObject({ outcome: 'unknown' })
    expect(await client.cancel(the('a'))).toMatchObject({ outcome: 'unknown' })
    expect(await client.replace(the('a'), new Big(1))).toMatchObject({ outcome: 'unknown' })
    await expect(client.find(the('a'))).rejects.toThrow(VenueError)
    await expect(client.balance('one')).rejects.toThrow(VenueError)
  }
  const again = await serveDifficultVenue(venue)
  server.close = again.close
})

test('events come as they happen; a listener is told when its connection fails', async () => {
  const { venue, server, client } = await openServed()
  const heard: OrderEvent[] = []
  const failures: unknown[] = []
  const stop = client.subscribe({ heard: (event) => heard.push(event), failed: (cause) => failures.push(cause) })
  let orders = 0
  await expect
    .poll(async () => {
      await venue.submit(buying(`${++orders}`))
      return heard.length
    })
    .toBeGreaterThan(0)
  expect(heard[0]).toEqual({ kind: 'order', report: expect.objectContaining({ quantity: new Big(100) }) })
  venue.breakDown(1000)
  await expect.poll(() => failures.length).toBe(1)
  await server.close()
  await expect.poll(() => failures.length).toBeGreaterThan(2)
  stop()
  const again = await serveDifficultVenue(venue)
  server.close = again.close
})

test('on the machine’s timers the same happens by itself, and settling does not wait for it', async () => {
  const agenda = timerAgenda(undefined, 100)
  const { venue } = openDifficult({ agenda, difficulties: { waits: 1 }, timings: { part: [2000, 2000] } })
  onTestFinished(venue.close)
  await venue.submit(buying('a'))
  expect((await venue.find(the('a')))?.state).toBe('working')
  await expect.poll(async () => (await venue.find(the('a')))?.state).toBe('filled')

  venue.scriptCall('submit', { requestMs: 3_600_000 })
  const late = venue.submit(buying('b'))
  await venue.settle()
  expect(await late).toMatchObject({ outcome: 'accepted' })
  expect((await venue.find(the('b')))?.state).toBe('filled')
})
