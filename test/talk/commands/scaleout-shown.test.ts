import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { nextOfCancel } from '../../../src/talk/commands/scaleouts/cancel-scaleout.ts'
import { nextOfSeveral } from '../../../src/talk/commands/scaleouts/scale-out-several.ts'
import type { Position } from '../../../src/trading/positions/rows/positions.ts'
import type { Scaleout } from '../../../src/trading/scaleouts/rows/scaleouts.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { said } from './asked.ts'
import { someone } from './someone.ts'

const position = (id: number, symbol: string, signed: number) =>
  ({ id, symbol, signedQuantity: new Big(signed), openCost: new Big(Math.abs(signed)) }) as Position
const bynd = { position: position(1, 'BYND', 3750), quantity: new Big(3750) }
const aapl = { position: position(2, 'AAPL', -100), quantity: new Big(50) }
const btc = { symbol: 'BTC-USD', why: 'no open position' }

describe('what a scaleout of several asks next', () => {
  test.each([
    ['the speed', [bynd, aapl], [], {}, 'speed'],
    ['the speed, with what is left out named', [bynd], [btc], {}, 'speed'],
    ['whether to go on without what is left out', [bynd, aapl], [btc], { speed: 'fast' }, 'go'],
    ['that again when more is left out after a yes', [bynd], [btc], { speed: 'fast', go: 'yes' }, 'go'],
  ])('is %s', (_, fit, unfit, given, name) => {
    const asked = nextOfSeveral(fit, unfit, said(given), said(given))
    if (typeof asked === 'string') throw new Error('nothing was asked')
    expect(asked.ask.name).toBe(name)
    expect(asked.given.symbols).toBe(fit.map((one) => one.position.symbol).join(' '))
    for (const { symbol, why } of unfit) expect(asked.text).toContain(`⚠️ Without ${symbol}: ${why}`)
  })

  test.each(['fast', 'medium', 'slow', 'smart'])('is nothing when all fit and it is %s', (speed) => {
    expect(nextOfSeveral([bynd, aapl], [], said({ speed }), said({ speed }))).toBe(speed)
  })

  test('keeps which positions were shown, and how much of them', () => {
    expect(nextOfSeveral([bynd, aapl], [], said({}), {})).toMatchObject({
      state: {
        positions: [
          { symbol: 'BYND', id: 1, signedQuantity: new Big(3750) },
          { symbol: 'AAPL', id: 2, signedQuantity: new Big(-50) },
        ],
      },
    })
  })
})

describe('which scaleouts are to end', () => {
  const running = (symbol: string, groupId: number | null) =>
    ({ symbol, groupId, doneChunks: 1, chunkCount: 8 }) as Scaleout
  const three = [running('A', 1), running('B', 1), running('C', null)]
  const symbolsOf = (meant: ReturnType<typeof nextOfCancel>) =>
    Array.isArray(meant)
      ? meant.map(({ symbol }) => symbol).join('')
      : 'ask' in meant
        ? `ask ${meant.ask.name}`
        : meant.code

  test.each([
    ['the one that is named', three, ['C'], undefined, {}, 'C'],
    ['those that are named', three, ['A', 'C'], undefined, {}, 'AC'],
    ['none when one that is named does not run', three, ['A', 'D'], undefined, {}, 'NO_SCALEOUT'],
    ['all when all is said', three, [], 'C', { fraction: '1' }, 'ABC'],
    ['the thread’s when it stands alone', three, [], 'C', {}, 'C'],
    ['asked when the thread’s is one of several', three, [], 'A', {}, 'ask which'],
    ['those that belong together after that answer', three, [], 'A', { which: 'group' }, 'AB'],
    ['asked when nothing says which', three, [], undefined, {}, 'ask symbol'],
    ['asked when all that run belong together', three.slice(0, 2), [], undefined, {}, 'ask which'],
    ['the only one', [three[2]!], [], 'A', {}, 'C'],
    ['the last one of a group', [three[0]!], [], undefined, {}, 'A'],
  ])('is %s', (_, those, symbols, thread, given, expected) => {
    expect(symbolsOf(nextOfCancel(those, symbols, thread, said(given as Record<string, string>)))).toBe(expected)
  })
})

