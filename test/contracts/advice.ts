import { beforeEach, describe, expect, test } from 'vitest'
import { steadyBars } from '../support/bars.ts'
import type { Room } from './room.ts'

/** The contract of every door for an indicator, and for advice on a position; `alone` is a place without buttons. */
export function indicatorsAndAdvice(open: () => Room, { alone = false }: { alone?: boolean }): void {
  const testOfMany = alone ? () => {} : test
  const ask = (text: string, expected: RegExp) => open().ask(open().harness.alice, text, expected)

  test('an indicator is answered with its number, its meaning, and a picture', async () => {
    const bars = steadyBars({ count: 60, first: 0.7, step: 0.005 })
    Object.assign(open().desk.parts.market, { bars: async () => bars })
    expect(await ask('rsi BYND 5m', /^📊/)).toMatch(
      /^📊 RSI — BYND \(5m bars\)\nRSI\(14\): 100\.0 \| Last: \$1\.01\n💭 Overbought; /,
    )
    await expect
      .poll(() =>
        open()
          .seen()
          .flatMap(({ files = [] }) => files.map(({ name }) => name)),
      )
      .toEqual([expect.stringMatching(/^bynd-rsi-5m.*\.png$/)])
  })

  describe('advice', () => {
    beforeEach(async () => {
      await ask('long BYND 3750 @ .63', /^✓ LONG/)
      const text = await ask('should i exit', /^🤖 EXIT ANALYSIS — BYND/)
      expect(text).toContain('1️⃣  TAKE PROFIT - Sell 3,750 now at about $1.01')
      expect(await open().sold()).toBe(0)
    })

    test('closes when it is answered so', async () => {
      await ask('1', /^✓ SOLD 3,750 BYND @ \$1\.01/)
      expect(await open().sold()).toBe(3750)
    })

    test('scales half of it out', async () => {
      expect(await ask('2', /^🔄/)).toContain('MEDIUM')
      await expect.poll(() => open().sold()).toBe(1875)
    })

    testOfMany('sets a stop that trails, by a press', async () => {
      const { harness, after } = open()
      expect(open().seen().at(-1)?.buttons).toEqual(['TAKE PROFIT', 'SCALE OUT 50%', 'HOLD AND TRAIL'])
      const press = () => harness.press(harness.alice, 'HOLD AND TRAIL')
      await after(press, '✓ HOLD AND TRAIL — BYND: the stop is at $0.9898 and trails by 2%')
    })
  })
}
