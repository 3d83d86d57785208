import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Kept, keepDoor } from '../../bots/keep-door.ts'
import { type Connection, type ConnectionNews, DoorFailed } from '../../src/talk/chat/connection.ts'
import type { DoorName } from '../../src/talk/chat/place.ts'

const refused = new DoorFailed('refused', 'the token is refused', 'Example refuses the token: set another one')
const away = new DoorFailed('unreachable', 'Example cannot be reached', 'Example could not be reached: 503')

/** A platform that accepts or fails the door by a script; it accepts when the script is over. */
function keeping(script: ('in' | Error)[], others?: string) {
  const said: string[] = []
  const connections = new Map<DoorName, Connection>()
  const opened: { news: ConnectionNews; closed: number }[] = []
  const left = [...script]
  let attempts = 0
  const kept: Kept = keepDoor({
    ...{ door: 'slack', title: 'Example', connections, log: pino({ level: 'silent' }), others },
    say: (line) => said.push(line),
    async open(news) {
      attempts += 1
      const next = left.shift() ?? 'in'
      if (next !== 'in') throw next
      const door = { news, closed: 0 }
      opened.push(door)
      const close = async () => {
        door.closed += 1
      }
      return { greeting: 'Example: connected', close }
    },
  })
  return {
    ...{ kept, said, opened },
    state: () => connections.get('slack'),
    attempts: () => attempts,
    news: () => opened.at(-1)!.news,
  }
}

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-02T15:00:00Z') }))
afterEach(() => void vi.useRealTimers())

describe('a door that is kept', () => {
  test('is connected, and says so', async () => {
    const { kept, said, state } = keeping(['in'])
    expect(state()).toEqual({ state: 'connecting', since: new Date(), because: 'it is being opened' })
    await kept.opened
    expect(said).toEqual(['Example: connected'])
    expect(state()).toEqual({ state: 'connected' })
  })

  test('says nothing of a short break, but counts as not connected meanwhile', async () => {
    const { kept, said, state, news } = keeping(['in'])
    await kept.opened
    const since = new Date()
    news().broken('the connection broke')
    await vi.advanceTimersByTimeAsync(3000)
    news().broken('Example cannot be reached')
    expect(state()).toEqual({ state: 'connecting', since, because: 'Example cannot be reached' })
    news().connected()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(said).toEqual(['Example: connected'])
    expect(state()).toEqual({ state: 'connected' })
  })

  test('tells an outage that lasts, once, and its end', async () => {
    const { kept, said, news } = keeping(['in'], 'the worker')
    await kept.opened
    news().broken('the connection broke')
    await vi.advanceTimersByTimeAsync(300_000)
    news().broken('Example cannot be reached')
    news().connected()
    expect(said.slice(1)).toEqual([
      'Example: not connected for 10 s: the connection broke. It is tried again. Without it go on: the worker. What is to be said there waits.',
      'Example: connected, after 5 min without a connection.',
    ])
    news().broken('the connection broke')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(said).toHaveLength(4)
  })

  test('reports a first connection that takes long', async () => {
    const pending = Promise.withResolvers<never>()
    const said: string[] = []
    const { close } = keepDoor({
      ...{ door: 'discord', title: 'Example', connections: new Map(), log: pino({ level: 'silent' }) },
      say: (line) => said.push(line),
      open: () => pending.promise,
    })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(said).toEqual(['Example: not connected for 10 s: it is being opened. It is tried again.'])
    await close()
  })

  test('is closed and opened again after its platform closed it: a mistake costs a second', async () => {
    const { kept, said, state, opened, news } = keeping(['in', 'in'])
    await kept.opened
    news().lost(refused)
    expect(state()).toMatchObject({ state: 'connecting', because: 'the token is refused' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(opened.map(({ closed }) => closed)).toEqual([1, 0])
    expect(state()).toEqual({ state: 'connected' })
    expect(said.slice(1)).toEqual([
      'Example: not connected. Example refuses the token: set another one.',
      'Example: connected, after 1 s without a connection.',
    ])
    opened[0]!.news.broken('an old door')
    opened[0]!.news.lost(refused)
    expect(state()).toEqual({ state: 'connected' })
  })

  test('is not taken for open when it was lost during opening', async () => {
    let closed = 0
    const connections = new Map<DoorName, Connection>()
    const kept = keepDoor({
      ...{ door: 'slack', title: 'Example', connections, log: pino({ level: 'silent' }), say: () => {} },
      async open(news) {
        news.lost(refused)
        const close = async () => {
          closed += 1
        }
        return { greeting: '', close }
      },
    })
    await expect(kept.opened).rejects.toBe(refused)
    expect(closed).toBe(1)
  })
})

describe('a process with nothing but the door', () => {
  test('does not start when the door cannot be opened', async () => {
    for (const failure of [refused, away]) await expect(keeping([failure]).kept.opened).rejects.toBe(failure)
  })

  test('ends when the door is refused for good, with one sentence that says so', async () => {
    const { kept, attempts, news, state } = keeping(['in', refused])
    await kept.opened
    news().lost(refused)
    const over = expect(kept.done).rejects.toThrow(
      /^Example: Example refuses the token: set another one\. This process has nothing else to do, and ends\.$/,
    )
    await vi.advanceTimersByTimeAsync(1000)
    await over
    expect(attempts()).toBe(2)
    expect(state()).toMatchObject({ state: 'refused', because: 'the token is refused' })
  })

  test('keeps trying while the platform is away, with longer and longer pauses of a minute at most', async () => {
    const { kept, attempts, news, said, state } = keeping(['in', ...Array(12).fill(away)])
    await kept.opened
    news().lost(refused)
    const times: number[] = []
    for (let second = 1; second <= 400; second += 1) {
      const before = attempts()
      await vi.advanceTimersByTimeAsync(1000)
      if (attempts() > before) times.push(second)
    }
    expect(times).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363])
    expect(state()).toMatchObject({ state: 'connecting', because: 'Example cannot be reached' })
    expect(said.slice(1)).toEqual([
      'Example: not connected. Example refuses the token: set another one.',
      'Example: not connected. Example could not be reached: 503. It is tried again.',
    ])
    await kept.close()
  })
})

