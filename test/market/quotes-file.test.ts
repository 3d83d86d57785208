import { appendFileSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { readQuotes } from '../../src/market/feeds/quotes/quotes-csv.ts'
import { openQuotesFile } from '../../src/market/feeds/quotes/quotes-file.ts'
import type { Market, Quote } from '../../src/market/market.ts'
import fc from '../support/fast-check.ts'
import { handClock } from './hand-clock.ts'

const head = 'symbol,bid,ask,last\n'
const soon = { timeout: 5_000, interval: 20 }

let folder: string
let file: string
let market: Market | undefined
let warned: string[]
let healed: number

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quotes-'))
  file = path.join(folder, 'prices.csv')
  market = undefined
  warned = []
  healed = 0
})
afterEach(async () => {
  await market?.close()
  rmSync(folder, { recursive: true })
})

async function opening(content: string, clock = systemClock()) {
  writeFileSync(file, content)
  const log = {
    info: () => void healed++,
    warn: (fields: object) => void warned.push((fields as { trouble: string }).trouble),
  }
  market = await openQuotesFile({ file, clock, log })
  return market
}

const last = async (symbol: string) => (await market!.quote(symbol))?.last.toFixed()
const ageOf = async (symbol: string) => Date.now() - (await market!.quote(symbol))!.at.getTime()

/** Waits until the market has looked at the file again. */
async function nextLook() {
  const before = Date.now()
  const probe = (await market!.quote('PROBE'))!.at.getTime()
  expect(probe).toBeLessThanOrEqual(before)
  await expect.poll(async () => (await market!.quote('PROBE'))!.at.getTime(), soon).toBeGreaterThan(before)
}

describe('a file of quotes', () => {
  test('accepts any letter case, and has ticks as fine as the file', async () => {
    await opening(`${head}bynd,.63,0.64,0.635\n AAPL , 229.99 , 230 , 230\n`)
    expect(await market!.quote('Bynd')).toMatchObject({ symbol: 'BYND', source: 'quotes:prices.csv' })
    expect(market!.instruments().map(({ symbol, tick, lot }) => `${symbol} ${tick} ${lot}`)).toEqual([
      'BYND 0.001 1',
      'AAPL 0.01 1',
    ])
    expect(await market!.quote('MSFT')).toBeUndefined()
    expect(await market!.bars('BYND', 1, 10)).toEqual([])
  })

  test('is current as long as it can be read', async () => {
    await opening(`${head}PROBE,1,2,1\n`)
    await nextLook()
    expect(await ageOf('PROBE')).toBeLessThan(2_000)
  })

  test('is read again when it changes, and only changes are announced', async () => {
    await opening(`${head}A,1,2,1\nB,1,2,1\n`)
    const heard: Quote[] = []
    market!.subscribe((quote) => heard.push(quote))
    writeFileSync(file, `${head}A,1,2,1\nB,3,4,3.5\nC,5,6,5\n`)
    await expect.poll(() => heard.map((quote) => `${quote.symbol} ${quote.last}`), soon).toEqual(['B 3.5', 'C 5'])
    expect(await last('B')).toBe('3.5')
  })

  test('is read again when another file takes its name', async () => {
    await opening(`${head}A,1,2,1\n`)
    const next = path.join(folder, 'next.csv')
    writeFileSync(next, `${head}A,1,2,2\n`)
    const { atime, mtime } = statSync(file)
    utimesSync(next, atime, mtime)
    renameSync(next, file)
    await expect.poll(() => last('A'), soon).toBe('2')
  })

  test('is read again when it changes within the resolution of its time stamp, to the same size', async () => {
    await opening(`${head}A,1,2,1\n`)
    const { atime, mtime } = statSync(file)
    writeFileSync(file, `${head}A,1,2,2\n`)
    utimesSync(file, atime, mtime)
    await expect.poll(() => last('A'), soon).toBe('2')
  })

  test('keeps the last good price of a bad row, which ages, while the good rows stay current', async () => {
    await opening(`${head}A,1,2,1\nPROBE,1,2,1\n`)
    writeFileSync(file, `${head}A,5,4,4\nPROBE,1,2,2\n`)
    await expect.poll(() => last('PROBE'), soon).toBe('2')
    const stoodUntil = (await market!.quote('A'))!.at
    await nextLook()
    await nextLook()
    expect(await market!.quote('A')).toMatchObject({ at: stoodUntil })
    expect(await last('A')).toBe('1')
    await expect.poll(() => warned, soon).toEqual(['line 2: the bid 5 of A is above the ask 4'])
    await nextLook()
    expect(warned).toHaveLength(1)
    writeFileSync(file, `${head}A,3,4,4\nPROBE,1,2,2\n`)
    await expect.poll(() => last('A'), soon).toBe('4')
    await expect.poll(() => ageOf('A'), soon).toBeLessThan(1_000)
    await expect.poll(() => healed, soon).toBe(1)
  })

  test('ages when it vanishes, logs that once, and is read again when it is back', async () => {
    await opening(`${head}A,1,2,1\n`)
    rmSync(file)
    await expect.poll(() => warned, soon).toEqual([`there is no file ${file}`])
    const { at } = (await market!.quote('A'))!
    await expect.poll(() => ageOf('A'), soon).toBeGreaterThan(1_000)
    expect((await market!.quote('A'))!.at).toEqual(at)
    expect(warned).toHaveLength(1)
    writeFileSync(file, `${head}A,1,2,1\n`)
    await expect.poll(() => ageOf('A'), soon).toBeLessThan(1_000)
  })

  test('lets rows that are removed from it age', async () => {
    await opening(`${head}A,1,2,1\nPROBE,1,2,1\n`)
    writeFileSync(file, `${head}PROBE,1,2,1\n`)
    await expect.poll(() => warned, soon).toEqual(['no row for A'])
    const { at } = (await market!.quote('A'))!
    await nextLook()
    expect((await market!.quote('A'))!.at).toEqual(at)
  })

  test('never takes a line that is still being written', async () => {
    await opening(`${head}PROBE,1,2,1\nA,101.5,101.75,101.6\n`)
    writeFileSync(file, `${head}PROBE,1,2,2\nA,101.5,101.75,1`)
    // Time stamps of a file server may be ahead; here this keeps the file "just modified", however slow the machine is.
    utimesSync(file, new Date(), new Date(Date.now() + 30_000))
    await expect.poll(() => last('PROBE'), soon).toBe('2')
    expect(await last('A')).toBe('101.6')
    appendFileSync(file, '01.7\n')
    await expect.poll(() => last('A'), soon).toBe('101.7')
    expect(warned).toEqual([])
  })

  test('takes a last line without a line end once the file no longer changes', async () => {
    await opening(`${head}A,1,2,1`)
    expect(await last('A')).toBe('1')
    writeFileSync(file, `${head}A,1,2,2`)
    await expect.poll(() => last('A'), soon).toBe('2')
  })

  test('uses the time column when there is one', async () => {
    const clock = handClock('2026-11-20T15:00:00Z')
    await opening(
      `time,symbol,bid,ask,last\n2026-11-20T14:59:00Z,A,1,2,1\n2026-11-20T16:00:02+01:00,B,1,2,1\n,C,1,2,1\n`,
      clock,
    )
    expect((await market!.quote('A'))!.at).toEqual(new Date('2026-11-20T14:59:00Z'))
    // A little ahead of the clock counts as now.
    expect((await market!.quote('B'))!.at).toEqual(clock.now())
    expect((await market!.quote('C'))!.at).toEqual(clock.now())
  })
})

