import { beforeEach, describe, expect, test } from 'vitest'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { type Unkind, unkindDesk } from './unkind.ts'

/** Longer than any test takes. */
const neverMs = 600_000

let desk: Unkind
let alice: Someone

/** The next order at the market is filled in a quarter, and no further. */
const fillsAQuarter = () =>
  desk.venue.script(
    {
      parts: [
        { weight: 1, afterMs: 1500 }, // after the answer, on a busy machine, too,
        { weight: 3, afterMs: neverMs },
      ],
    },
    ({ limitPrice }) => limitPrice === undefined,
  )

beforeEach(async () => {
  desk = await unkindDesk()
  alice = someone(desk)
  await alice.say('long BYND 5000 @ 1')
})

describe.each([
  { words: 'close BYND now', order: 'SELL 5,000', quarter: '1,250', total: '5,000', left: 'LONG 3,750' },
  { words: 'sell 400 BYND', order: 'SELL 400', quarter: '100', total: '400', left: 'LONG 4,900' },
  { words: 'add 400 BYND', order: 'BUY 400', quarter: '100', total: '400', left: 'LONG 5,100' },
])('%j, which waits at the venue at the market', ({ words, order, quarter, total, left }) => {
  test('has a number, is listed with what was filled of it, and is taken back by its number', async () => {
    fillsAQuarter()
    const answer = await alice.say(words)
    await expect
      .poll(() => [answer, ...desk.said()].join('\n'))
      .toContain('What it fills follows here.\n💡 Order 1: `cancel 1` takes back what is not filled by then')
    await expect.poll(() => alice.say('orders')).toContain(`${quarter} of ${total} filled`)
    expect(await alice.say('orders')).toMatch(
      new RegExp(
        `^📋 WORKING ORDERS\n1 · ${order} BYND at the market · .* old · ${quarter} of ${total} filled\n💡 \`cancel 1\``,
      ),
    )
    expect(await alice.say('tasks')).toContain(`${order} BYND at the market (order 1) · ${quarter} of ${total} filled`)
    expect(await alice.say('task 1')).toContain(`${order} BYND at the market: working, partly filled`)
    expect(await alice.say('move 1 1.10')).toContain('Order 1 is at the market and has no limit to move.')
    // The venue's own report may come before its answer; then the outbox posts it.
    const cancelled = await alice.say('cancel 1')
    await expect
      .poll(() => [cancelled, ...desk.said()].join('\n'))
      .toContain(`✓ CANCELLED order 1: ${order} BYND\n${quarter} of ${total} were`)
    await desk.rests()
    expect(await alice.say('positions')).toContain(left)
    expect(await alice.say('orders')).toContain('No working orders')
    expect(await alice.say('history')).toContain(`${order} BYND at the market 🛑 cancelled`)
    await desk.expectTruth()
  })
})

test('`sell all` names the quantity of other orders, and not its own', async () => {
  await alice.say('sell 1000 BYND @ 1.50')
  fillsAQuarter()
  const said = await alice.say('sell all BYND')
  expect(said).toContain('⚠️ Not all of it: ')
})

test('a turn whose exit waits says what to say when it is done, and orders nothing more', async () => {
  fillsAQuarter()
  await alice.say('sell 6000 BYND')
  const said = await alice.say('2')
  expect(said).toContain(
    '⚠️ The 1,000 BYND beyond the position were not ordered, since it is not closed yet.\n💡 When you are FLAT, `sell 1000 BYND` opens the rest; nothing orders it by itself',
  )
  await desk.venue.settle()
  await desk.rests()
  expect(await alice.say('positions')).toContain('No open positions')
})

test('fills of a buy while `close` takes it back are closed, too', async () => {
  desk.venue.script({ cancel: { refusedTimes: 0, afterMs: 100, isRaced: true } }, ({ side }) => side === 'buy')
  await alice.say('buy 50 BYND @ .95')
  await alice.say('close BYND now')
  await desk.rests()
  const bought = desk.venue.truth.fills().filter(({ side }) => side === 'buy')
  expect(bought).not.toEqual([])
  expect(await alice.say('positions')).toContain('No open positions')
  await desk.expectTruth()
})
