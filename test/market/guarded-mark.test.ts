import Big from 'big.js'
import { describe, expect, test } from 'vitest'
import { expecting, type GuardedMark, type Print, patienceMs, seePrint } from '../../src/market/guarded-mark.ts'
import fc from '../support/fast-check.ts'

const print = (last: string, bid = last, ask = bid, isAssumed = false): Print => ({
  last: new Big(last),
  bid: new Big(bid),
  ask: new Big(ask),
  isAssumed,
})

/** Milliseconds, and the market's prices then: last, and bid and ask when they differ from it. */
type Said = [at: number, last: string, bid?: string, ask?: string, isAssumed?: boolean]

function see(said: Said[], from?: GuardedMark): GuardedMark | undefined {
  return said.reduce<GuardedMark | undefined>(
    (state, [at, ...prices]) => seePrint(state, print(...prices), at),
    from ?? known('1.00', '0.99', '1.01'),
  )
}

/** A state with a confirmed price. */
const known = (last: string, bid: string, ask: string) => seePrint(undefined, print(last, bid, ask), 0)

const markOf = (state: GuardedMark | undefined) => state?.mark?.toFixed(2)

describe('a print at a mark of $1.00 (limit 10%)', () => {
  const table: [says: string, said: Said[], mark: string, isInDoubt: boolean][] = [
    ['a move within the limit is taken at once', [[1, '0.91', '0.91', '0.92']], '0.91', false],
    ['a last below its own quote is doubted', [[1, '0.95', '0.99', '1.01']], '1.00', true],
    ['a last within half a spread outside its quote is taken at once', [[1, '0.98', '0.99', '1.01']], '0.98', false],
    ['a jump is doubted, even with its quote', [[1, '0.50', '0.49', '0.51']], '1.00', true],
    ['a jump without a spread is doubted', [[1, '0.50']], '1.00', true],
    [
      'a normal next print ends the doubt',
      [
        [1, '0.10'],
        [40, '1.01', '1.00', '1.02'],
      ],
      '1.01',
      false,
    ],
    [
      'a second print near it confirms it',
      [
        [1, '0.50'],
        [40, '0.49'],
      ],
      '0.49',
      false,
    ],
    [
      'a second print further away confirms the first, and is in doubt itself',
      [
        [1, '0.50'],
        [40, '0.30'],
      ],
      '0.50',
      true,
    ],
    [
      'a wild print after a true one confirms only the true one',
      [
        [1, '0.85'],
        [40, '0.01'],
      ],
      '0.85',
      true,
    ],
    [
      'a second print in between is another jump, not a confirmation',
      [
        [1, '0.10'],
        [40, '0.80'],
      ],
      '1.00',
      true,
    ],
    [
      'a second print on the other side confirms nothing',
      [
        [1, '0.50'],
        [40, '1.50'],
      ],
      '1.00',
      true,
    ],
    [
      'a repetition of the print confirms nothing',
      [
        [1, '0.50'],
        [300, '0.50'],
        [450, '0.50'],
      ],
      '1.00',
      true,
    ],
    [
      'a quote that follows the last confirms it',
      [
        [1, '0.50', '0.99', '1.01'],
        [40, '0.50', '0.49', '0.51'],
      ],
      '0.50',
      false,
    ],
    [
      'a wide quote that still contains the old price does not confirm it',
      [
        [1, '0.50', '0.99', '1.01'],
        [40, '0.50', '0.49', '1.01'],
      ],
      '1.00',
      true,
    ],
    [
      'after half a second the mark follows a quote that no longer contains it',
      [
        [1, '0.50', '0.49', '0.51'],
        [501, '0.50', '0.49', '0.51'],
      ],
      '0.50',
      false,
    ],
    [
      'without a spread, a price that stays for half a second is confirmed',
      [
        [1, '0.50'],
        [501, '0.50'],
      ],
      '0.50',
      false,
    ],
    [
      'the same holds when bid and ask are assumed from the last price',
      [
        [1, '0.50', '0.495', '0.505', true],
        [501, '0.50', '0.495', '0.505', true],
      ],
      '0.50',
      false,
    ],
    [
      'a quote that stays denies the print',
      [
        [1, '0.10', '0.99', '1.01'],
        [501, '0.10', '0.99', '1.01'],
      ],
      '1.00',
      false,
    ],
    [
      'a wide quote denies it too when it contains the old price',
      [
        [1, '0.50', '0.49', '1.01'],
        [501, '0.50', '0.49', '1.01'],
      ],
      '1.00',
      false,
    ],
    [
      'an outdated last price gives way to the quote',
      [
        [1, '1.00', '1.05', '1.06'],
        [501, '1.00', '1.05', '1.06'],
      ],
      '1.05',
      false,
    ],
    [
      'a denied price stays denied while the quote moves on',
      [
        [1, '0.10', '0.99', '1.01'],
        [501, '0.10', '0.99', '1.01'],
        [900, '0.10', '1.02', '1.04'],
      ],
      '1.02',
      false,
    ],
    [
      'a quote that jumps while the denied price stays is doubted',
      [
        [1, '0.10', '0.99', '1.01'],
        [501, '0.10', '0.99', '1.01'],
        [900, '0.10', '0.20', '0.21'],
      ],
      '1.00',
      true,
    ],
  ]
  test.each(table)('%s', (_, said, mark, isInDoubt) => {
    const state = see(said)
    expect([markOf(state), state?.doubt !== undefined]).toEqual([mark, isInDoubt])
  })
})

