import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

const { test, desk } = deskTest({ environment: { DESKHAND_OWNERS: 'slack:T1:CHIEF' } })
const owner = someone(desk, 'chief')
test.beforeEach(() => owner.say('limits orders default'))

const idOf = (who: Someone) => `slack:T1:${who.name.toUpperCase()}`

describe('limits', () => {
  test('are shown with their defaults, with what is used of them and with the buying power', async ({ alice }) => {
    await alice.say('long BYND 1000 @ 1')
    await alice.say('buy 100 BYND @ 0.90')
    await alice.say('buy 10 BYND')
    await alice.say('buy 100 BYND if it breaks 2')
    expect(await alice.say('limits')).toBe(
      [
        '⚙️ LIMITS',
        'orders · 60 a minute, 2 in the last one',
        'working · 50 orders at once, 1 now',
        'scheduled · 50 orders for later, 1 now',
        'size · an order may be worth any amount',
        'units · an order may have any number',
        '$98,899.90 of buying power ($90.00 is kept for working orders)',
        '💡 Change one with `limits size $50000`; what exits always passes',
      ].join('\n'),
    )
  })

  test('are made tighter by whoever trades, and looser by an owner', async ({ alice }) => {
    expect(await alice.say('limits orders 30')).toBe('✓ orders: 30 a minute\n💡 Only an owner makes it looser again')
    expect(await alice.say('limits size $50000')).toContain('✓ size: an order may be worth $50,000.00 at most')
    expect(await alice.say('limits units 500')).toContain('✓ units: an order may have 500 units at most')
    const tight = await alice.say('limits')
    for (const looser of [
      'orders 31',
      'orders default',
      'size 60k',
      'size off',
      'size default',
      'units off',
      'working 51',
    ])
      expect(await alice.say(`limits ${looser}`)).toContain(
        'Only an owner may make a limit looser. Nothing was changed',
      )
    expect(await alice.say('limits')).toBe(tight)

    expect(await owner.say(`limits ${idOf(alice)} size off`)).toBe('✓ size: an order may be worth any amount')
    expect(await owner.say(`limits ${idOf(alice)} orders 90`)).toBe('✓ orders: 90 a minute')
    expect(await owner.say(`limits <@${alice.name.toUpperCase()}> working 5`)).toContain(
      'The desk does not know that member',
    )
    expect(await owner.say(`limits ${idOf(alice)}`)).toContain('orders · 90 a minute')
    expect(await alice.say('limits')).toContain('orders · 90 a minute')
    expect(await owner.say('limits')).toContain('orders · 60 a minute')
  })

  test('of one are of one order', async ({ alice }) => {
    expect(await alice.say('limits working 1')).toContain('✓ working: 1 order at once\n')
    expect(await alice.say('limits scheduled 1')).toContain('✓ scheduled: 1 order for later\n')
    expect(await alice.say('limits')).toContain(
      'working · 1 order at once, 0 now\nscheduled · 1 order for later, 0 now\n',
    )
  })

  test('of somebody whom nobody knows are no limits', async ({ alice }) => {
    expect(await owner.say('limits @somebody size $50000')).toMatch(
      /^⚠️ The desk does not know that member\. Nothing was done\.\n💡 Mention/,
    )
    expect(await alice.say('limits @somebody size $50000')).toContain(
      "Only an owner may look at somebody else's limits",
    )
  })

  test('of somebody else are nobody’s business but an owner’s', async ({ alice }) => {
    await owner.say('limits')
    for (const text of ['limits slack:T1:CHIEF', 'limits slack:T1:CHIEF orders 1'])
      expect(await alice.say(text)).toContain("Only an owner may look at somebody else's limits")
    expect(await owner.say('limits')).toContain('orders · 60 a minute')
    expect(await owner.say('limits discord:404 orders 5')).toContain('The desk does not know that member')
  })

  test('are only shown to a viewer', async ({ alice }) => {
    await alice.say('limits')
    await owner.say(`role ${idOf(alice)} viewer`)
    expect(await alice.say('limits orders 5')).toContain('You are a viewer: you may look, but not')
    expect(await alice.say('show me my limits')).toContain('orders · 60 a minute')
  })

  test.each([
    ['limits orders 0', '`orders` takes a whole number from 1 to 600'],
    ['limits orders 2.5', '`orders` takes a whole number from 1 to 600'],
    ['limits orders off', '`orders` takes a whole number from 1 to 600'],
    ['limits orders', '`orders` takes a whole number from 1 to 600'],
    ['limits working 501', '`working` takes a whole number from 1 to 500'],
    ['limits scheduled 5 6', '`scheduled` takes a whole number from 1 to 500'],
    ['limits size -5', '`size` takes dollars, up to $1,000,000,000.00, or `off`'],
    ['limits size 0', '`size` takes dollars'],
    ['limits size $0.001', '`size` takes dollars'],
    ['limits units 2000000000', '`units` takes a number, up to 1,000,000,000, or `off`'],
    [
      'limits moon 3',
      'There is no such limit. Nothing was changed.\n💡 Names are orders, working, scheduled, size, units',
    ],
  ])('`%s` changes nothing and says why', async (text, why) => {
    const before = await owner.say('limits')
    expect(await owner.say(text)).toContain(why)
    expect(await owner.say('limits')).toBe(before)
  })

  test('are a command of their own, and thresholds are another', async ({ alice }) => {
    expect(await alice.say('help limits')).toContain('Usage: `limits [@SOMEBODY] [NAME VALUE]`')
    expect(await alice.say('help thresholds')).not.toContain('`limits`')
    expect(await alice.say('threshold')).toContain('⚙️ THRESHOLDS')
  })
})

