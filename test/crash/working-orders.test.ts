import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Moment, moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene, type Scene } from './scene.ts'

/** More time passes between two lives of the process than a door's or a poster's lease on a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }
const works = /^✓ LIMIT SELL ORDER 3,750 BYND @ \$1\.05 \(working\)/
const sold = /^✓ SOLD 3,750 BYND @ \$1\.06 \(limit order 1\)\nP&L: \$\+1,612\.50\nPosition: FLAT(\n· alice)?$/

function priceIs({ environment }: Scene, price: string): void {
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,${price},${price},${price}\nAAPL,190,190,190\n`)
}

const times = ({ platform }: Scene, said: RegExp) => platform.seen().filter(({ text }) => said.test(text)).length

const nextRound = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver, hasApple: true }))

/** A round with a position of 3,750 BYND, whose process dies at that moment. */
async function dyingRound(moment: Moment): Promise<Round> {
  const round = await nextRound()
  priceIs(round, '1.01')
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await round.dies({ moment })
  return round
}

async function expectFilledOnce(round: Round): Promise<void> {
  priceIs(round, '1.06')
  await round.sees(sold)
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  expect(times(round, sold)).toBe(1)
}

test.each(moments.slice(1, 3))(
  'an order with a limit rests once and is filled once when the process dies %s',
  patience,
  async (moment) => {
    const round = await dyingRound(moment)
    await round.platform.say('close BYND @ 1.05')
    await round.nextLife(downSeconds)
    await round.sees(works)
    await expectFilledOnce(round)
    expect(times(round, works)).toBe(1)
  },
)

test(
  'a fill is recorded and told once when the process dies after the venue made it, before the desk knows',
  patience,
  async () => {
    const round = await dyingRound('after the venue filled it, before the desk knows')
    await round.ask('close BYND @ 1.05', works)
    priceIs(round, '1.06')
    await round.nextLife(downSeconds)
    await expectFilledOnce(round)
  },
)

test(
  'an order ends once and releases its quantity when the process dies after the venue cancelled it',
  patience,
  async () => {
    const round = await dyingRound('after the venue cancelled it, before the desk knows')
    await round.ask('close BYND @ 1.05', works)
    await round.platform.say('cancel 1')
    await round.nextLife(downSeconds)
    await round.sees(/^✓ CANCELLED order 1: LIMIT SELL 3,750 BYND @ \$1\.05(\n· alice)?$/)
    expect(times(round, /CANCELLED/)).toBe(1)
    await round.ask('close BYND now', /^✓ SOLD 3,750 BYND @ \$1\.01\n/)
    await round.expectSoldOnce(3750)
  },
)

test("the ledger has the venue's price when the process dies after the venue moved it", patience, async () => {
  const round = await dyingRound('after the venue moved it, before the desk knows')
  await round.ask('close BYND @ 1.02', /\(working\)/)
  await round.platform.say('move 1 1.05')
  await round.nextLife(downSeconds)
  const price = async () =>
    (await round.db.selectFrom('orders').select('limit_price').orderBy('id', 'desc').executeTakeFirst())?.limit_price
  await expect.poll(price).toBe('1.05')
  await expectFilledOnce(round)
})

test.each([
  ['after the order row, before the venue has it', /^⚠️ BUY 500 BYND was not filled and never will be/, '3750'],
  ['after the venue took it, before the desk knows', /^✓ BOUGHT 500 BYND @ \$1\.01\n/, '4250'],
] as const)('an entry at the market is sent once when the process dies %s', patience, async (moment, said, held) => {
  const round = await dyingRound(moment)
  await round.platform.say('buy 500 BYND now')
  await round.nextLife(downSeconds)
  await round.sees(said)
  await round.comesToRest()
  expect(times(round, said)).toBe(1)
  const open = await round.db.selectFrom('positions').select('signed_quantity').where('closed_at', 'is', null).execute()
  expect(open).toEqual([{ signed_quantity: held }])
  await round.ask('close now', /Position: FLAT/)
  await round.expectSoldOnce(Number(held))
})

/** A member with BYND and AAPL, one with a resting order, has confirmed `close all` when the process dies during that order. */
async function diedOverCloseAll(): Promise<Round> {
  const round = await dyingRound('after the venue cancelled it, before the desk knows')
  await round.ask('long AAPL 10 @ 180', /^✓ LONG/)
  await round.ask('close AAPL @ 195', /^✓ LIMIT SELL ORDER 10 AAPL/)
  await round.ask('close all', /CLOSE ALL 2 POSITIONS/)
  await round.platform.say('yes')
  expect(await round.life.ended).toBe('SIGKILL')
  return round
}

test(
  '`close all` is finished once when the process dies while a resting order is being cancelled',
  patience,
  async () => {
    const round = await diedOverCloseAll()
    await round.nextLife(downSeconds)
    await round.sees(/^✓ SOLD 10 AAPL @ \$190\.00\nP&L: \$\+100\.00\nPosition: FLAT(\n· alice)?$/)
    await round.comesToRest()
    await round.expectSoldOnce(3760)
    expect(times(round, /^✓ SOLD 10 AAPL/)).toBe(1)
    expect(times(round, /^✓ SOLD 3,750 BYND/)).toBe(1)
    expect(await round.db.selectFrom('unfinished_closes').selectAll().execute()).toEqual([])
  },
)

test('a position that a person changed after the crash is left alone, and the person is told', patience, async () => {
  const round = await diedOverCloseAll()
  const door = await round.begin({ roles: ['discord'] })
  await round.ask('buy 5 AAPL now', /^✓ BOUGHT 5 AAPL/)
  await round.letPass(downSeconds)
  const worker = await round.begin({ roles: ['worker'] })
  await round.sees(/^🛑 NOT DONE: close AAPL\n.* It stays open: LONG 15 AAPL @ \$183\.33\n💡 `close AAPL`/)
  await round.comesToRest()
  expect(await round.ask('positions', /LONG 15 AAPL/)).not.toContain('BYND')
  expect(times(round, /SOLD 10 AAPL/)).toBe(0)
  await round.ask('close AAPL now', /^✓ SOLD 15 AAPL/)
  await round.expectSoldOnce(3765)
  await Promise.all([door.end(), worker.end()])
})

test.each(moments.slice(1, 3))(
  'an order with a stop rests once and is filled once when the process dies %s',
  patience,
  async (moment) => {
    const round = await dyingRound(moment)
    const rests = /^✓ STOP SELL ORDER 3,750 BYND: at the market when it falls to \$0\.98 \(working\)/
    const filled = /^✓ SOLD 3,750 BYND @ \$0\.97 \(stop order 1\)/
    await round.platform.say('sell 3750 BYND stop 0.98')
    await round.nextLife(downSeconds)
    await round.sees(rests)
    priceIs(round, '0.97')
    await round.sees(filled)
    await round.comesToRest()
    await round.expectSoldOnce(3750)
    expect(times(round, rests)).toBe(1)
    expect(times(round, filled)).toBe(1)
  },
)
