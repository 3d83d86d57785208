import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'
import { working } from './working.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.set('BYND', '0.63')
  market.set('AAPL', '190')
  market.stale('BYND')
})

const rule = '━━━━━━━━━━━━━━━━━━━━━━'

describe('stop and target', () => {
  test('at a price say what the position returns there and how far away that is', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    market.set('BYND', '0.66')
    expect(await alice.say('stop .55')).toBe(`🛑 STOP SET — LONG 3,750 BYND @ $0.63
Stop: $0.55 (-12.70%)
Current: $0.66, 16.67% away`)
    expect(await alice.say('target $.90')).toBe(`🎯 TARGET SET — LONG 3,750 BYND @ $0.63
Target: $0.90 (+42.86%)
Current: $0.66, 36.36% away
Stop: $0.55 (-12.70%); one cancels the other`)
    expect(await alice.say('sl .6')).toContain('Stop: $0.60 (-4.76%)\nCurrent: $0.66, 9.09% away\nBefore: $0.55\n')
    expect((await working(desk, alice)).map(({ kind, price }) => `${kind} ${price}`)).toEqual([
      'stop 0.6',
      'target 0.9',
    ])
  })

  test.for([
    ['stop 5%', 'Stop: $0.5985 (-5.00%)'],
    ['stop -5%', 'Stop: $0.5985 (-5.00%)'],
    ['stop +5%', 'Stop: $0.6615 (+5.00%)'],
    ['stop loss bynd at 5%', 'Stop: $0.5985 (-5.00%)'],
    ['target 40%', 'Target: $0.882 (+40.00%)'],
    ['tp 150%', 'Target: $1.575 (+150.00%)'],
    ['stop bynd .55', 'Stop: $0.55 (-12.70%)'],
    ['stop .55 BYND', 'Stop: $0.55 (-12.70%)'],
    ['stop @ .55', 'Stop: $0.55 (-12.70%)'],
  ] as const)('%j measures a percentage from the average entry price', async ([text, line], { alice }) => {
    await alice.say('long BYND 3750 @ .63')
    market.set('BYND', '0.70')
    expect(await alice.say(text)).toContain(`\n${line}\n`)
  })

  test('are asked for in a form with the position at its price, which says what is no level', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    market.set('BYND', '0.66')
    const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread: alice.thread }
    const stop = (await alice.hear('stop'))[0]!.question!.id
    expect(await desk.desk.aboutForm(place, stop)).toBe(
      'LONG 3,750 BYND @ $0.63 · now $0.66\nEnter stop loss price:\n💡 Dollars, or a percentage of your entry $0.63: 5% is $0.5985',
    )
    const faults = (questionId: string, answer: string, more?: string[]) =>
      desk.desk.faultsIn({ place, questionId, answer, more })
    const noPrice = '"abc" is not a price. A price such as .63 or 12.50'
    expect(await faults(stop, 'abc')).toEqual([noPrice])
    for (const level of ['.55', '5%', '$0.55']) expect(await faults(stop, level)).toEqual([undefined])
    const bracket = (await alice.hear('bracket'))[0]!.question!.id
    expect(await desk.desk.aboutForm(place, bracket)).toBe('LONG 3,750 BYND @ $0.63 · now $0.66')
    expect(await faults(bracket, 'custom', ['.55', 'abc'])).toEqual([undefined, noPrice])
    expect(await faults(stop, 'abc')).toEqual([])
    expect(await desk.desk.aboutForm(place, stop)).toBeUndefined()
  })

  test('of a short position lie on the other sides', async ({ alice }) => {
    await alice.say('short AAPL 10 @ 200')
    expect(await alice.say('stop 5%')).toContain('Stop: $210.00 (-5.00%)')
    expect(await alice.say('target 40%')).toContain('Target: $120.00 (+40.00%)')
    expect(await alice.say('stop 180')).toContain(
      'The stop of a short position must be above the price: $180.00 is not above $190.00.',
    )
    expect(await alice.say('target 195')).toContain(
      'The target of a short position must be below the price: $195.00 is not below $190.00.',
    )
    expect((await working(desk, alice)).map(({ price }) => price)).toEqual(['210', '120'])
  })

  test.for([
    ['stop .63', '$0.63 is not below $0.63'],
    ['stop .70', '$0.70 is not below $0.63'],
    ['target .63', '$0.63 is not above $0.63'],
    ['target .5', '$0.50 is not above $0.63'],
    ['stop 55', '$55.00 is not below $0.63'],
    ['target 90', 'A target at $90.00 is more than 10 times away from the price, $0.63'],
    ['stop 200%', 'That is a stop at less than nothing'],
    ['stop -100%', 'That is a stop at less than nothing'],
    ['stop half', '`stop` takes no share'],
    ['trail 0%', 'A stop trails by 0.1% to 50% of the price; 0% is not between them.'],
    ['target .63', '💡 A price above $0.63, or `close BYND` to take what there is now'],
    ['stop 100 @ .55', '`stop` takes no quantity'],
    ['stop BYND .55 soon', 'I did not understand "soon"'],
  ] as const)('%j is refused, and sets nothing', async ([text, reason], { alice }) => {
    await alice.say('long BYND 3750 @ .63')
    const said = await alice.say(text)
    expect(said).toContain('⚠️')
    expect(said).toContain(reason)
    expect(await working(desk, alice)).toEqual([])
  })

  test('between what closing would fetch and the last price is on the wrong side', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    market.set('BYND', '0.60', '0.66')
    expect(await alice.say('stop .60')).toContain('$0.60 is not below $0.60')
  })

  test('that trail are asked for a percentage in the words that were typed', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.say('trail')).toContain('By how many percent')
    expect(await alice.say('plenty')).toContain('"plenty" is not a percentage.')
    expect(await alice.say('0')).toContain('0 is not between them.')
  })

  test('without a level are asked for one, and say so again when it makes no sense', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.say('stop')).toBe(
      'Enter stop loss price:\n💡 Dollars, or a percentage of your entry $0.63: 5% is $0.5985',
    )
    const again = await alice.say('.9')
    expect(again).toContain('$0.90 is not below $0.63')
    expect(again).toMatch(/\n\nEnter stop loss price:\n💡.*$/)
    expect(await alice.say('5%')).toContain('Stop: $0.5985 (-5.00%)')
    expect(await alice.say('target')).toBe(
      'Enter take profit price:\n💡 Dollars, or a percentage of your entry $0.63: 5% is $0.6615',
    )
    expect(await alice.say('cancel')).toMatch(/^OK, never mind: `target` asks no more\. Nothing was done\./)
  })

  test('are refused without a fresh price', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('stop .55')).toContain(
      'A level for BYND cannot be checked against the market now: the quote is 60 s old (limit 15 s). Nothing was set.',
    )
    expect(await working(desk, alice)).toEqual([])
  })

  test('are taken away by off', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('stop .55')
    await alice.say('target .90')
    expect(await alice.say('stop bynd off')).toBe('✓ Stop $0.55 of LONG 3,750 BYND @ $0.63 is off.')
    expect((await working(desk, alice)).map(({ kind }) => kind)).toEqual(['target'])
    expect(await alice.say('stop off')).toContain('BYND has no stop. Nothing was done.')
    expect(await alice.say('trail off')).toContain('BYND has no trailing stop. Nothing was done.')
    expect(await alice.say('target off')).toBe('✓ Target $0.90 of LONG 3,750 BYND @ $0.63 is off.')
  })

  test('are asked which position they are for when there are several', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('long AAPL 10 @ 190')
    const elsewhere = alice.in(`${alice.thread}-elsewhere`)
    expect(await elsewhere.say('stop 5%')).toContain('Which one do you mean?')
    expect(await elsewhere.say('AAPL')).toContain('STOP SET — LONG 10 AAPL @ $190.00\nStop: $180.50 (-5.00%)')
  })

  test('come from a platform command too', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    expect(await alice.command('stop', { price: '5%', symbol: 'BYND' })).toContain('Stop: $0.5985 (-5.00%)')
    expect(await alice.command('target', { price: '.90' })).toContain('Target: $0.90 (+42.86%)')
    expect(await alice.command('stop', { off: 'off' })).toContain('Stop $0.5985 of LONG 3,750 BYND @ $0.63 is off.')
  })
})

