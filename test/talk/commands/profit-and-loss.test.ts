import { describe, expect } from 'vitest'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.set('BYND', '1.01')
  market.set('AAPL', '190')
  market.stale('BYND')
})

const rule = '━━━━━━━━━━━━━━━━━━━━━━'

describe('pl', () => {
  test('of an open position with something realized, to the letter', async ({ alice }) => {
    await alice.say('long BYND 3751 @ .63')
    market.set('BYND', '37.24')
    await alice.say('trim 1')
    market.set('BYND', '1.01')
    expect(await alice.say('pl')).toBe(`💰 P&L SUMMARY - BYND
Open: LONG 3,750 @ $0.63
Current: $1.01
Unrealized P&L: $+1,425.00 (+60.32%)
Realized P&L: $+36.61
${rule}
Master P&L: $+1,461.61
Account: equity $101,461.61 · cash $97,674.11
Today, with what is open: $+36.23 · realized in all: $+36.61
Today leaves out $+1,425.38 of P&L from before positions were recorded`)
  })

  test.for(['pl', 'PNL', 'p&l', 'profit', 'pl bynd', 'pl $BYND'])('is also %j', async (text, { alice }) => {
    await alice.say('long BYND 10 @ 1')
    expect(await alice.say(text)).toContain('P&L SUMMARY - BYND')
  })

  test('of a losing short position', async ({ alice }) => {
    await alice.say('short BYND 100 @ 1')
    expect(await alice.say('pl')).toBe(`💰 P&L SUMMARY - BYND
Open: SHORT 100 @ $1.00
Current: $1.01
Unrealized P&L: $-1.00 (-1.00%)
Realized P&L: $0.00
${rule}
Master P&L: $-1.00
Account: equity $99,999.00 · cash $100,100.00
Today, with what is open: $0.00 · realized in all: $0.00
Today leaves out $-1.00 of P&L from before positions were recorded`)
  })

  test('of several positions, none of them named, is a line each and the sum', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('short AAPL 10 @ 200')
    await alice.say('trim AAPL 5')
    expect(await alice.say('pl')).toBe(`💰 P&L SUMMARY
SHORT 5 AAPL @ $200.00 · unrealized $+50.00 (+5.00%) · realized $+50.00 · master $+100.00
LONG 100 BYND @ $1.00 · unrealized $+1.00 (+1.00%) · realized $0.00 · master $+1.00
${rule}
Master P&L: $+101.00
Account: equity $100,101.00 · cash $100,950.00
Today, with what is open: $0.00 · realized in all: $+50.00
Today leaves out $+101.00 of P&L from before positions were recorded`)
    expect(await alice.say('pl bynd')).toContain('P&L SUMMARY - BYND')
  })

  test('of a position that is over is what it realized', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('close now')
    expect(await alice.say('pl')).toContain('Position: FLAT\nRealized P&L: $+1.00')
  })

  test('with nothing open is what was closed last, whatever the thread has looked at since', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('close now')
    await alice.say('quote AAPL')
    expect(await alice.say('pl')).toMatch(/^💰 P&L SUMMARY - BYND\nPosition: FLAT\nRealized P&L: \$\+1\.00/)
    expect(await alice.say('pl AAPL')).toMatch(
      /^💰 P&L SUMMARY - AAPL\nYou have no open position in AAPL\. Nothing was traded in it yet\.\nAccount: equity .*\nToday, with what is open: /,
    )
  })

  test('without any position says how to record one', async ({ alice }) => {
    expect(await alice.say('pl')).toBe('⚠️ You have no open position.\n💡 Record one with `long BYND 100`')
    expect(await alice.say('pl AAPL')).toContain('You have no open position in AAPL.')
    expect(await alice.say('pl XXXXXX')).toContain("I don't know the symbol XXXXXX.")
  })

  test('on a stale price says so', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('pl')).toContain('Current: $1.01 (stale: the quote is 60 s old (limit 15 s))')
  })

  test('of several says which price is stale, and of which there is none', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('short AAPL 10 @ 200')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('pl')).toContain('master $+1.00 · stale: the quote is 60 s old (limit 15 s)\n')
    const { quote } = market
    market.quote = async (symbol) => (symbol === 'AAPL' ? undefined : quote(symbol))
    const said = [await alice.say('pl'), await alice.say('positions'), await alice.say('pl chart')]
    market.quote = quote
    expect(said[0]).toMatch(
      /unrealized unknown .*\n(.*\n)+Master P&L: \$\+1\.00 \(without what has no price\)\nAccount: equity \$100,001\.00 \(stale: BYND\) \(without what has no price\) /,
    )
    expect(said[1]).toMatch(/no price\n.*\nUnrealized P&L: \$\+1\.00 \(without what has no price\)$/)
    expect(said[2]).toMatch(/at the prices of your fills \(without what has no price\)$/)
  })

  test("never shows anybody else's", async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.say('pl')).toContain('You have no open position')
    expect(await bob.say('positions')).toContain('No open positions')
  })
})

