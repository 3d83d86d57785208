import { Big } from 'big.js'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Room } from './room.ts'

const total = `🎉 SCALEOUT COMPLETE - 2 positions
✓ AAPL: 10 of 10 sold @ $190.00 · P&L $+100.00 · no difference
✓ BYND: 3,750 of 3,750 sold @ $1.01 · P&L $+1,425.00 · no difference
Total P&L: $+1,525.00
📊 Against the prices at the start: no difference`
const inOrder = (text: string) => text.split('\n').sort()

/**
 * The contract of every door for scaleouts of several positions, and for smart ones; a place where one is `alone` does not
 * edit messages.
 */
export function scaleoutsOfSeveral(open: () => Room, { alone = false }: { alone?: boolean }): void {
  const ask = (text: string, expected: RegExp) => open().ask(open().harness.alice, text, expected)

  describe('scaleouts of several', () => {
    beforeEach(async () => {
      await ask('long BYND 3750 @ .63', /^✓ LONG 3,750 BYND/)
      await ask('long AAPL 10 @ 180', /^✓ LONG 10 AAPL/)
    })

    test('are confirmed once, run in one message, and end in one total', async () => {
      expect(await ask('scaleout all', /^📉/)).toContain('Positions: 2\n')
      expect(await ask('1', /^🔄/)).toContain('🔄 SCALEOUT INITIATED - 2 positions\nMode: FAST')
      await open().sees(/^🎉/)
      if (!alone) await open().sees(/\nAAPL ▰+ (\d+)\/\1 COMPLETE/)
      const said = open()
        .seen()
        .map(({ text }) => text)
      const signed = alone ? total : `${total}\n· ${open().harness.alice.name}`
      expect(said.filter((text) => text.startsWith('🎉')).map(inOrder)).toEqual([inOrder(signed)])
      const [announced, ...steps] = said.filter((text) => text.startsWith('🔄') || text.startsWith('✓ Chunk'))
      if (alone) {
        const chunks = Array.from(announced!.matchAll(/ 0\/(\d+) · /g), ([, count]) => Number(count))
        expect(steps.length).toBeGreaterThan(0)
        expect(steps.length).toBeLessThan(chunks[0]! + chunks[1]!)
        for (const step of steps)
          expect(step).toMatch(
            /^🔄 AAPL \d+\/\d+( ✓)? · BYND \d+\/\d+( ✓)? · P&L \$[+-][\d,.]+$|^🔄 BYND .* · AAPL .* · P&L /,
          )
      } else expect(steps).toEqual([])
      expect(await open().sold()).toBe(3760)
    })

    test('start without an untradable position only after a yes, and end together', async () => {
      expect(await ask('scaleout BYND AAPL BTC-USD slow', /^📉/)).toContain('Go on without BTC-USD?')
      expect(await open().count('scaleouts')).toBe(0)
      await ask('yes', /^🔄 SCALEOUT INITIATED - 2 positions/)
      await ask('cancel scaleout', /^❓ Which scaleout should end\?\n.*ALL - These 2/)
      await ask('all', /^🛑 ENDED 2 SCALEOUTS/)
      await open().sees(/^🏁 SCALEOUT ENDED - 0 of 2 positions complete/)
    })
  })

  describe('a smart scaleout', () => {
    beforeEach(() => ask('long BYND 3750 @ .63', /^✓ LONG/))

    test('follows the volume, and sells exactly the whole', async () => {
      Object.assign(open().desk.parts.market, { bars: busyHalfHour(open()) })
      await ask('scaleout', /^📉/)
      expect(await ask('4', /^🔄/)).toMatch(/\nMode: SMART \(\d+ min.*, .*% of the expected volume\)\n/)
      await open().sees(/^🎉/)
      expect(await open().sold()).toBe(3750)
    })

    test('is not offered without a known volume; the other speeds are', async () => {
      expect(await ask('scaleout smart', /^📉/)).toContain('so a smart scaleout cannot be planned.')
      await ask('medium', /^🔄/)
      expect(await open().count('scaleouts')).toBe(1)
    })
  })
}

/** Six bars of five minutes at one price, with a million shares each; the last one has just ended. */
function busyHalfHour({ desk: { parts } }: Room) {
  const everyMs = (5 * 60_000) / parts.clock.scale
  return async (_: string, minutes: number, count: number) => {
    if (minutes !== 5) return []
    const price = new Big('1.01')
    return Array.from({ length: Math.min(count, 6) }, (_, index) => ({
      at: new Date(parts.clock.now().getTime() - (6 - index) * everyMs),
      ...{ open: price, high: price, low: price, close: price },
      volume: new Big(1_000_000),
    }))
  }
}
