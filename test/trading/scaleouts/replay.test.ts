import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { systemClock } from '../../../src/base/clock.ts'
import { profitText } from '../../../src/base/format.ts'
import { createMarket } from '../../../src/market/index.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp, isAtRest } from '../orders/books.ts'

/** Real one-minute bars of the Euro Stoxx 50 future, kept beside the project. */
const folder = fileURLToPath(new URL('../../../../shared/data/minute', import.meta.url))
const title = existsSync(folder) ? 'on recorded bars' : `on recorded bars (skipped: there is no ${folder})`

describe.skipIf(!existsSync(folder))(title, () => {
  let desk: TestDesk
  let alice: Someone

  beforeAll(async () => {
    const clock = systemClock(600)
    const log = pino({ level: 'silent' })
    const market = await createMarket({ spec: `replay:${folder}`, clock, maxAgeMs: 15_000, log })
    desk = await openTestDesk({
      timeScale: 600,
      clock,
      market: market as never,
      environment: { PAPER_SLIPPAGE_BPS: '1' },
    })
    alice = someone(desk)
  })
  afterAll(() => desk.close())

  test.each([
    ['long FESX 100 @ 3590', 'sell', 1],
    ['short FESX 37 @ 3590', 'buy', -1],
  ])('after %j a scaleout of FESX runs to the end, and its P&L is the sum over its fills', async (text, side, sign) => {
    await alice.say(text)
    const said = desk.posted.length
    expect(await alice.say('scaleout')).toContain('How fast')
    expect(await alice.say('2')).toContain('SCALEOUT INITIATED')
    await vi.waitFor(() => expect(desk.posted.slice(said).at(-1)?.text).toContain('Position: FLAT'))

    const { db } = desk.desk.parts
    const scaleout = await db.selectFrom('scaleouts').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
    const fills = await db
      .selectFrom('fills as f')
      .innerJoin('orders as o', 'o.id', 'f.order_id')
      .innerJoin('scaleout_chunks as c', 'c.id', 'o.chunk_id')
      .where('c.scaleout_id', '=', scaleout.id)
      .select(['f.quantity', 'f.price', 'f.side', 'f.filled_at'])
      .orderBy('f.id')
      .execute()
    expect(fills.length).toBe(scaleout.chunk_count)
    expect(new Set(fills.map((fill) => fill.side))).toEqual(new Set([side]))
    // Every price was traded by the future that day, give or take a tick or two.
    for (const { price } of fills) expect(Number(price)).toBeGreaterThan(3500)
    for (const { price } of fills) expect(Number(price)).toBeLessThan(3700)

    const quantity = sum(fills.map((fill) => new Big(fill.quantity)))
    const exchanged = sum(fills.map((fill) => new Big(fill.quantity).times(fill.price)))
    const pnl = exchanged.minus(quantity.times(3590)).times(sign)
    expect(scaleout).toMatchObject({
      state: 'complete',
      sold_quantity: quantity.toFixed(),
      realized_pnl: pnl.toFixed(),
    })
    expect(desk.posted.at(-1)!.text).toContain(`Total P&L: ${profitText(pnl)}\nPosition: FLAT`)
    expect(await alice.say('pl')).toContain(`Realized P&L: ${profitText(pnl)}`)
    expect(await isAtRest(desk)).toBe(true)
    await expectBooksToAddUp(desk)
  })
})