describe('the first price of a symbol', () => {
  test('is taken with a quote around it', () => {
    expect(markOf(known('0.63', '0.62', '0.64'))).toBe('0.63')
  })
  test.each([
    ['without one, when a second one is near', print('0.64')],
    ['without one, when it still stands after half a second', print('0.63')],
  ])('is taken %s', (_, second) => {
    const first = seePrint(undefined, print('0.63'), 0)
    expect([markOf(first), first.doubt?.until]).toEqual([undefined, patienceMs])
    expect(markOf(seePrint(first, second, patienceMs))).toBe(second.last.toFixed(2))
  })
  test('neither of two distant first prices is taken', () => {
    expect(see([[1, '0.10']], seePrint(undefined, print('0.63'), 0))?.mark).toBeUndefined()
  })
  test('is taken at once near the expected price, and doubted far from it, also with a quote', () => {
    const paid = expecting(new Big('0.63'))
    expect(markOf(seePrint(paid, print('0.60'), 0))).toBe('0.60')
    const far = seePrint(paid, print('0.06', '0.05', '0.07'), 0)
    expect(far.mark).toBeUndefined()
    expect(markOf(seePrint(far, print('0.62', '0.61', '0.63'), 10))).toBe('0.62')
    // The expected price is no price of the market, and never becomes one.
    expect(markOf(seePrint(far, print('0.06', '0.05', '0.90'), patienceMs))).toBe('0.06')
  })
})

describe('the limit', () => {
  test.each([
    ['5', '4.49', true],
    ['5', '4.51', false],
    ['30', '28.4', true],
    ['30', '28.6', false],
    ['100', '96.9', true],
    ['100', '97.1', false],
  ])('from $%s to $%s, with little history', (from, to, isJump) => {
    const state = see([[1, to]], expecting(new Big(from)))
    expect(state?.doubt !== undefined).toBe(isJump)
  })

  /** A symbol at $100 that has moved fifty times by this many cents, up and down. */
  const moved = (cents: number) =>
    see(
      Array.from({ length: 51 }, (_, index): Said => [index, (100 + ((index % 2) * cents) / 100).toFixed(2)]),
      expecting(new Big('100')),
    )
  test.each([
    [1, '98.90', true],
    [1, '99.10', false],
    [20, '97.50', true],
    [20, '97.70', false],
    [150, '93.90', true],
    [150, '94.50', false],
  ])('after moves of %i cents, to $%s', (cents, to, isJump) => {
    expect(see([[1000, to]], moved(cents))?.doubt !== undefined).toBe(isJump)
  })
})

