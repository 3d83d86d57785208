import { describe, expect, test } from 'vitest'
import { contentsOf } from '../../../bots/discord/render.ts'
import { renderText } from '../../../bots/slack/render.ts'
import { Big } from '../../../src/base/amounts.ts'
import { inAccount } from '../../../src/talk/chat/reply.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { Order } from '../../../src/trading/orders/rows/orders.ts'
import type { Position } from '../../../src/trading/positions/rows/positions.ts'
import type { Filled, ScaleoutNotice } from '../../../src/trading/scaleouts/notices.ts'
import type { Chunk } from '../../../src/trading/scaleouts/rows/chunks.ts'
import type { Scaleout } from '../../../src/trading/scaleouts/rows/scaleouts.ts'
import fc from '../../support/fast-check.ts'

const big = (amount: number | string) => new Big(amount)

const scaleout = {
  ...{ symbol: 'BYND', side: 'sell', speed: 'fast', state: 'cancelled', groupId: null },
  ...{ totalQuantity: big(3750), soldQuantity: big(1500), proceeds: big(1530), realizedPnl: big(585) },
  ...{ chunkCount: 8, doneChunks: 3, decisionPrice: big('1.01') },
} as Scaleout
const short: Scaleout = { ...scaleout, side: 'buy', symbol: 'AAPL', groupId: 1 }
const position = { symbol: 'BYND', signedQuantity: big(2250), openCost: big('1417.5') } as Position
const chunk = { number: 4 } as Chunk
const filled: Filled = { quantity: big(500), proceeds: big(510), realizedPnl: big(195) }
const nothing: Filled = { quantity: big(0), proceeds: big(0), realizedPnl: big(0) }
const order = {
  ...{ side: 'sell', symbol: 'BYND', purpose: 'chunk', state: 'cancelled' },
  ...{ quantity: big(500), filledQuantity: big(0), proceeds: big(0) },
} as unknown as Order

const traded = { kind: 'scaleout.chunk_traded', scaleout, position, chunk, filled, isLate: false } as const
const cancelled = { kind: 'scaleout.cancelled', scaleout, position, because: 'as you asked' } as const
const stopped = { kind: 'scaleout.stopped', scaleout, position, error: 'the venue is closed' } as const
const sums = 'P&L: $+195.00 | Remaining: 2,250 | Total P&L: $+585.00'
const ended = 'Sold 1,500 of 3,750 in 3/8 chunks\nTotal P&L: $+585.00\nPosition: LONG 2,250 BYND @ $0.63'

test.each<[string, ScaleoutNotice, string]>([
  [
    'a chunk that leaves something to the next ones',
    { ...traded, leaves: big(20) },
    `✓ Chunk 4/8: Sold 500 BYND @ $1.02, 20 go to the next ones\n${sums}`,
  ],
  [
    'a chunk that the venue tells of late',
    { ...traded, leaves: big(20), isLate: true },
    `✓ Chunk 4/8: Sold 500 BYND @ $1.02\n${sums}\n⚠️ The venue tells of it late: the order had ended`,
  ],
  [
    'a chunk of several scaleouts of which nothing was bought back yet',
    { ...traded, scaleout: short, filled: nothing, leaves: big(500) },
    '⏳ Chunk 4/8: nothing of AAPL bought back yet, 500 go to the next ones\nP&L: $0.00 | Remaining: 2,250 | Total P&L: $+585.00',
  ],
  [
    'a chunk that the venue has ended',
    { kind: 'scaleout.chunk_untraded', order: { ...order, venueOrderId: 'v1' }, position, words: 'out of hours' },
    '⚠️ SELL 500 BYND was not filled and never will be (out of hours). Nothing was traded.',
  ],
  [
    'an end that a member asked for',
    { ...cancelled, inFlight: big(0) },
    `🛑 SCALEOUT CANCELLED - BYND (by you)\n${ended}`,
  ],
  [
    'an end with a chunk at the venue',
    { ...cancelled, inFlight: big(500) },
    `🛑 SCALEOUT CANCELLED - BYND (by you)\n${ended}\nAn order for 500 is with the venue already; what becomes of it follows.`,
  ],
  [
    'an end after three failures, with an order of which nobody knows',
    { ...stopped, unconfirmed: big(500) },
    `🛑 SCALEOUT STOPPED - BYND\nThree tries in a row failed: the venue is closed\n${ended}\nAn order of 500 is not confirmed by the venue; the desk keeps asking and will say what became of it.\n💡 Type \`scaleout BYND\` to go on, or \`close BYND\``,
  ],
  [
    'the end of several at once',
    {
      kind: 'scaleouts.cancelled',
      ended: [
        { scaleout, onTheWay: big(500) },
        { scaleout: short, onTheWay: big(0) },
      ],
    },
    '🛑 ENDED 2 SCALEOUTS\nBYND: 1,500 of 3,750 sold · 500 are with the venue already, and what becomes of that follows\nAAPL: 1,500 of 3,750 bought back',
  ],
  [
    'the total of several',
    { kind: 'scaleouts.ended', scaleouts: [{ ...scaleout, state: 'complete' }] },
    '🎉 SCALEOUT COMPLETE - 1 positions\n✓ BYND: 1,500 of 3,750 sold @ $1.02 · P&L $+585.00 · $15.00 better\nTotal P&L: $+585.00\n📊 Against the prices at the start: $15.00 better',
  ],
])('%s', (_, notice, text) => expect({ ...wording(notice), tone: undefined }).toEqual({ text, ofMember: 'always' }))

