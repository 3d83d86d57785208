import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createDiscordHarness } from './discord-harness.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness } from './harness.ts'
import { openRoom, type Room } from './room.ts'
import { createSlackHarness } from './slack-harness.ts'
import { createTerminalHarness } from './terminal-harness.ts'

let ground: Ground
let room: Room
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.close())
afterEach(() => room.close())

const doors: Record<string, () => Promise<DoorHarness>> = {
  'the terminal': async () => createTerminalHarness(),
  Discord: () => createDiscordHarness(),
  'Slack by Socket Mode': () => createSlackHarness('socket'),
  'Slack by HTTP': () => createSlackHarness('http'),
}

// BTC-USD never closes, so it can be scheduled at any hour. A planned minute takes a tenth of a second.
describe.each(Object.keys(doors))('in %s', (name) => {
  test('a scheduled order is asked about, repeated back, listed, and carried out in its thread', async () => {
    room = await openRoom(await doors[name]!(), ground)
    const { harness } = room
    const { alice } = harness
    await room.ask(alice, 'long BTC-USD 0.1 @ 60000', /LONG 0\.1 BTC-USD/)
    await room.ask(alice, 'close BTC-USD within 20 minutes', /⏰ CLOSE BTC-USD: when\?/)
    const chosen = () => (harness.buttons ? harness.press(alice, 'Then') : harness.say(alice, '2'))
    expect(await room.after(chosen, /⏰ CLOSE BTC-USD at the market/)).toContain('`schedule cancel 1` takes it back')
    await room.ask(alice, 'schedule', /1\. ⏰ CLOSE BTC-USD at the market (?:at|on) .* \(in \d+ min( \d+ s)?\)/)
    await room.sees(/⏰ NOW: CLOSE BTC-USD at the market/)
    await room.sees(/✓ SOLD 0\.1 BTC-USD @ \$63,000\.00/)
    expect(await room.sold()).toBe(0.1)
    await room.ask(alice, 'task 1', /⏰ TASK 1 · CLOSE BTC-USD at the market: ✓ done/)
  })

  test('an order for a price is carried out while the door is away, and told when the door is back', async () => {
    room = await openRoom(await doors[name]!(), ground)
    const { alice } = room.harness
    await room.ask(alice, 'long BTC-USD 0.1 @ 60000', /LONG 0\.1 BTC-USD/)
    await room.ask(alice, 'sell 0.05 BTC-USD if it breaks 64000', /⏰ SELL 0\.05 BTC-USD/)
    if (name === 'the terminal') room.market.set('BTC-USD', '64000')
    else {
      await room.leave()
      room.market.set('BTC-USD', '64000')
      await expect.poll(() => room.sold(), { interval: 20 }).toBe(0.05)
      await room.comeBack()
    }
    await room.sees(/BTC-USD got to \$64,000\.00/)
    await room.sees(/✓ SOLD 0\.05 BTC-USD @ \$64,000\.00/)
    expect(room.seen().filter(({ text }) => text.includes('✓ SOLD'))).toHaveLength(1)
  })
})