describe('a process with other work', () => {
  test('goes on without a door that is refused, says so once, and asks again every ten minutes at most', async () => {
    const { kept, attempts, said, state } = keeping(Array(5).fill(refused), 'Discord, the worker')
    await kept.opened
    expect(state()).toMatchObject({ state: 'refused', because: 'the token is refused' })
    const times: number[] = []
    for (let minute = 1; minute <= 30; minute += 1) {
      const before = attempts()
      await vi.advanceTimersByTimeAsync(60_000)
      if (attempts() > before) times.push(minute)
    }
    expect(times).toEqual([1, 3, 7, 15, 25])
    expect(said).toEqual([
      'Example: not connected. Example refuses the token: set another one. It is tried again. Without it go on: Discord, the worker. What is to be said there waits.',
      'Example: connected, after 25 min without a connection.',
    ])
  })

  test('reports the second of two causes that keep the door closed', async () => {
    const { kept, said } = keeping([away, refused, 'in'], 'the worker')
    await kept.opened
    await vi.advanceTimersByTimeAsync(1000)
    expect(said.map((line) => line.slice(0, 60))).toEqual(
      [
        'Example: not connected. Example could not be reached: 503. It',
        'Example: not connected. Example refuses the token: set anothe',
      ].map((line) => line.slice(0, 60)),
    )
    await kept.close()
  })

  test('goes on when an unforeseen error keeps the door closed', async () => {
    const { kept, said } = keeping([new TypeError('x is not a function')], 'the worker')
    await kept.opened
    expect(said[0]).toContain('Example could not be opened: x is not a function. It is tried again.')
    await kept.close()
  })
})

test('a door that is closed during a pause is not opened again', async () => {
  const { kept, attempts } = keeping([away, 'in'], 'the worker')
  await kept.opened
  await kept.close()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(attempts()).toBe(1)
})
