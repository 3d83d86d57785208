import { describe, expect } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../commands/someone.ts'

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk } = deskTest({ worker: false, clock, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })

const heard = () => desk.desk.parts.db.selectFrom('audit').selectAll().execute()

describe('the symbol of a thread', () => {
  test('is the last one that was named in it', async ({ alice }) => {
    await alice.say('quote AAPL')
    expect(await alice.say('quote')).toContain('💵 AAPL')
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('quote')).toContain('💵 BYND')
    expect(await alice.say('scaleout')).toContain('Position: LONG 100 BYND')
  })

  test.for([
    'close now',
    'flat',
    'exit now',
    'sell half',
    'sell 10',
    'sell 10 at 15:55',
    'trim a third',
    'scaleout fast',
    'stop 5%',
  ])(
    'is not chosen by a look when something is sold, nor among several that were opened here: %j',
    async (exit, { alice }) => {
      await alice.say('long BYND 100 @ 1')
      const aapl = alice.in(`${alice.thread}-other`)
      await aapl.say('long AAPL 10 @ 190')
      await alice.say('quote AAPL')
      expect(await alice.say(exit)).toContain('❓ Which one do you mean?')
      await alice.say('mute AAPL 1h')
      expect(await alice.say(exit)).toContain('❓ Which one do you mean?')
      await alice.say('never mind')
      expect(await alice.say('long BTC-USD 1 @ 60000')).toContain('LONG 1 BTC-USD')
      expect(await alice.say(exit)).toContain('❓ Which one do you mean?')
      expect(await alice.say('positions')).toMatch(/LONG 10 AAPL[\s\S]*LONG 1 BTC-USD[\s\S]*LONG 100 BYND/)
    },
  )

  test('is sold without a question where the thread opened only that one', async ({ alice }) => {
    const other = alice.in(`${alice.thread}-other`)
    await other.say('long AAPL 10 @ 190')
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('close now')).toContain('SOLD 100 BYND')
  })

  test.for(['flat all', 'close it all now', 'close all now', 'exit all', 'flatten it all', 'puke'])(
    'is not sold alone by words that mean everything: %j',
    async (text, { alice }) => {
      await alice.say('long BYND 100 @ 1')
      await alice.say('long AAPL 10 @ 190')
      if (text === 'puke') await someone(desk, 'uowner').say('alias puke = close now')
      const asked = await alice.say(text)
      expect(asked).toMatch(text === 'puke' ? /❓ Which one do you mean\?/ : /CLOSE ALL 2 POSITIONS/)
      expect(await alice.say('positions')).toMatch(/LONG 10 AAPL[\s\S]*LONG 100 BYND/)
    },
  )

  test('is one of its own in every thread', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const other = alice.in(`${alice.thread}-other`)
    await other.say('long AAPL 10 @ 190')
    expect(await alice.say('quote')).toContain('💵 BYND')
    expect(await other.say('quote')).toContain('💵 AAPL')
  })

  test('is asked for, numbered from the open positions, where none is known', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('long AAPL 10 @ 190')
    const other = alice.in(`${alice.thread}-other`)
    expect(await other.say('scaleout')).toBe(
      [
        '❓ Which one do you mean?',
        '  1️⃣  AAPL - LONG 10 AAPL @ $190.00',
        '  2️⃣  BYND - LONG 100 BYND @ $1.00',
        '',
        '💡 Reply with a number from 1 to 2',
      ].join('\n'),
    )
    expect(await other.say('2')).toContain('INTERACTIVE SCALEOUT\nPosition: LONG 100 BYND')
    expect(await other.say('1')).toContain('SCALEOUT INITIATED')
  })

  test('is one of the open positions, which is said, where nothing is open in it', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('quote AAPL')
    expect(await alice.say('close now')).toBe(
      '❓ You have no open position in AAPL. Do you mean this one?\n  1️⃣  BYND - LONG 100 BYND @ $1.00\n\n💡 Reply with 1',
    )
    expect(await alice.say('yes')).toContain('SOLD 100 BYND')
  })

  test('is taken by its name or with a dollar sign when it is asked for', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('long AAPL 10 @ 190')
    const other = alice.in(`${alice.thread}-other`)
    await other.say('close now')
    expect(await other.say('$bynd')).toContain('SOLD 100 BYND')
  })

  test('is not changed by a symbol that is not known', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('quote BYNX')
    expect(await alice.say('quote')).toContain('💵 BYND')
  })
})

