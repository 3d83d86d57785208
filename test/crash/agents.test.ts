import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { decisionsAbout } from '../../src/agents/rows/decisions.ts'
import { dayAfter } from '../../src/base/zone.ts'
import { sessionOf } from '../../src/market/calendar.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'
import { swingingBars } from '../agents/recorded.ts'
import { moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

const patience = { timeout: 400_000 }
/** A recorded hour takes a second, and a session seven: a process that starts is there again before one has passed, or misses some. */
const timeScale = 3600
const [history, days] = [20, 14]
const hourMs = 3_600_000
/** The next workers die by themselves, too: at an order, once a position is open. */
const deaths = [{ death: { moment: moments[1] } }, { death: { moment: moments[2] } }]

test(
  'two processes that are killed at random, and a Redis that is emptied, let an agent decide each day once and order once',
  patience,
  async () => {
    const bars = onSessions(swingingBars(history + days))
    const from = bars.days[history]!
    const scene = await openScene(await discordPlatform(), {
      environment: { MARKET: `replay:${recordedHours(bars)}@${from}` },
      timeScale,
    })
    let lives = [await scene.begin(), await scene.begin({ roles: ['worker'] })]
    await scene.ask('agent new trend on AAA with sma-cross fast 3 slow 8', /MAKE AGENT trend/)
    await scene.ask('1', /trend is made/)
    await scene.sees(/trades PAPER from the next close on/)
    const { id } = await scene.db.selectFrom('agents').select('id').executeTakeFirstOrThrow()
    const lastDay = async () =>
      (await scene.db.selectFrom('agents').select('last_day').executeTakeFirstOrThrow()).last_day!
    const until = (day: string) =>
      expect.poll(lastDay, { timeout: 120_000, interval: 20 }).toSatisfy((at) => String(at) >= day)
    const { days: all } = bars
    let kills = 0
    for (let at = all.indexOf(await lastDay()) + 1; at < all.length - 4; at = all.indexOf(await lastDay()) + 2) {
      await until(all[at]!)
      // A day was decided a moment ago, and its orders are under way.
      const which = kills % 2
      await lives[which]!.kill()
      kills += 1
      if (kills % 3 === 0) await emptied(scene)
      lives = lives.with(
        which,
        await scene.begin(which === 0 ? {} : { roles: ['worker'], ...deaths[(kills / 2) % deaths.length] }),
      )
    }
    await until(all.at(-2)!)
    expect(kills).toBeGreaterThan(2)
    const decisions = await decisionsAbout(scene.db, id, 'AAA')
    // Every day has one row, in the order of days, and each that was not missed is what its bars say.
    const first = all.indexOf(decisions[0]!.day)
    expect(decisions.map(({ day }) => day)).toEqual(all.slice(first, first + decisions.length))
    const decided = decisions.filter(({ state }) => state !== 'missed')
    expect(decided.length).toBeGreaterThan(decisions.length / 2)
    for (const { day, wishes } of decided)
      expect([day, (wishes ?? []).map(({ does }) => does)]).toEqual([day, crossOn(bars.close, all.indexOf(day))])
    const orders = await scene.db
      .selectFrom('orders')
      .selectAll()
      .where('client_order_id', 'like', `agent-${id}-%`)
      .execute()
    const legs = decided.flatMap(({ day, plan }) => [
      ...(plan?.exit ? [`agent-${id}-${day}-AAA-exit`] : []),
      ...(plan?.enter ? [`agent-${id}-${day}-AAA`] : []),
    ])
    const ids = orders.map((one) => one.client_order_id)
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.filter((one) => !legs.includes(one))).toEqual([])
    const entered = decided.filter(({ state, plan }) => state === 'taken' && plan!.enter)
    expect(entered.map(({ day }) => `agent-${id}-${day}-AAA`).filter((one) => !ids.includes(one))).toEqual([])
    const lines = scene.platform
      .seen('everywhere')
      .flatMap(({ text }) => /close of (\S+) · PAPER/.exec(text)?.[1] ?? [])
    expect(new Set(lines).size).toBe(lines.length)
  },
)

async function emptied({ redis }: Scene): Promise<void> {
  const connection = new Redis(redis.url)
  await connection.flushall()
  connection.disconnect()
}

/** What the averages of three and eight closes say after a bar. */
function crossOn(close: Float64Array, at: number): string[] {
  const mean = (length: number, to: number) =>
    close.slice(to - length + 1, to + 1).reduce((sum, one) => sum + one, 0) / length
  const [before, now] = [mean(3, at - 1) - mean(8, at - 1), mean(3, at) - mean(8, at)]
  return before * now < 0 ? ['close', 'order'] : []
}

/** The same bars on days of the exchange. */
function onSessions(bars: Columns): Columns {
  const days: string[] = []
  for (let day = '2015-01-02'; days.length < bars.days.length; day = dayAfter(day, 1))
    if (sessionOf(day)) days.push(day)
  return { ...bars, days }
}

/** A folder with AAA in bars of an hour, which make these bars of days. */
function recordedHours({ days, open, high, low, close }: Columns): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-hours-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const rows = days.flatMap((day, at) =>
    Array.from({ length: 7 }, (_, hour) => {
      const time = new Date(sessionOf(day)!.open.getTime() + hour * hourMs).toISOString()
      const [from, to] = [hour === 0 ? open[at]! : close[at]!, close[at]!]
      const [top, bottom] = hour === 0 ? [high[at]!, low[at]!] : [to, to]
      return [time, from, top, bottom, to, 1000].join()
    }),
  )
  writeFileSync(join(folder, 'AAA.csv'), `time,open,high,low,close,volume\n${rows.join('\n')}\n`)
  return folder
}
