import { beforeEach, describe, expect, test } from 'vitest'
import type { DoorHarness, Person } from './harness.ts'
import type { Room } from './room.ts'

/** The room and the people of a door's test. */
export interface AtDoor {
  room: Room
  door: DoorHarness
  alice: Person
}

const closeQuestion = `🚪 CLOSE LONG 3,750 BYND @ $0.63 · now $1.01, P&L $+1,425.00
  1️⃣  Market - Close immediately
  2️⃣  Limit - Enter your limit price

💡 Reply with 1 or 2`

const working = `✓ LIMIT SELL ORDER 3,750 BYND @ $1.05 (working)
💡 Order 1: \`move 1 PRICE\` changes it, \`cancel 1\` takes it back`

const confirmation = `🤔 CONFIRM: BUY 500 AAPL
At the market, about $190.00 each, $95,000.00 in all
More than the $25,000.00 above which the desk asks (\`confirm\`).
  1️⃣  YES - Send it
  2️⃣  NO - Leave it

💡 Reply with 1 or 2`

/** The contract for orders through a door, from the question to the fill. BYND is at $1.01 and AAPL at $190. */
export function ordersThrough(at: () => AtDoor, testOfMany: typeof test | (() => void)): void {
  const ask = (text: string, expected: RegExp) => at().room.ask(at().alice, text, expected)
  const press = (label: string, expected: RegExp) => at().room.after(() => at().door.press(at().alice, label), expected)
  const price = (bid: string) => at().room.market.set('BYND', bid)

  describe('an order', () => {
    beforeEach(() => ask('long BYND 3750 @ .63', /^✓ LONG/))

    test('that closes at the market is sent after the answer', async () => {
      expect(await ask('close', /CLOSE/)).toBe(closeQuestion)
      expect(await ask('1', /SOLD/)).toBe('✓ SOLD 3,750 BYND @ $1.01\nP&L: $+1,425.00\nPosition: FLAT')
    })

    test('with a limit rests, is listed and moved, and its fill is told', async () => {
      expect(await ask('close', /CLOSE/)).toBe(closeQuestion)
      await ask('2', /^Enter your limit price to sell 3,750 BYND:$/)
      expect(await ask('1.05', /LIMIT/)).toBe(working)
      expect(await ask('orders', /WORKING ORDERS/)).toMatch(
        /^1 · SELL 3,750 BYND @ \$1\.05 · .* old · 3\.96% from \$1\.01$/m,
      )
      await ask('move 1 1.10', /^✓ LIMIT SELL ORDER 3,750 BYND @ \$1\.10 \(working, was \$1\.05\)/)
      await at().room.after(async () => price('1.10'), /^✓ SOLD 3,750 BYND @ \$1\.10 \(limit order 1\)\n/)
      await ask('orders', /No working orders/)
      expect(await at().room.sold()).toBe(3750)
    })

    test('with a limit is cancelled', async () => {
      await ask('close @ 1.05', /^✓ LIMIT SELL ORDER/)
      await ask('buy 100 BYND @ .95', /^✓ LIMIT BUY ORDER/)
      await ask('cancel 1', /^✓ CANCELLED order 1: LIMIT SELL 3,750 BYND @ \$1\.05$/)
      await ask('cancel', /^✓ CANCELLED order 2/)
      expect(await at().room.sold()).toBe(0)
    })

    test('that is large is sent after a yes', async () => {
      expect(await ask('buy 500 AAPL', /CONFIRM/)).toBe(confirmation)
      await ask('yes', /^✓ BOUGHT 500 AAPL @ \$190\.00\nPosition: LONG 500 AAPL @ \$190\.00$/)
    })

    test('by the command of the platform', async () => {
      const { room, door, alice } = at()
      await room.after(
        () => door.command(alice, 'buy', { quantity: '100', symbol: 'BYND', price: '.95' }),
        /^✓ LIMIT BUY/,
      )
      await room.after(() => door.command(alice, 'orders', {}), /1 · BUY 100 BYND @ \$0\.95/)
      await room.after(() => door.command(alice, 'cancel', { quantity: '1' }), /^✓ CANCELLED order 1/)
      await room.after(() => door.command(alice, 'sell', { quantity: 'half', symbol: 'BYND' }), /^✓ SOLD 1,875 BYND/)
    })

    test('cannot be undone, but a recorded position can', async () => {
      await ask('long AAPL 10 @ 190', /^✓ LONG/)
      await ask('undo', /^↩️ UNDONE: recording LONG 10 AAPL @ \$190\.00\nPosition: FLAT$/)
      await ask('trim BYND 50', /^✓ SOLD 50/)
      await ask('undo', /An order cannot be undone: selling 50 BYND was filled\./)
    })

    testOfMany('is sent by buttons', async () => {
      await ask('close', /CLOSE/)
      expect(at().room.seen().at(-1)?.buttons).toEqual(['Market', 'Limit'])
      await at().room.after(
        () => at().door.fill(at().alice, 'Limit', '1.05'),
        /^✓ LIMIT SELL ORDER 3,750 BYND @ \$1\.05/,
      )
      await ask('buy 500 AAPL', /CONFIRM/)
      await press('YES', /^✓ BOUGHT 500 AAPL/)
      await ask('sell 800 AAPL', /be SHORT 300/)
      expect(at().room.seen().at(-1)?.buttons).toEqual(['ONLY 500', 'SHORT 300', 'NOTHING'])
      await press('SHORT 300', /^✓ SOLD SHORT 300 AAPL/)
    })

    testOfMany('is asked about by the button below a position, and a stranger is refused in private', async () => {
      const { room, door } = at()
      await ask('positions', /OPEN POSITIONS/)
      expect(room.seen().at(-1)).toMatchObject({
        buttons: ['Close BYND', 'Scale out BYND', 'Stop BYND'],
        strip: undefined,
      })
      await room.after(() => door.press(door.bob, 'Close BYND'), /^⚠️ That button is for the account of somebody else/)
      expect(room.seen().at(-1)).toMatchObject({ privateTo: door.bob.id })
      await press('Close BYND', /^🚪 CLOSE LONG 3,750 BYND/)
      await press('Market', /^✓ SOLD 3,750 BYND/)
      expect(room.seen().at(-1)?.strip).toBe('Gain')
      await press('Close BYND', /You have no open position in BYND/)
    })
  })
}
