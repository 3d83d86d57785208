import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../commands/someone.ts'
import { chatter } from '../language/chatter.ts'

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk, market } = deskTest({ worker: false, clock, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
test.beforeEach(({ alice }) => alice.say('long BYND 300 @ 1'))

const orders = async () => (await desk.desk.parts.db.selectFrom('orders').select('id').execute()).length

describe('what the model read', () => {
  test('is repeated back with its slots, and done exactly so on a yes', async ({ alice }) => {
    const asked = await alice.say('peel off a third of bynd')
    expect(asked).toBe(
      '🤔 Did you mean: trim a third of BYND?\n  1️⃣  YES - Do it\n  2️⃣  NO - Leave it\n\n💡 Reply with 1 or 2',
    )
    expect(await alice.say('1')).toContain('SOLD 100 BYND')
    expect(await alice.say('positions')).toContain('LONG 200 BYND')
  })

  test('is left alone on a no, and after five minutes', async ({ alice }) => {
    const before = await orders()
    await alice.say('peel off a third of bynd')
    expect(await alice.say('no')).toBe('OK. Nothing was done.')
    await alice.say('peel off a third of bynd')
    clock.advance(6 * 60_000)
    expect(await alice.say('1')).toContain('has expired')
    expect(await orders()).toBe(before)
  })

  test('means the symbol that was shown, also when another one is named meanwhile', async ({ alice }) => {
    const asked = await alice.say('peel off a third of it')
    expect(asked).toContain('Did you mean: trim a third of BYND?')
    await alice.say('quote AAPL')
    const [question] = await alice.hear('peel off a third of bynd')
    await alice.say('quote AAPL')
    expect((await alice.press(question!, 'yes'))[0]!.text).toContain('SOLD 100 BYND')
  })

  test('names the symbol of the thread only where something is open in it', async ({ alice }) => {
    await alice.say('quote AAPL')
    const asked = await alice.say('peel off a third of it')
    expect(asked).toContain('Did you mean: trim a third?')
    expect(asked).not.toContain('AAPL')
  })

  test('is asked only of who may do it', async () => {
    const viewer = someone(desk, 'uviewer')
    await viewer.say('help')
    const said = await someone(desk, 'uowner').say(`role <@${viewer.name.toUpperCase()}> viewer`)
    expect(said).toContain('is now a viewer')
    expect(await viewer.say('peel off a third of bynd')).toContain('You are a viewer')
  })

  test('is answered by its member and nobody else', async ({ alice }) => {
    const [asked] = await alice.hear('peel off a third of bynd')
    const bob = someone(desk, undefined, alice.thread)
    expect((await bob.press(asked!, 'yes'))[0]!.text).toContain(`That question is for ${alice.name}`)
    expect(await alice.say('positions')).toContain('LONG 300 BYND')
  })
})

describe('talk', () => {
  test('gets no answer where nobody spoke to the desk, and does nothing', async ({ alice }) => {
    const before = await orders()
    for (const text of chatter) {
      expect(await alice.hear(text, { addressed: false }), text).toEqual([])
    }
    expect(await orders()).toBe(before)
    expect(await alice.say('positions')).toContain('LONG 300 BYND')
  })

  test('to the desk gets an answer, and does nothing', async ({ alice }) => {
    const before = await orders()
    for (const text of chatter.slice(0, 60)) {
      const replies = await alice.hear(text)
      expect(replies.length, text).toBeGreaterThan(0)
      if (replies.some(({ question }) => question)) await alice.hear('never mind')
    }
    expect(await orders()).toBe(before)
    expect(await alice.say('positions')).toContain('LONG 300 BYND')
  })

  test('to another person is not for the desk, even when it is a command', async ({ alice }) => {
    expect(await alice.hear('<@U777> close BYND now', { addressed: false })).toEqual([])
    expect(await alice.hear('can you close BYND now?', { addressed: false })).toEqual([])
  })
})

describe('a word that is also a symbol', () => {
  for (const [symbol, name] of [
    ['ALL', 'Allstate'],
    ['FAST', 'Fastenal'],
    ['COST', 'Costco'],
    ['PLTR', 'Palantir'],
  ] as const)
    market.list(symbol, '40', name)

  test('is asked about, and the answer does exactly what was shown', async ({ alice }) => {
    await alice.in(`${alice.thread}-other`).say('long $ALL 20 @ 30')
    expect(await alice.say('sell ALL')).toBe(
      [
        '🤔 ALL: Allstate, or everything?',
        '  1️⃣  sell ALL',
        '  2️⃣  sell all of BYND',
        '  3️⃣  NOTHING - Leave it',
        '',
        '💡 Reply with a number from 1 to 3',
      ].join('\n'),
    )
    expect(await alice.say('3')).toBe('OK. Nothing was done.')
    await alice.say('sell ALL')
    expect(await alice.say('2')).toContain('SOLD 300 BYND')
    expect(await alice.say('close ALL')).toContain('  1️⃣  close ALL\n  2️⃣  close every position\n')
    expect(await alice.say('1')).toContain('CLOSE LONG 20 ALL')
  })

  test('is that symbol where only that makes sense', async ({ alice }) => {
    expect(await alice.say('long ALL 50 @ 30')).toBe('✓ LONG 50 ALL @ $30.00')
    expect(await alice.say('scaleout FAST slow half')).toContain('You have no open position in FAST')
    expect(await alice.say('buy A 10')).toContain("I don't know the symbol A. Nothing was done.")
    expect(await alice.say('buy NOW 10')).toContain("I don't know the symbol NOW. Nothing was done.")
    expect(await alice.say('watch A')).toContain("I don't know the symbol A.")
  })

  test('is everything in a sentence in capitals, unless its symbol is held', async ({ alice }) => {
    expect(await alice.say('SELL ALL NOW')).toContain('SOLD 300 BYND')
    await alice.say('long $ALL 20 @ 30')
    await alice.say('long BYND 300 @ 1')
    expect(await alice.say('SELL ALL NOW')).toContain('🤔 ALL: Allstate, or everything?')
  })

  test('is no word where it was chosen as the option of a platform command', async ({ alice }) => {
    expect(await alice.command('long', { symbol: 'COST', quantity: '10', price: '30' })).toBe('✓ LONG 10 COST @ $30.00')
    expect(await alice.command('scaleout', { symbol: 'FAST' })).toContain('You have no open position in FAST')
    expect(await alice.command('quote', { symbol: 'palantir' })).toContain('💵 PLTR')
    expect(await alice.command('close', { symbol: 'BYND', quantity: 'ALL', now: 'now' })).toContain('SOLD 300 BYND')
  })
})

describe('a name or another spelling', () => {
  test('finds its instrument, which is asked about before money moves', async ({ alice }) => {
    expect(await alice.say('buy 10 palantir')).toContain('🤔 Did you mean: buy 10 PLTR?')
    expect(await alice.say('1')).toContain('BOUGHT 10 PLTR')
    expect(await alice.say('quote bitcoin')).toContain('💵 BTC-USD')
    expect(await alice.say('buy 0.1 BTC')).toContain('🤔 Did you mean: buy 0.1 BTC-USD?')
  })

  test('of a pair is that pair, or is refused by its name', async ({ alice }) => {
    expect(await alice.say('buy 0.01 BTC/USD')).toContain('BOUGHT 0.01 BTC-USD')
    expect(await alice.say('buy 1 SOL/USD')).toContain("I don't know the symbol SOL/USD. Nothing was done.")
  })

  test('answers the question for a symbol', async ({ bob }) => {
    expect(await bob.say('quote')).toContain('Which symbol?')
    expect(await bob.say('palantir')).toContain('💵 PLTR')
    market.list('SO', '90', 'Southern Company')
    const other = bob.in(`${bob.thread}-other`)
    await other.say('quote')
    expect(await other.say('SO')).toContain('💵 SO')
  })

  test('of two things is refused by a command for one of them', async ({ alice }) => {
    expect(await alice.say('unwatch BYND AAPL')).toContain('`unwatch` takes no more than one symbol. Nothing was done.')
    expect(await alice.say('rsi PLTR AAPL')).toContain('`rsi` takes no more than one symbol.')
  })

  test('completes a symbol, and a command about positions begins with the open ones', async ({ alice }) => {
    const author = { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name }
    expect(await desk.desk.suggest(author, 'buy', 'pala')).toEqual([{ symbol: 'PLTR', name: 'Palantir' }])
    const all = (await desk.desk.suggest(author, 'buy', '')).map(({ symbol }) => symbol)
    expect(await desk.desk.suggest(author, 'scaleout', '')).toEqual([
      { symbol: 'BYND', name: 'Beyond Meat', position: 'LONG 300 BYND @ $1.00' },
      ...(await desk.desk.suggest(author, 'buy', '')).filter(({ symbol }) => symbol !== 'BYND'),
    ])
    expect(all).toContain('COST')
    const stranger = { id: 'slack:T1:USTRANGER', name: 'stranger' }
    expect((await desk.desk.suggest(stranger, 'scaleout', 'b'))[0]).toEqual({ symbol: 'BYND', name: 'Beyond Meat' })
  })
})
