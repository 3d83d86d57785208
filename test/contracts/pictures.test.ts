import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { sessions, walk } from '../charts/data.ts'
import { decoded } from '../charts/pixels.ts'
import { createDiscordHarness } from './discord-harness.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness, SeenPicture } from './harness.ts'
import { openRoom, type Room } from './room.ts'
import { createSlackHarness } from './slack-harness.ts'
import { createTerminalHarness } from './terminal-harness.ts'

/** The same bars on every day, so that their picture is the same, byte for byte. */
const bars = walk(66, { start: 1 }).map(({ volume, ...prices }, index) => {
  const [open, high, low, close] = [prices.open, prices.high, prices.low, prices.close].map(
    (price) => new Big(price.toFixed(4)),
  )
  const at = sessions(66)[index]!
  return { at, open: open!, high: high!, low: low!, close: close!, volume: new Big(volume) }
})

const doors: [string, () => DoorHarness | Promise<DoorHarness>, hasAlt: boolean][] = [
  ['Discord in a thread', () => createDiscordHarness('thread'), true],
  ['Discord in a channel', () => createDiscordHarness('channel'), true],
  ['Slack by Socket Mode', () => createSlackHarness('socket'), true],
  ['Slack by signed HTTP', () => createSlackHarness('http'), true],
  ['a terminal', createTerminalHarness, false],
]

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.close())

describe.each(doors)('%s', (_, createHarness, hasAlt) => {
  let room: Room
  beforeEach(async () => {
    room = await openRoom(await createHarness(), ground)
    Object.assign(room.desk.parts.market, { bars: async () => bars })
  })
  afterEach(() => room.close())

  const pictures = () => room.seen().flatMap((message) => message.files ?? [])
  const oneMore = async (before: number): Promise<SeenPicture> => {
    await expect.poll(() => pictures().length).toBe(before + 1)
    return pictures()[before]!
  }

  test('shows a chart beside its text, byte for byte as the desk drew it', async () => {
    const { harness, desk } = room
    const text = await room.ask(harness.alice, 'chart BYND 5m', /^📈 BYND 5m — 66 bars/)
    const shown = await oneMore(0)
    const place = { door: 'terminal' as const, workspace: '', channel: 'elsewhere' }
    const author = { id: 'terminal:nobody', name: 'nobody' }
    const asked = { kind: 'message' as const, id: 'again', author, place, text: 'chart BYND 5m', addressed: true }
    const [reply] = await desk.hear(asked)
    const [drawn] = reply!.pictures!
    expect(text).toContain(reply!.text)
    expect(shown.bytes.equals(drawn!.png)).toBe(true)
    expect(await decoded(shown.bytes)).toMatchObject({ width: 1040, height: 780 })
    if (hasAlt) expect(shown).toMatchObject({ name: 'bynd-5m.png', alt: drawn!.alt })
    else expect(text).toMatch(/\n[▁▂▃▄▅▆▇█]{60}\n🖼️ .+\.png$/)
  })

  test('shows the curve of the account, also by the command of the platform', async () => {
    const { harness } = room
    await room.ask(harness.alice, 'long BYND 100 @ 1', /LONG 100 BYND/)
    room.later(5)
    await room.ask(harness.alice, 'pl chart', /^📈 EQUITY AND P&L\n/)
    const typed = await oneMore(0)
    expect(typed.name).toMatch(/^equity/)
    if (hasAlt) expect(typed.alt).toContain('Equity and P&L of the account')
    await room.after(() => harness.command(harness.alice, 'chart', { symbol: 'BYND' }), /^📈 BYND 5m/)
    const commanded = await oneMore(1)
    expect((await decoded(commanded.bytes)).width).toBe(1040)
  })

  test('shows a book as a table and a picture', async () => {
    const { harness, desk } = room
    const level = (price: string, size: number) => ({ price: new Big(price), size: new Big(size) })
    const bids = [level('0.62', 2400), level('0.61', 9900), level('0.60', 700)]
    const depth = { symbol: 'BYND', bids, asks: [level('0.63', 100)], at: bars[0]!.at, source: 'tradestation' }
    Object.assign(desk.parts.market, { depth: async () => depth })
    const text = await room.ask(harness.alice, 'book BYND', /^📚 BOOK — BYND/)
    const shown = room.seen().find((message) => message.text === text)!
    const rows = shown.table ?? text.split('\n').filter((line) => line.includes('@ '))
    expect(rows.map((row) => String(row).replace(/[ ,]+/g, ' ').trim())).toEqual([
      expect.stringMatching(/^2 ?400 @? ?\$0\.62 \|? ?\$0\.63 ×? ?100$/),
      expect.stringMatching(/^9 ?900 @? ?\$0\.61$/),
      expect.stringMatching(/^700 @? ?\$0\.60$/),
    ])
    const picture = await oneMore(0)
    expect(await decoded(picture.bytes)).toMatchObject({ width: 1040, height: 780 })
    if (hasAlt)
      expect(picture).toMatchObject({ name: 'bynd-book.png', alt: expect.stringContaining('13,000 at 3 prices') })
  })

  test('answers in words when there is nothing to draw', async () => {
    Object.assign(room.desk.parts.market, { bars: async () => [] })
    await room.ask(room.harness.alice, 'chart BYND', /has no bars of BYND/)
    expect(pictures()).toEqual([])
  })
})