describe('a row of quotes', () => {
  const now = new Date('2026-11-20T15:00:00Z')

  test.each([
    ['A,2,1,1', 'the bid 2 of A is above the ask 1'],
    ['A,0,1,1', 'the bid of A is zero'],
    ['A,-1,1,1', 'the bid of A is not a price'],
    ['A,NaN,1,1', 'the bid of A is not a price'],
    ['A,1,Infinity,1', 'the ask of A is not a price'],
    ['A,1,2,', 'the last of A is not a price'],
    ['A,1,2,1e3', 'the last of A is not a price'],
    ['A,1,2,0x10', 'the last of A is not a price'],
    ['A,1,2,1.123456789', 'the last of A has more than 8 decimals'],
    ['A,1,2', '3 columns instead of 4'],
    ['A,1,2,1,5', '5 columns instead of 4'],
    ['<@everyone>,1,2,1', 'the symbol is not one'],
    ['"A,1,2,1', 'the symbol is not one'],
  ])('that says %j is refused', (row, fault) => {
    const { rows, faults } = readQuotes(`${head}OK,1,2,1.5\n${row}\nFINE,1,1,1\n`, now)
    expect([...rows.keys()]).toEqual(['OK', 'FINE'])
    expect(faults).toEqual([`line 3: ${fault}`])
  })

  test('that comes twice, or from the future, or without its offset, is refused', () => {
    const { rows, faults } = readQuotes(
      'symbol,bid,ask,last,time\nA,1,2,1,\na,1,2,1,\nB,1,2,1,2026-11-20T15:10:00Z\nC,1,2,1,2026-11-20T15:00:00\n',
      now,
    )
    expect([...rows.keys()]).toEqual(['A'])
    expect(faults).toEqual([
      'line 3: a second row for A',
      'line 4: the time of B lies in the future',
      'line 5: the time of C is not an ISO time with its offset',
    ])
  })

  test('can be quoted, and the file may begin with a byte order mark', () => {
    const { rows } = readQuotes('\ufeff"symbol","bid","ask","last"\r\n"BRK.B","1","2","1.5"\r\n', now)
    expect(rows.get('BRK.B')!.last.toFixed()).toBe('1.5')
  })

  test('is an ordered, positive quote or a fault, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-C,.\d"\n-]*$/)), (text) => {
        for (const { bid, ask, last } of readQuotes(head + text, now).rows.values()) {
          expect(bid.gt(0) && last.gt(0) && bid.lte(ask)).toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
