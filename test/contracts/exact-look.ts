import { expect } from 'vitest'
import type { Seen } from './harness.ts'

const speedQuestion = `📉 INTERACTIVE SCALEOUT
Position: LONG 3,750 BYND @ $0.63

How fast should I scale out?
  1️⃣  FAST - Next 1-3 minutes (6-10 chunks)
  2️⃣  MEDIUM - Next 10-15 minutes (8-12 chunks)
  3️⃣  SLOW - Next hour (10-15 chunks)
  4️⃣  SMART - With volume and volatility, 10 minutes to an hour (10-20 chunks)
  5️⃣  CUSTOM - Your own length, chunks or price limit

💡 Reply with 1, 2, 3, 4 or 5`

const profitAndLoss = `💰 P&L SUMMARY - BYND
Open: LONG 3,750 @ $0.63
Current: $1.01
Unrealized P&L: $+1,425.00 (+60.32%)
Realized P&L: $0.00
━━━━━━━━━━━━━━━━━━━━━━
Master P&L: $+1,425.00
Account: equity $101,425.00 · cash $97,637.50
Today, with what is open: $0.00 · realized in all: $0.00
Today leaves out $+1,425.00 of P&L from before positions were recorded`

const bracket = {
  question: `🎯 BRACKET ORDER — LONG 3,750 BYND @ $0.63
  1️⃣  Quick Setup (stop -10%, target +20%)
  2️⃣  Custom Setup (choose your levels)`,
  set: `🎯 BRACKET ORDER SET
Stop: $0.945 (+50.00%)
Target: $1.26 (+100.00%)`,
}

/** The exact text of a conversation about 3,750 BYND at $0.63 when every price is $1.01. */
export const exactLook = { speedQuestion, profitAndLoss, bracket, expectScaleout }

/**
 * The announcement, every fill in order and the end, each of them once, with a progress bar when messages can be edited. In a
 * shared place each names its member.
 */
function expectScaleout(seen: Seen[], mode: string, member?: string): void {
  const signature = member === undefined ? [] : [`· ${member}`]
  const announced = seen.filter(({ text }) => text.startsWith('🔄'))
  expect(announced).toHaveLength(1)
  const { text, edited } = announced[0]!
  const chunks = Number(/^Chunks: (\d+)$/m.exec(text)?.[1])
  expect(chunks).toBeGreaterThanOrEqual(6)
  expect(chunks).toBeLessThanOrEqual(10)
  const lines = [
    '🔄 SCALEOUT INITIATED - BYND',
    `Mode: ${mode}`,
    'Total Quantity: 3,750',
    `Chunks: ${chunks}`,
    'Entry: $0.63',
    '💡 Progress updates will appear automatically',
  ]
  expect(text.split('\n').slice(0, lines.length)).toEqual(lines)
  const rest = text.split('\n').slice(lines.length)
  expect(rest.slice(rest.length - signature.length)).toEqual(signature)
  if (edited) expect(rest[0]).toMatch(/^[▰▱]+ \d+\/\d+( COMPLETE)?$/)

  const said = seen.map((message) => message.text).filter((one) => /^(✓ Chunk|🎉)/.test(one))
  expect(said.slice(0, -1)).toEqual(fills(chunks, signature))
  const last = 3750 - Math.floor(3750 / chunks) * (chunks - 1)
  expect(said.at(-1)?.split('\n')).toEqual([
    '🎉 SCALEOUT COMPLETE - BYND',
    `Final Chunk: ${last} @ $1.01`,
    'Total P&L: $+1,425.00',
    'Position: FLAT',
    '📊 Average $1.01 against $1.01 at the start: no difference',
    ...signature,
  ])
}

/** The messages of all chunks but the last. */
function fills(chunks: number, signature: string[]): string[] {
  const size = Math.floor(3750 / chunks)
  // In cents: $0.38 a share.
  const gain = (shares: number) => `$+${((shares * 38) / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`
  return Array.from({ length: chunks - 1 }, (_, index) => {
    const sold = size * (index + 1)
    const left = (3750 - sold).toLocaleString('en-US')
    return [
      `✓ Chunk ${index + 1}/${chunks}: Sold ${size} BYND @ $1.01`,
      `P&L: ${gain(size)} | Remaining: ${left} | Total P&L: ${gain(sold)}`,
      ...signature,
    ].join('\n')
  })
}
