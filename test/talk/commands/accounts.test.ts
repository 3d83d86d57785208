import { describe, expect } from 'vitest'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { accountsOfPerson, mostAccounts } from '../../../src/trading/accounts/rows/accounts.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

/** Alice in another thread. */
let there: Someone

const { test, desk, market } = deskTest({ worker: false, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
test.beforeEach(({ alice }) => {
  there = alice.in(`${alice.thread}-there`)
  market.set('BYND', '1.01')
  market.set('AAPL', '190')
})

const accountsOf = async (who: Someone) =>
  (await accountsOfPerson(desk.desk.parts.db, `slack:T1:${who.name.toUpperCase()}`)) ?? []
const namesOf = async (who: Someone) => (await accountsOf(who)).map(({ name }) => name)

/** Gives somebody a second account, beside `paper`. */
async function withSwing(who: Someone): Promise<void> {
  expect(await who.say('account new paper swing $50,000')).toContain('✓ Opened swing')
}

describe('account new', () => {
  test('opens an account of paper money beside the first, with what it is said to begin with', async ({ alice }) => {
    expect(await alice.say('account new paper swing $50,000')).toBe(
      '✓ Opened swing (paper money, venue paper, USD), with $50,000.00.\n💡 `use swing` uses it in this conversation',
    )
    expect(await alice.say('accounts')).toBe(
      [
        '🏦 ACCOUNTS',
        'paper (paper money, venue paper, USD) · equity $100,000.00 · cash $100,000.00 ← used here',
        'swing (paper money, venue paper, USD) · equity $50,000.00 · cash $50,000.00',
        '💡 `use NAME` uses another one in this conversation',
      ].join('\n'),
    )
  })

  test.for([
    ['account new swing', 'swing', '100000'],
    ['account new paper roth-1 with $2.5k', 'roth-1', '2500'],
    ['new account my_own 750', 'my_own', '750'],
    ['Account New SWING $1,000.50', 'swing', '1000.5'],
    ['account new paper swing $50,000 please', 'swing', '50000'],
  ] as const)('%j is understood whole', async ([text, name, balance], { alice }) => {
    await alice.say(text)
    const made = (await accountsOf(alice)).at(-1)
    expect([made?.name, made?.startingBalance.toFixed()]).toEqual([name, balance])
  })

  test.for([
    ['account new', 'What is the account to be called?'],
    ['account new paper', 'What is the account to be called?'],
    ['account new paper $500', 'What is the account to be called?'],
    ['account new swing $50', 'too little'],
    ['account new swing $999999999999', 'more than an account takes'],
    ['account new swing $100.001', 'not in whole cents'],
    ['account new swing -$500', 'too little'],
    ['account new swing $-500', '$-500 is no amount'],
    ['account new alpaca swing', 'There are no accounts of alpaca here.'],
    ['account new paper swing trades', 'A name is one word.'],
    ['account new swing $500 $600', 'two amounts'],
    ['account new aapl', '`aapl` is a symbol.'],
    ['account new positions', '`positions` is a word of the desk.'],
    ['account new pl', '`pl` is a word of the desk.'],
    ['account new all', '`all` is a word of the desk.'],
    ['account new 2swing', '`2swing` is no name for an account.'],
    ['account new supercalifragilistic1', 'is no name for an account.'],
    ['account new a_very_long_name_more_than_20', '`a_very_long_name_more_than_20` is no name for an account.'],
  ] as const)('%j opens nothing, and says why', async ([text, why], { alice }) => {
    const said = await alice.say(text)
    expect(said).toContain(why)
    expect(said).toContain('Nothing was opened.')
    expect(await namesOf(alice)).toEqual([])
  })

  test('takes each name once, in whatever letters, and so many accounts', async ({ alice }) => {
    await withSwing(alice)
    expect(await alice.say('account new Swing')).toContain('You have an account swing already.')
    expect(await alice.say('account new paper2')).toContain('Opened paper2')
    // Somebody else has names of their own.
    await withSwing(someone(desk))
    for (let count = 3; count < mostAccounts; count++) await alice.say(`account new more${count}`)
    expect(await alice.say('account new last')).toContain(`You have ${mostAccounts} accounts`)
    expect(await namesOf(alice)).toHaveLength(mostAccounts)
  })

  test('twice at once opens one', async ({ alice }) => {
    const said = await Promise.all([alice.say('account new swing'), alice.say('account new swing')])
    expect(said.filter((one) => one.includes('Opened'))).toHaveLength(1)
    expect(await namesOf(alice)).toEqual(['paper', 'swing'])
  })

  test('is not for viewers', async ({ alice }) => {
    await someone(desk, 'uowner').say(`role slack:T1:${alice.name} viewer`)
    expect(await alice.say('account new swing')).toContain('You are a viewer')
  })
})

describe('use', () => {
  test('is for one conversation: what is open in another account is neither shown nor sold there', async ({
    alice,
  }) => {
    await withSwing(alice)
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('use swing')).toBe('✓ This conversation uses your account swing now.')
    expect(await alice.say('positions')).toContain('No open positions')
    expect(await alice.say('pl')).toBe(
      [
        '💰 P&L SUMMARY\nNothing was traded in this account yet.',
        'Account: equity $50,000.00 · cash $50,000.00\nToday, with what is open: $0.00 · realized in all: $0.00\n· account swing',
      ].join('\n'),
    )
    expect(await alice.say('close now')).toContain('You have no open position')
    await alice.say('long BYND 7 @ 1')
    expect(await alice.say('positions')).toContain('LONG 7 BYND')
    expect(await there.say('positions')).toContain('LONG 100 BYND')
    expect(await alice.say('close now')).toContain('SOLD 7 BYND')
    expect(await there.say('positions')).toContain('LONG 100 BYND')
    expect(await alice.say('use paper')).toContain('uses your account paper now')
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test.for([
    'use swing',
    'USE Swing',
    'use my swing account',
    'switch to swing',
    'use "swing" please',
    'use account swing',
  ])('%j is understood whole', async (text, { alice }) => {
    await withSwing(alice)
    expect(await alice.say(text)).toContain('uses your account swing now')
  })

  test('of a name that nobody gave says which there are', async ({ alice }) => {
    await withSwing(alice)
    expect(await alice.say('use swung')).toBe(
      '⚠️ You have no account swung. Nothing was changed.\n💡 There is `use paper`, `use swing`',
    )
    expect(await alice.say('use')).toContain('🏦 ACCOUNTS')
  })

  test('of the only account says that it is, and of none how one comes about', async ({ alice }) => {
    expect(await alice.say('use paper')).toContain('You have no account paper.')
    expect(await alice.say('accounts')).toContain('You have no account yet.')
    await alice.say('long BYND 1 @ 1')
    expect(await alice.say('use paper')).toContain('You have one account, paper: it is used everywhere.')
    expect(await alice.say('accounts')).not.toContain('used here')
  })

  test('said to nobody in a thread is a command where it names an account, and else talk', async ({ alice }) => {
    await withSwing(alice)
    expect(await alice.hear('use caution', { addressed: false })).toEqual([])
    expect(await alice.hear('use the other one', { addressed: false })).toEqual([])
    expect(await someone(desk).hear('use swing', { addressed: false })).toEqual([])
    const [reply] = await alice.hear('use swing', { addressed: false })
    expect(reply?.text).toContain('uses your account swing now')
  })

  test('leaves a question with the account that it was asked about', async ({ alice }) => {
    await withSwing(alice)
    await alice.say('use swing')
    await alice.say('long BYND 30 @ 1')
    await there.say('long BYND 100 @ 1')
    const asked = await there.say('close')
    expect(asked).toMatch(/· account paper$/)
    await there.say('use swing')
    const done = await there.say('1')
    expect(done).toContain('SOLD 100 BYND')
    expect(done).toMatch(/· account paper$/)
    expect(await there.say('positions')).toContain('LONG 30 BYND')
  })

  test('of a channel counts for the threads in it that have not traded in another', async ({ alice }) => {
    await withSwing(alice)
    const channel = { door: 'slack' as const, workspace: 'T1', channel: `C-${alice.name}` }
    const say = async (text: string, thread: string, inChannel: boolean) => {
      const replies = await desk.desk.hear({
        kind: 'message',
        id: `${alice.name}-${thread}-${text}`,
        author: { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name },
        place: { ...channel, thread },
        text,
        addressed: true,
        ...(inChannel && { channel }),
      })
      return replies.map((reply) => reply.text).join('\n')
    }
    await say('long BYND 100 @ 1', 'first', true)
    expect(await say('use swing', 'second', true)).toContain(
      'This channel, and each new thread in it, uses your account swing',
    )
    await say('long BYND 5 @ 1', 'third', true)
    expect(await say('positions', 'third', false)).toContain('LONG 5 BYND')
    expect(await say('positions', 'fourth', true)).toContain('LONG 5 BYND')
    expect(await say('positions', 'first', false)).toContain('LONG 100 BYND')
    // Another speaker in the same thread uses their own account.
    expect(await someone(desk, undefined, 'third').say('positions')).toContain('No open positions')
  })
})

describe('the name of the account', () => {
  test('is in what is said of it where its member has more than one, and nowhere else', async ({ alice }) => {
    expect(await alice.say('long BYND 100 @ 1')).not.toContain('account')
    await withSwing(alice)
    await alice.say('use swing')
    await alice.say('long BYND 10 @ 1')
    for (const text of [
      'positions',
      'pl',
      'orders',
      'tasks',
      'history',
      'close',
      'stop .9',
      'buy 3 BYND',
      'alerts',
      'thresholds',
      'chart BYND',
    ])
      expect(await alice.say(text), text).toMatch(/\n· account swing$/)
    await alice.say('never mind')
    for (const text of ['help', 'quote BYND', 'accounts', 'vwap BYND', 'timezone', 'use swing', 'what a day'])
      expect(await alice.say(text), text).not.toMatch(/\n· account swing$/)
    expect(await there.say('positions')).toMatch(/\n· account paper$/)
    const { text: home } = await desk.desk.home({ id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name })
    expect(home).toMatch(/LONG 100 BYND(.|\n)*· account paper\n\n(.|\n)*LONG 1\d BYND(.|\n)*· account swing$/)
  })
})

describe('a button below a message', () => {
  const one = async (replies: Promise<Reply[]>) => (await replies)[0]!

  test('asks what the typed command asks, about the account of the message, whatever is used by now', async ({
    alice,
  }) => {
    const recorded = await one(alice.hear('long BYND 100 @ 1'))
    await withSwing(alice)
    await alice.say('use swing')
    await alice.say('long BYND 7 @ 1')
    const asked = await one(alice.act(recorded, 'Close BYND'))
    expect(asked.text).toMatch(/^🚪 CLOSE LONG 100 BYND @ \$1\.00/)
    expect((await one(alice.press(asked, 'market'))).text).toMatch(/SOLD 100 BYND(.|\n)*· account paper$/)
    expect(await alice.say('positions')).toContain('LONG 7 BYND')
  })

  test('is refused in private to everybody else, and nothing is done', async ({ alice, bob }) => {
    const recorded = await one(alice.hear('long BYND 100 @ 1'))
    await bob.say('long BYND 5 @ 1')
    for (const label of ['Close BYND', 'Scale out BYND', 'Stop BYND']) {
      const refused = await one(bob.act(recorded, label))
      expect(refused).toEqual({ text: expect.any(String), private: true })
      expect(refused.text).toMatch(
        /^⚠️ That button is for the account of somebody else\. Nothing was done\.\n💡 Type `\w+ BYND` for/,
      )
    }
    expect((await alice.hear('positions'))[0]?.text).toContain('LONG 100 BYND')
  })

  test('says what became of its position or order when it is old', async ({ alice }) => {
    const recorded = await one(alice.hear('long BYND 100 @ 1'))
    const working = await one(alice.hear('close @ 1.50'))
    expect((await one(alice.act(working, 'Cancel 1: BYND'))).text).toContain('✓ CANCELLED order 1')
    expect((await one(alice.act(working, 'Cancel 1: BYND'))).text).toContain('Nothing was done')
    await alice.say('flat')
    for (const label of ['Close BYND', 'Scale out BYND', 'Stop BYND'])
      expect((await one(alice.act(recorded, label))).text).toContain('You have no open position in BYND')
  })

  test('is below positions, P&L, fills, working orders and recorded positions, and gone when nothing is open', async ({
    alice,
  }) => {
    const labels = async (text: string) =>
      (await alice.hear(text)).flatMap(({ actions = [] }) => actions.flat().map(({ label }) => label))
    const ofBynd = ['Close BYND', 'Scale out BYND', 'Stop BYND']
    expect(await labels('positions')).toEqual([])
    expect(await labels('buy 100 BYND')).toEqual(ofBynd)
    expect(await labels('trim BYND 10')).toEqual(ofBynd)
    expect(await labels('pl')).toEqual(ofBynd)
    expect(await labels('long AAPL 3 @ 190')).toEqual(['Close AAPL', 'Scale out AAPL', 'Stop AAPL'])
    expect(await labels('positions')).toHaveLength(6)
    expect(await labels('pl')).toHaveLength(6)
    expect(await labels('sell 10 BYND @ 1.50')).toEqual(['Cancel 1: BYND'])
    expect(await labels('orders')).toEqual(['Cancel 1: BYND'])
    const { actions = [] } = await desk.desk.home({ id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name })
    expect(actions.map((row) => row.length)).toEqual([3, 3])
    expect(await labels('close AAPL now')).toEqual([])
  })
})

describe('a command that is used on a message', () => {
  test('is about the symbol in it, whatever the thread was about', async ({ alice }) => {
    await alice.say('long AAPL 5 @ 190')
    await alice.say('long BYND 100 @ 1')
    const [asked] = await alice.useOn('🛑 what about AAPL today?', 'scaleout')
    expect(asked?.text).toContain('Position: LONG 5 AAPL')
    expect((await alice.press(asked!, 'slow'))[0]?.text).toMatch(/SCALEOUT INITIATED/)
    expect(await alice.say('tasks')).not.toContain('BYND')
    const [none] = await alice.useOn('SHORT 3 BTC-USD', 'scaleout')
    expect(none?.text).toContain('You have no open position in BTC-USD')
  })

  test('asks which of several symbols is meant, and says to its person alone that there is none', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    const [asked] = await alice.useOn('AAPL or BYND?', 'scaleout')
    expect(asked?.question?.choices.map(({ value }) => value)).toEqual(['AAPL', 'BYND'])
    expect((await alice.press(asked!, 'BYND'))[0]?.text).toContain('Position: LONG 100 BYND')
    for (const text of ['good morning', '', 'sell ZZZZ now'])
      expect(await alice.useOn(text, 'scaleout')).toEqual([
        { private: true, text: expect.stringMatching(/^⚠️ That message names no symbol.*Nothing was done\./) },
      ])
  })
})