test('every message about one scaleout names its symbol, and asks for the name of its member', () => {
  const every: ScaleoutNotice[] = [
    { kind: 'scaleout.started', scaleout, position, pace: 'fast' },
    {
      kind: 'scaleout.updated',
      scaleout,
      announced: wording({ kind: 'scaleout.started', scaleout, position, pace: 'fast' }).text,
    },
    traded,
    { ...traded, filled: nothing, leaves: big(500) },
    { kind: 'scaleout.chunk_untraded', order: { ...order, state: 'refused' }, position },
    { kind: 'scaleout.chunk_untraded', order, position },
    { kind: 'scaleout.paused', scaleout, chunk, error: 'the venue is closed', waitMs: 5000 },
    { kind: 'scaleout.price_missing', scaleout, chunk, because: 'no quote' },
    { kind: 'scaleout.completed', scaleout, position: { ...position, signedQuantity: big(0) }, filled },
    { ...stopped, unconfirmed: big(0) },
    { ...cancelled, inFlight: big(0) },
  ]
  for (const notice of every) {
    const said = wording(notice)
    expect(said.text, notice.kind).toContain('BYND')
    expect(said.ofMember, notice.kind).toBe('always')
  }
})

describe('the message about many scaleouts', () => {
  const states = ['running', 'paused', 'complete', 'cancelled', 'stopped'] as const
  const many = fc.array(
    fc.record({ symbol: fc.stringMatching(/^[A-Z]{1,5}$/), state: fc.constantFrom(...states), done: fc.nat(16) }),
    { minLength: 1, maxLength: 300 },
  )
  const textOf = (scaleouts: Scaleout[]) =>
    wording({ kind: 'scaleouts.started', group: { speed: 'fast', scaleouts } }).text

  test('stays one message on every platform, however many there are', () => {
    fc.assert(
      fc.property(many, (drawn) => {
        const scaleouts = drawn.map(({ symbol, state, done }) => ({
          ...scaleout,
          ...{ symbol, state, doneChunks: done, chunkCount: 16 },
        }))
        const { text } = wording({ kind: 'scaleouts.started', group: { speed: 'fast', scaleouts } })
        expect(contentsOf(inAccount({ text }, 'a long name of 30 characters..', 'somebody'))).toHaveLength(1)
        expect(renderText(text)).toHaveLength(1)
      }),
    )
  })

  const running = (count: number) =>
    Array.from({ length: count }, (_, index): Scaleout => ({ ...scaleout, symbol: `S${index}`, state: 'running' }))

  test('folds the ended ones first, and then shortens the others', () => {
    const few = textOf([...running(3), { ...short, state: 'complete' }])
    expect(few).toContain('\nS2 ▰▰▰▱▱▱▱▱ 3/8 · ')
    expect(few).toContain('\nAAPL ▰▰▰▱▱▱▱▱ 3/8 COMPLETE · ')
    const ended = running(20).map((one): Scaleout => ({ ...one, state: 'complete' }))
    const folded = textOf([...running(10), ...ended])
    expect(folded).toContain('\nS9 ▰▰▰▱▱▱▱▱ 3/8 · ')
    expect(folded).toContain('\nEnded 20: S0 ✓, S1 ✓, ')
    expect(folded).toContain(' · P&L $+11,700.00\n')
    expect(textOf(running(60))).toContain('\nS0 3/8 · S1 3/8 · ')
    expect(textOf(running(300))).toMatch(/ and \d+ more\n/)
  })
})
