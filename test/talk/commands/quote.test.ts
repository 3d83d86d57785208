import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { createMarket } from '../../../src/market/index.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const { test, desk } = deskTest({ worker: false })
test.beforeEach(() => {
  desk.market.set('BYND', '1.01', '1.03')
  desk.market.stale('BYND')
})

describe('quote', () => {
  test.for(['quote BYND', 'price bynd', 'q $BYND'])(
    '%j shows bid, ask, last, age and source',
    async (text, { alice }) => {
      expect(await alice.say(text)).toMatch(
        /^💵 BYND - BYND\nBid: \$1\.01 \| Ask: \$1\.03 \| Last: \$1\.01\nAge: 0\.\d s \| Source: hand$/,
      )
    },
  )

  test('of a stale price says why it is stale, and that it is not traded on', async ({ alice }) => {
    desk.market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('quote BYND')).toContain('⚠️ Stale: the quote is 60 s old (limit 15 s). It is not traded on.')
  })

  test('of a weak price says why it is weak, unless another source confirms it', async ({ alice }) => {
    desk.market.weaken('BYND', 'it has no bid')
    expect(await alice.say('quote BYND')).toContain(
      '📡 Weak: it has no bid. Alone it triggers no stop or target of a linked account.',
    )
    desk.market.weaken('BYND', 'it has no bid', true)
    expect(await alice.say('quote BYND')).not.toContain('Weak')
  })

  test('without a symbol is of the one last named, or asks', async ({ alice }) => {
    expect(await alice.say('quote')).toBe('❓ Which symbol?')
    expect(await alice.say('AAPL')).toContain('💵 AAPL')
    expect(await alice.say('quote')).toContain('💵 AAPL')
  })

  test('of a symbol that is not known suggests the nearest', async ({ alice }) => {
    expect(await alice.say('quote APL')).toContain('Did you mean AAPL?')
  })
})

describe('a file of quotes whose time is long past', () => {
  let old: TestDesk
  let folder: string
  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quotes-'))
    const file = join(folder, 'prices.csv')
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
    writeFileSync(file, `symbol,bid,ask,last,time\nBYND,1.00,1.02,1.01,${hourAgo}\n`)
    const market = await createMarket({ spec: `quotes:${file}`, clock: systemClock(60), maxAgeMs: 15_000 })
    old = await openTestDesk({ worker: false, market: market as never })
  })
  test.afterAll(async () => {
    await old.close()
    rmSync(folder, { recursive: true })
  })

  test('is shown as stale and not traded on', async () => {
    const bob = someone(old)
    expect(await bob.say('quote BYND')).toMatch(
      /⚠️ Stale: the quote is 60 min old \(limit 15 s\)\. It is not traded on\.$/,
    )
    expect(await bob.say('long BYND 10')).toContain('There is no current price for BYND: the quote is 60 min old')
    expect(await bob.say('long BYND 10 @ 1')).toBe('✓ LONG 10 BYND @ $1.00')
    for (const text of ['close now', 'trim 5', 'scaleout fast']) {
      expect(await bob.say(text)).toContain('⚠️ BYND cannot be traded now: the quote is 60 min old (limit 15 s).')
    }
    expect(await bob.say('positions')).toContain('stale: the quote is 60 min old')
    const orders = await old.desk.parts.db.selectFrom('orders').select('purpose').execute()
    expect(orders).toEqual([{ purpose: 'record' }])
  })
})
