import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createReplayMarket } from '../../src/market/feeds/replay/replay.ts'
import type { Bar } from '../../src/market/market.ts'
import { handClock } from './hand-clock.ts'

const begin = new Date('2026-11-20T15:00:00Z')
const minute = 60_000
const head = 'time,open,high,low,close,volume\n'
const figures = ({ open, high, low, close, volume }: Bar) => [open, high, low, close, volume].map(Number)

/** The day before Thanksgiving, the half day after it, and the Monday. */
const rows = [
  '2026-11-25T09:29:00-05:00,9,99,9,9,7',
  '2026-11-25T09:30:00-05:00,10,12,10,11,100',
  '2026-11-25T15:59:00-05:00,11,13,8,12,200',
  '2026-11-25T16:00:00-05:00,12,99,1,99,7',
  '2026-11-27T09:30:00-05:00,20,21,19,20,300',
  '2026-11-27T12:59:00-05:00,20,25,20,24,400',
  '2026-11-27T13:00:00-05:00,24,99,1,50,7',
  '2026-11-30T09:30:00-05:00,30,30,30,30,1',
]

async function replaying<Said>(
  content: string[],
  ask: (days: (slots: number, minutes: number) => Promise<Bar[]>) => Promise<Said>,
): Promise<Said> {
  const folder = mkdtempSync(path.join(tmpdir(), 'replay-days-'))
  writeFileSync(path.join(folder, 'A.csv'), `${head}${content.join('\n')}\n`)
  const clock = handClock(begin)
  const market = await createReplayMarket({ folder, clock, anchor: begin })
  const said = await ask((slots, minutes) => {
    clock.set(begin.getTime() + slots * minute)
    return market.bars('A', minutes, 5)
  })
  await market.close()
  rmSync(folder, { recursive: true })
  return said
}

test('in a recording of minutes a daily bar is a finished session, without early and late trading', async () => {
  await replaying(rows, async (days) => {
    expect(await days(2.9, 1440)).toEqual([])
    const [wednesday, ...none] = await days(3, 1440)
    expect(none).toEqual([])
    expect(figures(wednesday!)).toEqual([10, 13, 8, 12, 300])
    expect([wednesday!.at, wednesday!.tradedAt]).toEqual([
      new Date(begin.getTime() + minute),
      new Date('2026-11-25T14:30:00Z'),
    ])
    expect(await days(5.9, 1440)).toEqual([wednesday])
    expect((await days(6, 1440)).map(figures)).toEqual([figures(wednesday!), [20, 25, 19, 24, 700]])
    expect((await days(6, 2880)).map(figures)).toEqual([[10, 25, 8, 24, 1000]])
  })
})

test('a session that may be incomplete at the beginning of the recording has no daily bar', async () => {
  await replaying(rows.slice(2), async (days) => {
    expect((await days(4, 1440)).map(figures)).toEqual([[20, 25, 19, 24, 700]])
  })
})

const shared = path.resolve(import.meta.dirname, '../../../shared/data/minute')

test.skipIf(!existsSync(shared))('the days of the recorded minutes match the file', async () => {
  const lines = readFileSync(path.join(shared, 'FESX.csv'), 'utf8').trim().split('\n').slice(1)
  const clock = handClock(begin)
  const market = await createReplayMarket({ folder: shared, clock, anchor: begin })
  clock.set(market.replayEndsAt.getTime())
  const byDay = Map.groupBy(lines, (line) => new Date(line.split(',')[0]!).toISOString().slice(0, 10))
  const bars = await market.bars('FESX', 1440, 40)
  await market.close()
  expect(bars).toHaveLength(byDay.size - 1)
  for (const bar of bars) {
    const own = byDay.get(bar.tradedAt!.toISOString().slice(0, 10))!.map((line) => line.split(',').map(Number))
    const [high, low] = [Math.max(...own.map((row) => row[2]!)), Math.min(...own.map((row) => row[3]!))]
    const volume = own.reduce((sum, row) => sum + row[5]!, 0)
    expect(figures(bar)).toEqual([own[0]![1], high, low, own.at(-1)![4], volume])
  }
})