describe('trail', () => {
  test.for(['trail $0.05', 'trail 5c bynd', 'trail BYND 0.05 dollars', 'trail stop by 5 cents', 'trail BYND 5 cents'])(
    '%j keeps these dollars',
    async (text, { alice }) => {
      await alice.say('long BYND 100 @ .5')
      market.set('BYND', '1')
      expect(await alice.say(text)).toContain('Stop: $0.95 (+90.00%), trails by $0.05\n')
      expect(await alice.say('watch BYND')).toContain('BYND stop set at $0.95, trails by $0.05')
      await alice.say('stop .98')
      expect(await alice.say('undo')).toContain('trails by $0.05')
    },
  )

  test.for([
    ['trail $2', 'for BYND at $1.00 by $0.001 to $0.50; $2.00 is not between them. Nothing was done.'],
    ['trail $0.0001', '$0.0001 is not between them.'],
  ] as const)('%j is too far or too near: %s', async ([text, why], { alice }) => {
    await alice.say('long BYND 100 @ .5')
    market.set('BYND', '1')
    expect(await alice.say(text)).toContain(why)
    expect(await working(desk, alice)).toEqual([])
  })

  test.for(['stop 5%', 'stop .6', 'stop $.95'])('is not loosened by %j without a question', async (text, { alice }) => {
    await alice.say('long BYND 100 @ 1')
    market.set('BYND', '1')
    await alice.say('trail 4%')
    expect(await alice.say(text)).toContain('LOOSEN THE STOP? LONG 100 BYND @ $1.00\nIt is at $0.96, trails by 4.00%.')
    expect(await alice.say('no')).toBe('OK, the stop stays as it is.')
    expect(await working(desk, alice)).toMatchObject([{ price: '0.96', trail: '0.04' }])
    await alice.say(text)
    expect(await alice.say('yes')).toContain('🛑 STOP SET')
    expect(await working(desk, alice)).toMatchObject([{ trail: null }])
    expect(await alice.say('stop .5')).toContain('🛑 STOP SET')
  })

  test('is answered in dollars or percent', async ({ alice }) => {
    await alice.say('long BYND 100 @ .5')
    market.set('BYND', '1')
    await alice.say('trail')
    expect(await alice.say('$0.05')).toContain('Stop: $0.95 (+90.00%), trails by $0.05')
    await alice.say('trail')
    expect(await alice.say('10c')).toContain('Stop: $0.90 (+80.00%), trails by $0.10')
  })

  test.for(['stop BYND 5% off', 'stop .5 off', 'trail 2% off'])('is not taken away by %j', async (text, { alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('trail 4%')
    expect(await alice.say(text)).toContain('⚠️')
    expect(await working(desk, alice)).toHaveLength(1)
  })

  test('keeps its distance from the present price, in the place of the stop', async ({ alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('stop .55')
    market.set('BYND', '1.00')
    expect(await alice.say('trail 4%')).toBe(`🛑 STOP SET — LONG 3,750 BYND @ $0.63
Stop: $0.96 (+52.38%), trails by 4.00%
Current: $1.00, 4.00% away
Before: $0.55`)
    expect(await working(desk, alice)).toEqual([{ kind: 'stop', price: '0.96', quantity: '3750', trail: '0.04' }])
    expect(await alice.say('trail off')).toBe('✓ Stop $0.96 of LONG 3,750 BYND @ $0.63 is off.')
  })

  test('is asked for its distance, and again for one that makes no sense', async ({ alice }) => {
    await alice.say('short AAPL 10 @ 200')
    expect(await alice.say('trailing stop')).toContain('By how many percent')
    const again = await alice.say('80%')
    expect(again).toContain('A stop trails by 0.1% to 50% of the price; 80% is not between them.')
    expect(again).toContain('By how many percent')
    expect(await alice.say('5')).toContain('Stop: $199.50 (+0.25%), trails by 5.00%')
  })
})

describe('breakeven', () => {
  test('moves the stop to the average entry price', async ({ alice }) => {
    await alice.say('long BYND 100 @ .60')
    market.set('BYND', '0.70')
    expect(await alice.say('breakeven')).toContain('Stop: $0.60 (0.00%)\nCurrent: $0.70, 14.29% away')
  })

  test('is refused while the position loses, with both numbers', async ({ alice }) => {
    await alice.say('long BYND 100 @ .70')
    expect(await alice.say('break even')).toContain('must be below the price: $0.70 is not below $0.63')
  })

  test('never loosens a stop', async ({ alice }) => {
    await alice.say('long BYND 100 @ .50')
    await alice.say('stop .60')
    expect(await alice.say('break even')).toContain('The stop of BYND at $0.60 saves as much as one at $0.50, or more')
    expect((await working(desk, alice)).map(({ price }) => price)).toEqual(['0.6'])
  })
})

describe('what protects a position', () => {
  test('is in pl, a line each after the price, with the distance', async ({ alice }) => {
    await alice.say('long BYND 3,750 @ .63')
    await alice.say('bracket')
    await alice.say('1')
    expect(await alice.say('pl')).toBe(`💰 P&L SUMMARY - BYND
Open: LONG 3,750 @ $0.63
Current: $0.63
Stop: $0.567 (10.00% away)
Target: $0.756 (20.00% away)
Unrealized P&L: $0.00 (0.00%)
Realized P&L: $0.00
${rule}
Master P&L: $0.00
Account: equity $100,000.00 · cash $97,637.50
Today, with what is open: $0.00 · realized in all: $0.00`)
  })

  test('is in positions, and in the pl of several', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('long AAPL 10 @ 190')
    await alice.say('stop AAPL 180.5')
    await alice.say('trail AAPL 4%')
    await alice.say('target BYND .90')
    expect(await alice.say('positions')).toBe(
      [
        '📂 OPEN POSITIONS',
        'LONG 10 AAPL @ $190.00 · now $190.00 · $0.00 (0.00%) · stop $182.40 (4.00% away), trails by 4.00%',
        'LONG 100 BYND @ $0.63 · now $0.63 · $0.00 (0.00%) · target $0.90 (42.86% away)',
        'Unrealized P&L: $0.00',
      ].join('\n'),
    )
    expect(await alice.say('pl')).toContain('master $0.00 · target $0.90 (42.86% away)')
  })

  test('is in the history of a symbol', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await alice.say('stop .55')
    await alice.say('trail 4%')
    await alice.say('target .90')
    await alice.say('target off')
    await alice.say('close now')
    const watched = await alice.say('watch BYND 50')
    expect(watched).toContain('BYND stop set at $0.55')
    expect(watched).toContain('BYND stop moved from $0.55 to $0.6048, trails by 4.00%')
    expect(watched).toContain('BYND target set at $0.90')
    expect(watched).toContain('BYND target $0.90 cancelled: taken back')
    expect(watched).toContain('BYND stop $0.6048 cancelled: the position is closed')
  })
})

describe('who may protect', () => {
  test('a viewer may not', async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('name', '=', alice.name).execute()
    for (const text of ['stop .55', 'target .90', 'bracket', 'trail 4%', 'breakeven', 'stop off']) {
      expect(await alice.say(text)).toContain('you may look, but not trade')
    }
  })

  test("nobody may touch anybody else's position", async ({ alice }) => {
    await alice.say('long BYND 100 @ .63')
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.say('stop .55')).toContain('You have no open position')
    expect(await working(desk, alice)).toEqual([])
  })
})
