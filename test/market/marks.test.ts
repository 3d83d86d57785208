import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createMarket } from '../../src/market/index.ts'
import type { Quote } from '../../src/market/market.ts'
import { marksOf } from '../../src/market/marks.ts'
import { handMarket } from '../support/desk.ts'

/** A market with BYND at a confirmed $1.00, its marks, and the prices that they announced. */
async function watching() {
  const market = handMarket()
  const marks = marksOf(market)
  const told: string[] = []
  market.set('BYND', '1.00', '1.01')
  marks.subscribe((quote) => told.push(quote.last.toFixed(2)))
  market.set('BYND', '1.00', '1.01')
  await marks.rest()
  return { market, marks, told }
}

const priceOf = async (asked: Promise<Quote | undefined>) => (await asked)?.last.toFixed(2)

test('all users of a market share one guard', () => {
  const market = handMarket()
  expect(marksOf(market)).toBe(marksOf(market))
  expect(marksOf(market)).not.toBe(marksOf(handMarket()))
})

test('a price in doubt is not announced until it is confirmed, and a request waits for it', async () => {
  const { market, marks, told } = await watching()
  market.set('BYND', '0.50', '0.51')
  expect(await marks.now('BYND')).toBeUndefined()
  const asked = marks.quote('bynd')
  expect(told).toEqual(['1.00'])
  expect(await priceOf(asked)).toBe('0.50')
  expect(told).toEqual(['1.00', '0.50'])
})

test('a second print ends the wait at once', async () => {
  const { market, marks, told } = await watching()
  market.set('BYND', '0.50', '0.51')
  const asked = marks.quote('BYND')
  market.set('BYND', '0.49', '0.50')
  expect(told).toEqual(['1.00', '0.49'])
  expect(await priceOf(asked)).toBe('0.49')
})

test('the price that two prints reached is announced, while the further one is still in doubt', async () => {
  const { market, marks, told } = await watching()
  market.set('BYND', '0.50', '0.51')
  market.set('BYND', '0.30', '0.31')
  expect(told).toEqual(['1.00', '0.50'])
  await marks.rest()
  expect(told).toEqual(['1.00', '0.50', '0.30'])
})

test('a bad print is never announced, however often a request comes', async () => {
  const { market, marks, told } = await watching()
  market.print('BYND', '0.10', '1.00', '1.01')
  const asked = await Promise.all([marks.quote('BYND'), marks.quote('BYND'), marks.now('BYND')])
  expect(asked.map((quote) => quote?.last.toFixed(2))).toEqual(['1.00', '1.00', undefined])
  market.print('BYND', '0.10', '1.01', '1.02')
  expect([...new Set(told)]).toEqual(['1.00', '1.01'])
})

test('a quote that goes stale while its price is in doubt ends the wait, and is passed on unchanged', async () => {
  const { market, marks } = await watching()
  market.set('BYND', '0.50', '0.51')
  const asked = marks.quote('BYND')
  market.stale('BYND', 'the source is gone')
  expect(await asked).toMatchObject({ stale: 'the source is gone' })
  market.stale('BYND')
  market.set('BYND', '1.01', '1.02')
  expect(await priceOf(marks.quote('BYND'))).toBe('1.01')
})

test('a listener that throws is logged, and does not keep a price from the others', async () => {
  const { market, marks, told } = await watching()
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  marks.subscribe(() => {
    throw new Error('no')
  })
  const after: string[] = []
  marks.subscribe((quote) => after.push(quote.last.toFixed(2)))
  market.set('BYND', '1.02', '1.03')
  expect([told.at(-1), after]).toEqual(['1.02', ['1.02']])
  expect((await warned).message).toBe('no')
})

test('a market that does not answer blocks nobody forever', async () => {
  const silent = { ...handMarket(), quote: () => new Promise<never>(() => {}) }
  await expect(marksOf(silent).quote('BYND')).rejects.toThrow('hand has not said the price of BYND within 2000 ms')
})

test('a wrong row of a file counts only when it stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quotes-'))
  const file = join(folder, 'prices.csv')
  const write = (row: string) => writeFile(file, `symbol,bid,ask,last\nBYND,${row}\n`)
  await write('1.00,1.01,1.00')
  const market = await createMarket({ spec: `quotes:${file}`, clock: systemClock(), maxAgeMs: 15_000 })
  try {
    const marks = marksOf(market)
    const raw: string[] = []
    const told: string[] = []
    market.subscribe((quote) => raw.push(quote.last.toFixed(2)))
    marks.subscribe((quote) => told.push(quote.last.toFixed(2)))
    expect(await priceOf(marks.quote('BYND'))).toBe('1.00')
    await write('0.10,0.11,0.10')
    await expect.poll(() => raw, { interval: 5 }).toContain('0.10')
    await write('0.99,1.00,0.99')
    await expect.poll(() => told).toContain('0.99')
    expect(told).not.toContain('0.10')
    await write('0.10,0.11,0.10')
    await expect.poll(() => told).toContain('0.10')
  } finally {
    await market.close()
    await rm(folder, { recursive: true })
  }
})