describe('people who talk to each other in a thread', () => {
  const talk = [
    'good morning',
    'did anybody see the earnings of BYND yesterday?',
    'I would not sell here, honestly',
    'long time no see everybody',
    'lol',
    '1',
    'yes',
    'so far so good I think',
    'well done',
    'tell me',
    '',
    '🚀🚀🚀',
    'close to the resistance, watch out for a reversal',
    '@everyone lunch?',
  ]

  test.for(talk)('are left alone, and nothing of it is kept: %j', async (text, { alice }) => {
    const before = (await heard()).length
    expect(await alice.hear(text, { addressed: false })).toEqual([])
    expect(await heard()).toHaveLength(before)
    const met = await desk.desk.parts.db.selectFrom('members').select('id').where('name', '=', alice.name).execute()
    expect(met).toEqual([])
  })

  test('may use commands without naming the desk', async ({ alice }) => {
    expect((await alice.hear('long BYND 100 @ 1', { addressed: false }))[0]!.text).toBe('✓ LONG 100 BYND @ $1.00')
    expect((await alice.hear('scaleout', { addressed: false }))[0]!.text).toContain('How fast')
    expect((await alice.hear('1', { addressed: false }))[0]!.text).toContain('SCALEOUT INITIATED')
  })

  const everyday = [
    'panic 😱😱',
    'flat',
    'FLAT!!',
    'halt',
    'out now',
    'exit now',
    'dump it all',
    'flatten',
    'circuit breaker',
  ]

  test.for(everyday)('sell nothing with a word of every day: %j', async (word, { alice, bob }) => {
    await alice.say('long BYND 100 @ 1')
    const here = bob.in(alice.thread)
    const stranger = someone(desk, undefined, alice.thread)
    expect(await stranger.hear(word, { addressed: false })).toEqual([])
    await bob.say('long AAPL 10 @ 190')
    for (const one of [alice, here]) {
      const [asked, ...others] = await one.hear(word, { addressed: false })
      expect(others).toEqual([])
      if (asked) expect(asked.question).toBeDefined()
    }
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
    expect(await bob.say('positions')).toContain('LONG 10 AAPL')
  })

  test('may use the short forms in an answer, with a mention, and with a symbol', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [asked] = await alice.hear('flat', { addressed: false })
    expect(asked!.text).toContain('🤔 Did you mean: close BYND, at the market?')
    expect((await alice.hear('yes', { addressed: false }))[0]!.text).toContain('SOLD 100 BYND')
    await alice.say('long BYND 100 @ 1')
    expect((await alice.hear('close now', { addressed: false }))[0]!.text).toContain('SOLD 100 BYND')
    await alice.say('long BYND 100 @ 1')
    expect((await alice.hear('flat bynd', { addressed: false }))[0]!.text).toContain('SOLD 100 BYND')
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('flat')).toContain('SOLD 100 BYND')
  })

  test('are left alone also while a question waits for one of them', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    const bob = someone(desk, undefined, alice.thread)
    const before = (await heard()).length
    for (const text of ['I think she will take the slow one this time', 'nice trade', 'lol', '6']) {
      expect(await bob.hear(text, { addressed: false })).toEqual([])
    }
    expect(await heard()).toHaveLength(before)
  })

  test('are left alone also while one of them is asked for a number, and long after', async ({ alice }) => {
    const bob = someone(desk, undefined, alice.thread)
    await alice.say('long BYND')
    const before = (await heard()).length
    for (const text of ['500', 'take 500', 'what do you think?', 'nice']) {
      expect(await bob.hear(text, { addressed: false })).toEqual([])
    }
    expect(await heard()).toHaveLength(before)
    expect((await alice.hear('500', { addressed: false }))[0]!.text).toBe(
      '✓ LONG 500 BYND @ $1.01 (recorded at the last price; no order sent)',
    )
    await alice.say('long AAPL')
    const after = (await heard()).length
    clock.advance(6 * 60_000)
    for (const one of [alice, bob]) {
      for (const text of ['I am back, what did I miss?', '5']) {
        expect(await one.hear(text, { addressed: false })).toEqual([])
      }
    }
    expect(await heard()).toHaveLength(after)
  })

  test('are answered when they try to answer what they are asked, and only they', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.hear('warp speed', { addressed: false })).toEqual([])
    expect((await alice.hear('warp speed', { addressed: false }))[0]!.text).toContain('That is not one of the choices.')
    expect((await alice.hear('fast', { addressed: false }))[0]!.text).toContain('SCALEOUT INITIATED')
  })
})

describe('a slip of the finger', () => {
  test.for([
    ['postions', 'LONG 100 BYND @ $1.00'],
    ['scaelout', 'How fast should I scale out?'],
    ['clsoe BYND', 'CLOSE LONG 100 BYND'],
  ] as const)('is forgiven where nothing is done by it: %j', async ([text, shown], { alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say(text)).toContain(shown)
  })

  test.for([
    ['clsoe BYND now', 'close BYND, at the market', 'SOLD 100 BYND'],
    ['lnog AAPL 10 @ 190', 'record a long position 10 AAPL @ $190', 'LONG 10 AAPL @ $190.00'],
    ['cnacel scaleout', 'cancel the scaleout BYND', 'No scaleout is running'],
  ] as const)('is asked about where money would move: %j', async ([text, meant, done], { alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say(text)).toContain(`🤔 Did you mean: ${meant}?`)
    expect(await alice.say('2')).toBe('OK. Nothing was done.')
    expect(await alice.say('positions')).toContain('LONG 100 BYND @ $1.00')
    await alice.say(text)
    expect(await alice.say('1')).toContain(done)
  })
})

describe('a message that is nothing', () => {
  test.for(['half', 'breakr!', 'slel', 'panik', 'flta', 'hlat', 'closee al'])(
    'is never told to try what empties an account: %j',
    async (text, { alice }) => {
      expect(await alice.say(text)).not.toMatch(/Did you mean `(breaker|close|close all|sell|scaleout)`/)
    },
  )

  test('and near nothing is told where to find help', async ({ alice }) => {
    expect(await alice.say('what is the meaning of life')).toBe(
      '🤷 I did not understand that. Type `help` for what I understand',
    )
  })
})

test('what was written minutes ago, and is brought only now, is not acted on, and says so', async ({ alice }) => {
  const buy = (minutesAgo: number) =>
    desk.desk.hear({
      kind: 'message',
      id: `brought-${minutesAgo}`,
      author: { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name },
      place: { door: 'slack', workspace: 'T1', channel: 'C1', thread: alice.thread },
      text: 'long BYND 100 @ 1',
      addressed: true,
      writtenAt: new Date(clock.now().getTime() - minutesAgo * 60_000),
    })
  expect((await buy(5))[0]!.text).toContain('it is too late to act on it')
  expect(await alice.say('positions')).toContain('No open positions')
  expect((await buy(0.5))[0]!.text).toContain('✓ LONG 100 BYND')
})
