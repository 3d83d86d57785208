import { expect } from 'vitest'
import { openTestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { refused } from '../../support/venue-answers.ts'
import { someone } from '../../talk/commands/someone.ts'
import { type Holder, holding } from './closing.ts'
import { touch } from './touched.ts'

let refuses: string | undefined
const { test, desk } = deskTest({
  environment: { DESKHAND_OWNERS: 'slack:T1:OWNER' },
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      return order.symbol === refuses ? refused('trading is paused') : paper.submit(order)
    },
  }),
})
test.beforeEach(() => {
  refuses = undefined
})

const owner = ({ person }: Holder) => someone(desk, 'OWNER', person.thread)

/** The desk knows the owner once they have said something. */
async function resumed(holder: Holder): Promise<string> {
  return owner(holder).say(`resume slack:T1:${holder.person.name.toUpperCase()}`)
}

test('the breaker closes every position of the account, ends scaleouts, and halts it until an owner resumes it', async () => {
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55', target: '0.70' })
  const { person } = holder
  const elsewhere = person.in(`${person.thread}-aapl`)
  await elsewhere.say('short AAPL 20 @ 190')
  await person.say('scaleout BYND slow')
  expect(await person.say('breaker')).toMatch(
    /^🚨 CIRCUIT BREAKER TRIPPED\nClosing 2 positions \(AAPL, BYND\): each thread is told when its position is closed, and this one when all are\.\n⛔ The account is HALTED until an owner says `resume`$/,
  )
  await holder.isClosed()
  await holder.hears(
    /^🚨 CIRCUIT BREAKER TRIPPED — BYND\nSold [\d,]+ @ \$0.63\nP&L: [^\n]+\nPosition: FLAT\n⛔ The account is HALTED/,
  )
  await holder.hears(/^🛑 SCALEOUT CANCELLED - BYND \(the circuit breaker tripped\)/)
  await expect
    .poll(() => desk.posted.filter(({ place }) => place.thread === elsewhere.thread).map(({ text }) => text))
    .toContainEqual(expect.stringMatching(/^🚨 CIRCUIT BREAKER TRIPPED — AAPL\nBought back 20 @/))
  expect((await holder.protection()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  await holder.hears(
    /^✓ ALL CLOSED\nNothing is open any more; the account is HALTED until an owner says `resume` \(by command of [^)]*\)\nThe account (lost|gained) \$[\d.,]+, .* since the day began/,
  )

  expect(await person.say('positions')).toMatch(
    /^⛔ HALTED since .* E[SD]T: by command of .* · an owner can `resume`\n/,
  )
  await person.say('timezone Asia/Tokyo')
  expect(await person.say('pl BYND')).toMatch(/^⛔ HALTED since .* GMT\+9: /)
  for (const text of ['long BYND 10 @ .6', 'short TSLA 5 @ 200', 'long AAPL 1']) {
    expect(await person.say(text)).toMatch(
      /is HALTED since .* GMT\+9: .*Nothing was done\.\n💡 An owner says `resume`|don't know/,
    )
  }
  expect(await person.say('resume')).toMatch(/Only an owner/)
  expect(await resumed(holder)).toMatch(/^✓ RESUMED\nHalted since .*: by command of /)
  expect(await person.say('long BYND 10 @ .6')).toMatch(/^✓ LONG 10 BYND/)
  expect(await person.say('positions')).toMatch(/^📂/)
  expect(await resumed(holder)).toMatch(/not halted/)
})

test('the account is halted when the breaker says so, though no worker has heard of it yet', async () => {
  const alone = await openTestDesk({ worker: false, environment: { DESKHAND_OWNERS: 'slack:T1:OWNER' } })
  try {
    const owner = someone(alone, 'OWNER')
    expect(await owner.say('breaker')).toMatch(/There was nothing open\.\n⛔ The account is HALTED/)
    expect(await owner.say('long BYND 10 @ .6')).toMatch(/^⚠️ The account is HALTED since/)
    expect(await owner.say('resume')).toMatch(
      /^✓ RESUMED\nHalted since .*: by command of OWNER\.\nThe account trades again\.$/,
    )
    expect(await owner.say('long BYND 10 @ .6')).toMatch(/^✓ LONG 10 BYND/)
    // A position that is still open when the owner resumes stays open, and the owner is told.
    await owner.say('breaker')
    expect(await owner.say('resume')).toMatch(/\n⚠️ Still open: LONG 10 BYND @ \$0\.60$/)
  } finally {
    await alone.close()
  }
})

test('while an account is halted nothing is opened, added or scaled out; closing and trimming work', async () => {
  refuses = 'BYND'
  const holder = await holding(desk, 'long BYND 100 @ .63', {})
  const { person } = holder
  await person.say('halt')
  await holder.hears(
    /^🚨 NOT CLOSED YET — BYND\nCIRCUIT BREAKER TRIPPED: Sell 100 BYND, tried for \d+ s\ntrading is paused/,
  )
  expect(await person.say('long BYND 10 @ .6')).toMatch(/HALTED/)
  expect(await person.say('scaleout fast')).toMatch(/already on its way out/)
  // An owner keeps the position: the breaker's order is taken back.
  expect(await resumed(holder)).toMatch(/RESUMED/)
  await holder.hears(/^✓ GIVEN UP — BYND/)
  refuses = undefined
  expect(await person.say('trim 40')).toMatch(/^✓ SOLD 40/)
  expect(await person.say('close now')).toMatch(/^✓ SOLD 60/)
  expect((await holder.orders()).map(({ state }) => state)).toEqual(['cancelled'])
})

test('a stop and the breaker at once close once', async () => {
  const holder = await holding(desk, 'long BYND 100 @ .63', { stop: '0.55' })
  await Promise.all([touch(desk, holder.held, 'stop', '0.55'), holder.person.say('breaker')])
  await holder.isClosed()
  expect(await holder.orders()).toHaveLength(1)
  await resumed(holder)
})

test('a position recorded while the breaker trips is either refused or closed', async () => {
  const people = Array.from({ length: 8 }, () => someone(desk))
  for (const person of people) await person.say('long AAPL 1 @ 190')
  const answers = await Promise.all(
    people.flatMap((person) => [person.say('breaker'), person.in(`${person.thread}-b`).say('long BYND 10 @ .6')]),
  )
  expect(answers).toHaveLength(16)
  const open = () =>
    desk.desk.parts.db
      .selectFrom('positions as p')
      .innerJoin('account_risk as r', 'r.account_id', 'p.account_id')
      .select('p.id')
      .where('r.halted_at', 'is not', null)
      .where('p.closed_at', 'is', null)
      .execute()
  await expect.poll(open).toEqual([])
  await expect
    .poll(() =>
      desk.desk.parts.db
        .selectFrom('desk_events')
        .select('id')
        .where('type', '=', 'risk.circuit_breaker_tripped')
        .where('settled_at', 'is', null)
        .execute(),
    )
    .toEqual([])
})

test('an owner halts somebody else, and a trader does not', async () => {
  const holder = await holding(desk, 'long BYND 100 @ .63', {})
  const named = `breaker slack:T1:${holder.person.name.toUpperCase()}`
  expect(await someone(desk).say(named)).toMatch(/Only an owner/)
  await owner(holder).say('positions')
  expect(await owner(holder).say(named)).toMatch(/^🚨 CIRCUIT BREAKER TRIPPED\nClosing 1 position \(BYND\): /)
  await holder.isClosed()
})