const { test, desk } = deskTest({ worker: false })

const scaleouts = () => desk.desk.parts.db.selectFrom('scaleouts').selectAll().orderBy('id').execute()

describe('an answer starts no more than its question showed', () => {
  test('when the position has grown', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    await alice.in(`${alice.thread}-other`).say('buy 50 BYND')
    expect(await alice.say('1')).toContain('Total Quantity: 100\n')
  })

  test('of several, when one has grown', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('long AAPL 10 @ 100')
    await alice.say('scaleout all')
    await alice.in(`${alice.thread}-other`).say('buy 50 BYND')
    expect(await alice.say('1')).toContain('0 of 100 sold')
  })

  test('when the position was closed, and another opened: the question comes again', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    const other = alice.in(`${alice.thread}-other`)
    await other.say('close BYND now')
    await other.say('short BYND 40 @ 1')
    const before = await scaleouts()
    expect(await alice.say('1')).toContain('📉 INTERACTIVE SCALEOUT\nPosition: SHORT 40 BYND')
    expect(await scaleouts()).toEqual(before)
    expect(await alice.say('1')).toContain('Total Quantity: 40\n')
  })

  /** How much of each symbol a question shows. */
  function shownBy(question: Reply | undefined): Map<string, number> {
    const shown = new Map<string, number>()
    const number = (text: string) => Number(text.replaceAll(',', ''))
    for (const [, quantity, symbol, part] of question?.text.matchAll(
      /(?:LONG|SHORT) ([\d,.]+) (\S+) @ [^\n:]*(?:(?:: |\nQuantity: )([\d,.]+))?/g,
    ) ?? [])
      shown.set(symbol!, number(part ?? quantity!))
    return shown
  }

  const asks = ['scaleout BYND', 'scaleout all', 'scaleout BYND AAPL half', 'scaleout BYND AAPL BTC-USD fast', 'so 30%']
  const answers = ['1', '2', '3', '4', 'fast', 'yes', 'no', 'slow', 'half', 'all', '99']
  const elsewhere = [
    ...['buy 70 BYND', 'trim BYND 20', 'close BYND now', 'short BYND 30 @ 1', 'long BYND 60 @ 1', 'close AAPL now'],
    ...['buy 3 AAPL', 'cancel scaleout BYND', 'cancel scaleout all', 'long AAPL 2 @ 100'],
  ]
  const acts = fc.array(
    fc.oneof(
      fc.record({ where: fc.constant('here' as const), text: fc.constantFrom(...asks) }),
      fc.record({ where: fc.constant('here' as const), text: fc.constantFrom(...answers) }),
      fc.record({ where: fc.constant('elsewhere' as const), text: fc.constantFrom(...elsewhere) }),
    ),
    { minLength: 2, maxLength: 10 },
  )

  test('whatever is answered, and whatever is done elsewhere meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const who = someone(desk)
        const other = who.in(`${who.thread}-other`)
        await who.say('long BYND 100 @ 1')
        await who.say('long AAPL 10 @ 100')
        let question: Reply | undefined
        for (const { where, text } of all) {
          if (where === 'elsewhere') {
            for (const reply of await other.hear(text))
              if (reply.question) await other.press(reply, reply.question.choices[0]?.value ?? '1')
            continue
          }
          const before = (await scaleouts()).length
          const replies = await who.hear(text)
          const started = (await scaleouts()).slice(before)
          const shown = shownBy(question)
          // Words alone may be asked back without a position: that question is not this flow's.
          if (answers.includes(text) && question?.text.includes('INTERACTIVE SCALEOUT')) {
            expect(started.map(({ symbol }) => shown.has(symbol))).not.toContain(false)
            for (const { symbol, total_quantity } of started)
              expect(Number(total_quantity)).toBeLessThanOrEqual(shown.get(symbol)!)
          }
          question = replies.find((reply) => reply.question) ?? (started.length > 0 ? undefined : question)
        }
      }),
      { numRuns: 40 },
    )
  })
})