describe('positions', () => {
  test('are listed by symbol, each at the last price, with the sum', async ({ alice }) => {
    await alice.say('long BYND 3,750 @ .63')
    await alice.say('short AAPL 10 @ 200')
    expect(await alice.say('pos')).toBe(
      [
        '📂 OPEN POSITIONS',
        'SHORT 10 AAPL @ $200.00 · now $190.00 · $+100.00 (+5.00%)',
        'LONG 3,750 BYND @ $0.63 · now $1.01 · $+1,425.00 (+60.32%)',
        'Unrealized P&L: $+1,525.00',
      ].join('\n'),
    )
  })

  test('that are none say how to record one', async ({ alice }) => {
    expect(await alice.say('positions')).toBe('📂 No open positions.\n💡 Record one with `long BYND 100`')
  })

  test('are on the home page of their owner, and of nobody the desk never met', async ({ alice }) => {
    await alice.say('long BYND 3,750 @ .63')
    const home = async (name: string) => (await desk.desk.home({ id: `slack:T1:${name.toUpperCase()}`, name })).text
    expect(await home(alice.name)).toContain('LONG 3,750 BYND @ $0.63')
    const before = await desk.desk.parts.db.selectFrom('members').select('id').execute()
    expect(await home('stranger')).toContain('Welcome to Deskhand')
    expect(await desk.desk.parts.db.selectFrom('members').select('id').execute()).toHaveLength(before.length)
  })
})

describe('commissions that are configured', () => {
  let dear: TestDesk
  test.beforeAll(async () => {
    dear = await openTestDesk({ worker: false, environment: { PAPER_COMMISSION: '0.005' } })
  })
  test.afterAll(() => dear.close())

  test('are taken off the P&L of every fill at the venue, and not of what was only recorded', async () => {
    const carol = someone(dear)
    await carol.say('long BYND 1000 @ 1')
    expect(await carol.say('pl')).toContain('Realized P&L: $0.00')
    // 400 × $0.01 less 400 × half a cent.
    expect(await carol.say('trim 400')).toContain('✓ SOLD 400 BYND @ $1.01\nP&L: $+2.00')
    expect(await carol.say('pl')).toContain('Realized P&L: $+2.00')
    expect(await carol.say('close now')).toContain('P&L: $+3.00')
    expect(await carol.say('pl')).toContain('Master P&L: $+5.00')
    const fills = await dear.desk.parts.db.selectFrom('fills').select('commission').orderBy('id').execute()
    expect(fills.map(({ commission }) => Number(commission))).toEqual([0, 2, 3])
  })
})

describe('a private answer', () => {
  const isPrivate = (replies: { private?: boolean }[]) => replies.map((reply) => reply.private ?? false)

  test('is given to what reads, typed or as an option, and to a refusal of it', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [shown] = await alice.hear('pl privately')
    expect(shown).toMatchObject({ private: true, text: expect.stringContaining('P&L SUMMARY - BYND') })
    expect(isPrivate(await alice.hear('pl'))).toEqual([false])
    expect(isPrivate(await alice.hear('pl ZZZZZ privately'))).toEqual([true])
    const options = desk.desk.commands().find(({ name }) => name === 'pl')?.options
    expect(options?.at(-1)).toMatchObject({ name: 'private', type: 'flag' })
    expect(isPrivate(await alice.commandHeard('pl', { symbol: 'BYND', private: 'true' }))).toEqual([true])
    expect(isPrivate(await alice.commandHeard('pl', { symbol: 'BYND', private: 'false' }))).toEqual([false])
  })

  test('is refused to what changes something, and nothing is done', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    for (const text of ['close now privately', 'trim 10 just for me', 'stop .5 in private', 'mute BYND privately']) {
      const [refused] = await alice.hear(text)
      expect(refused?.text, text).toMatch(/^⚠️ Only what reads is answered in private, .* Nothing was done\./)
      expect(refused?.private).toBe(true)
    }
    expect(await alice.say('positions')).toMatch(/^📂 OPEN POSITIONS\nLONG 100 BYND @ \$1\.00 · now [^\n]*P?/)
    expect(desk.desk.commands().find(({ name }) => name === 'close')?.options).not.toContainEqual(
      expect.objectContaining({ name: 'private' }),
    )
  })

  test('has no question, because others would see it', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('long AAPL 10 @ 1')
    const [refused] = await alice.in(`${alice.thread}-new`).hear('advise privately')
    expect(refused).toMatchObject({ private: true, text: expect.stringContaining('Nothing was done') })
    expect(refused).not.toHaveProperty('question')
  })

  test('stays private after a guess that was confirmed', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [asked] = await alice.hear('posiitons privately')
    if (asked?.question) expect(isPrivate(await alice.press(asked, 'yes'))).toEqual([true])
    else expect(asked).toMatchObject({ private: true })
  })
})