const cents = (min: number, max: number) => fc.integer({ min, max }).map((value) => new Big(value).div(100))

/** Prices of a market in calm hours, all within 2% of one another. */
const calm = fc
  .integer({ min: 5000, max: 100_000 })
  .chain((base) =>
    fc.array(
      fc.tuple(
        fc.integer({ min: Math.ceil(base * 0.99), max: Math.floor(base * 1.01) }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 400 }),
      ),
      { minLength: 3, maxLength: 40 },
    ),
  )
/** The error of a bad print as a factor, and its spread in cents. */
const factor = fc.oneof(
  fc.double({ min: 0.0001, max: 1000, noNaN: true }),
  fc.double({ min: 0.9, max: 1.1, noNaN: true }),
)
const wild = fc.record({ last: factor, bid: factor, width: cents(0, 1000) })

test("no single print, however wild, moves the mark out of the market's range", () => {
  fc.assert(
    fc.property(calm, wild, fc.boolean(), fc.nat(), (quotes, odd, isWhole, where) => {
      const prints = quotes.map(([last, width, wait]) => {
        const price = new Big(last).div(100)
        return { print: { last: price, bid: price, ask: price.plus(new Big(width).div(100)) }, wait }
      })
      const index = 1 + (where % (prints.length - 1))
      const beside = prints[index]!.print
      // The bad print comes alone between good quotes, or with a quote as bad as itself.
      const by = (share: number) => new Big(beside.last.times(share).plus('0.01').toFixed(2))
      const bad = isWhole
        ? { last: by(odd.last), bid: by(odd.bid), ask: by(odd.bid).plus(odd.width) }
        : { ...beside, last: by(odd.last) }
      const all = prints.toSpliced(index, 0, { print: bad, wait: 1 })
      const lasts = prints.map(({ print: { last } }) => last.toNumber())
      // A move that is no jump at these prices is at most the guideline for $50.
      const [low, high] = [Math.min(...lasts) * 0.95, Math.max(...lasts) * 1.05]
      let state: GuardedMark | undefined
      let at = 0
      for (const { print: one, wait } of all) {
        at += wait
        state = seePrint(state, one, at)
        if (!state.mark) continue
        expect(state.mark.toNumber()).toBeGreaterThan(low)
        expect(state.mark.toNumber()).toBeLessThan(high)
      }
    }),
    { numRuns: 1000 },
  )
})

test('the mark follows a true move within half a second, whatever confirms it', () => {
  const move = fc.record({
    from: cents(5000, 100_000),
    share: fc.oneof(fc.double({ min: 0.05, max: 0.7, noNaN: true }), fc.double({ min: 1.4, max: 5, noNaN: true })),
    by: fc.constantFrom('a second print', 'its quote', 'standing'),
    wait: fc.integer({ min: 1, max: patienceMs - 1 }),
  })
  fc.assert(
    fc.property(move, ({ from, share, by, wait }) => {
      const to = new Big(from.times(share).toFixed(2))
      const cent = new Big('0.01')
      const before = seePrint(undefined, { last: from, bid: from.minus(cent), ask: from.plus(cent) }, 0)
      const old = { bid: from.minus(cent), ask: from.plus(cent) }
      const quoted = { last: to, bid: to.minus(cent), ask: to.plus(cent) }
      const doubted = seePrint(before, by === 'its quote' ? { last: to, ...old } : quoted, 10)
      expect(doubted.doubt?.until).toBe(10 + patienceMs)
      const after = {
        'a second print': () => seePrint(doubted, { ...quoted, last: to.plus(cent) }, 10 + wait),
        'its quote': () => seePrint(doubted, quoted, 10 + wait),
        standing: () => seePrint(doubted, quoted, 10 + patienceMs),
      }[by]()
      expect(after.doubt).toBeUndefined()
      expect(after.mark!.minus(to).abs().lte(cent)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