describe('an account over its limits', () => {
  test('orders no more in a minute, and is told when it may again; what exits passes', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('limits orders 3')
    for (const size of [1, 2, 3]) expect(await alice.say(`buy ${size} BYND`)).toContain('✓ BOUGHT')
    expect(await alice.say('buy 4 BYND')).toMatch(
      /^⚠️ That would be more than 3 orders in a minute, the limit of this account\. Nothing was done\.\n💡 The next one passes in (60|5\d) s; what exits always does$/,
    )
    expect(await alice.say('trim 6 BYND')).toContain('✓ SOLD 6 BYND')
    expect(await alice.say('sell 10 BYND @ 1.50')).toContain('(working)')
    expect(await alice.say('flat BYND')).toContain('Position: FLAT')
  })

  test('does not count what the desk does by itself', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('limits orders 1')
    await alice.say('scaleout BYND fast')
    const done = () => desk.posted.some(({ place, text }) => place.thread === alice.thread && /COMPLETE/.test(text))
    await expect.poll(done).toBe(true)
    expect(await alice.say('limits')).toContain('0 in the last one')
    expect(await alice.say('buy 4 BYND')).toContain('✓ BOUGHT')
  })

  test('has no more orders working, of whatever kind, until one of them ends', async ({ alice }) => {
    await alice.say('limits working 2')
    await alice.say('long BYND 100 @ 1')
    await alice.say('buy 1 BYND @ 0.90')
    await alice.say('sell 1 BYND @ 1.50')
    const full =
      '⚠️ That would be more than 2 orders working at once, the limit of this account. Nothing was done.\n💡 `orders` shows them, `cancel NUMBER` takes one back; what exits always passes'
    expect(await alice.say('buy 1 BYND @ 0.91')).toBe(full)
    expect(await alice.say('buy 1 BYND')).toBe(full)
    expect(await alice.say('sell 5 BYND @ 1.60')).toContain('(working)')
    await alice.say('cancel all')
    expect(await alice.say('buy 1 BYND @ 0.91')).toContain('(working)')
  })

  test('schedules no more that opens, and still what exits', async ({ alice }) => {
    await alice.say('limits scheduled 2')
    await alice.say('long BYND 100 @ 1')
    for (const price of [2, 3]) expect(await alice.say(`buy 5 BYND if it breaks ${price}`)).toContain('⏰ BUY 5 BYND')
    expect(await alice.say('buy 5 BYND if it breaks 4')).toBe(
      '⚠️ That would be more than 2 orders for later, the limit of this account. Nothing was scheduled.\n💡 `schedule` lists them, `schedule cancel NUMBER` takes one back; what exits always passes',
    )
    expect(await alice.say('close BYND if it breaks 5')).toContain('⏰ CLOSE BYND')
    await alice.say('schedule cancel all')
    expect(await alice.say('buy 5 BYND if it breaks 4')).toContain('⏰ BUY 5 BYND')
  })

  test('orders no more at once than its size, now and later, and is told how much', async ({ alice }) => {
    await alice.say('limits size $1000')
    expect(await alice.say('buy 6 AAPL')).toBe(
      '⚠️ BUY 6 AAPL at about $190.00 is worth $1,140.00, and an order of this account may be worth $1,000.00 at most. Nothing was done.\n💡 `buy 5 AAPL` passes',
    )
    expect(await alice.say('buy 6 AAPL if it breaks 195')).toContain('Nothing was scheduled.\n💡 At most 5 AAPL passes')
    expect(await alice.say('buy 6 AAPL @ 160')).toContain('✓ LIMIT BUY ORDER 6 AAPL')
    await alice.say('limits units 3')
    expect(await alice.say('buy 4 BYND')).toBe(
      '⚠️ BUY 4 BYND at about $1.01 is more than the 3 units that an order of this account may have. Nothing was done.\n💡 `buy 3 BYND` passes',
    )
    expect(await alice.say('buy 3 BYND')).toContain('✓ BOUGHT 3 BYND')
  })

  test('records what it likes, and closes it', async ({ alice }) => {
    for (const limit of ['orders 1', 'working 1', 'size $1', 'units 1']) await alice.say(`limits ${limit}`)
    expect(await alice.say('long AAPL 5000 @ 190')).toContain('✓ LONG 5,000 AAPL')
    expect(await alice.say('limits')).toContain(
      '$0.00 of buying power (what is held cost $850,000.00 more than the account has)',
    )
    expect(await alice.say('trim 4000 AAPL')).toContain('1')
    expect(await alice.say('flat AAPL')).toContain('SOLD')
  })
})
