import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectSoldOnce } from './ledger.ts'
import { type Moment, moments } from './moments.ts'
import { discordPlatform } from './platforms.ts'
import { openScene, type Scene } from './scene.ts'

/** More time passes between two lives of the process than a door's or a poster's lease on a reply lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }
const works = /^✓ LIMIT SELL ORDER 3,750 BYND @ \$1\.05 \(working\)/
const sold = /^✓ SOLD 3,750 BYND @ \$1\.06 \(limit order 1\)\nP&L: \$\+1,612\.50\nPosition: FLAT(\n· alice)?$/

function priceIs({ environment }: Scene, price: string): void {
  const file = environment.MARKET!.slice('quotes:'.length)
  writeFileSync(file, `symbol,bid,ask,last\nBYND,${price},${price},${price}\n`)
}

const times = ({ platform }: Scene, said: RegExp) => platform.seen().filter(({ text }) => said.test(text)).length

/** A desk whose process dies at that moment, with a position of 3,750 BYND. */
async function mortalScene(moment: Moment) {
  const scene = await openScene(await discordPlatform())
  const life = await scene.begin({ death: { moment } })
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  return {
    scene,
    /** Waits for the death of the process, lets time pass, and starts the next one. */
    async isBack() {
      expect(await life.ended).toBe('SIGKILL')
      await scene.letPass(downSeconds)
      await scene.begin()
    },
  }
}

async function expectFilledOnce(scene: Scene): Promise<void> {
  priceIs(scene, '1.06')
  await scene.sees(sold)
  await scene.comesToRest()
  await expectSoldOnce(scene.db, 3750)
  expect(times(scene, sold)).toBe(1)
}

test.each(moments.slice(1, 3))(
  'an order with a limit rests once and is filled once when the process dies %s',
  patience,
  async (moment) => {
    const { scene, isBack } = await mortalScene(moment)
    await scene.platform.say('close BYND @ 1.05')
    await isBack()
    await scene.sees(works)
    await expectFilledOnce(scene)
    expect(times(scene, works)).toBe(1)
  },
)

test(
  'a fill is recorded and told once when the process dies after the venue made it, before the desk knows',
  patience,
  async () => {
    const { scene, isBack } = await mortalScene('after the venue filled it, before the desk knows')
    await scene.ask('close BYND @ 1.05', works)
    priceIs(scene, '1.06')
    await isBack()
    await expectFilledOnce(scene)
  },
)

test(
  'an order ends once and releases its quantity when the process dies after the venue cancelled it',
  patience,
  async () => {
    const { scene, isBack } = await mortalScene('after the venue cancelled it, before the desk knows')
    await scene.ask('close BYND @ 1.05', works)
    await scene.platform.say('cancel 1')
    await isBack()
    await scene.sees(/^✓ CANCELLED order 1: LIMIT SELL 3,750 BYND @ \$1\.05(\n· alice)?$/)
    expect(times(scene, /CANCELLED/)).toBe(1)
    await scene.ask('close BYND now', /^✓ SOLD 3,750 BYND @ \$1\.01\n/)
    await expectSoldOnce(scene.db, 3750)
  },
)

test("the ledger has the venue's price when the process dies after the venue moved it", patience, async () => {
  const { scene, isBack } = await mortalScene('after the venue moved it, before the desk knows')
  await scene.ask('close BYND @ 1.02', /\(working\)/)
  await scene.platform.say('move 1 1.05')
  await isBack()
  const price = async () =>
    (await scene.db.selectFrom('orders').select('limit_price').where('number', '=', 1).executeTakeFirst())?.limit_price
  await expect.poll(price).toBe('1.05')
  await expectFilledOnce(scene)
})

test.each([
  ['after the order row, before the venue has it', /^⚠️ BUY 500 BYND was not filled and never will be/, '3750'],
  ['after the venue took it, before the desk knows', /^✓ BOUGHT 500 BYND @ \$1\.01\n/, '4250'],
] as const)('an entry at the market is sent once when the process dies %s', patience, async (moment, said, open) => {
  const { scene, isBack } = await mortalScene(moment)
  await scene.platform.say('buy 500 BYND now')
  await isBack()
  await scene.sees(said)
  await scene.comesToRest()
  expect(times(scene, said)).toBe(1)
  const position = await scene.db.selectFrom('positions').select('signed_quantity').executeTakeFirst()
  expect(position?.signed_quantity).toBe(open)
})

/** A member with BYND and AAPL, one with a resting order, has confirmed `close all` when the process dies during that order. */
async function diedOverCloseAll() {
  const scene = await openScene(await discordPlatform(), { hasApple: true })
  const life = await scene.begin({ death: { moment: 'after the venue cancelled it, before the desk knows' } })
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('long AAPL 10 @ 180', /^✓ LONG/)
  await scene.ask('close AAPL @ 195', /^✓ LIMIT SELL ORDER 10 AAPL/)
  await scene.ask('close all', /CLOSE ALL 2 POSITIONS/)
  await scene.platform.say('yes')
  expect(await life.ended).toBe('SIGKILL')
  return scene
}

test(
  '`close all` is finished once when the process dies while a resting order is being cancelled',
  patience,
  async () => {
    const scene = await diedOverCloseAll()
    await scene.letPass(downSeconds)
    await scene.begin()
    await scene.sees(/^✓ SOLD 10 AAPL @ \$190\.00\nP&L: \$\+100\.00\nPosition: FLAT(\n· alice)?$/)
    await scene.comesToRest()
    await expectSoldOnce(scene.db, 3760)
    expect(times(scene, /^✓ SOLD 10 AAPL/)).toBe(1)
    expect(times(scene, /^✓ SOLD 3,750 BYND/)).toBe(1)
    expect(await scene.db.selectFrom('unfinished_closes').selectAll().execute()).toEqual([])
  },
)

test('a position that a person changed after the crash is left alone, and the person is told', patience, async () => {
  const scene = await diedOverCloseAll()
  const door = await scene.begin({ roles: ['discord'] })
  await scene.ask('buy 5 AAPL now', /^✓ BOUGHT 5 AAPL/)
  await scene.letPass(downSeconds)
  await scene.begin({ roles: ['worker'] })
  await scene.sees(/^🛑 NOT DONE: close AAPL\n.* It stays open: LONG 15 AAPL @ \$183\.33\n💡 `close AAPL`/)
  await scene.comesToRest()
  expect(await scene.ask('positions', /LONG 15 AAPL/)).not.toContain('BYND')
  expect(times(scene, /SOLD 10 AAPL/)).toBe(0)
  await door.end()
})

test.each(moments.slice(1, 3))(
  'an order with a stop rests once and is filled once when the process dies %s',
  patience,
  async (moment) => {
    const { scene, isBack } = await mortalScene(moment)
    const rests = /^✓ STOP SELL ORDER 3,750 BYND: at the market when it falls to \$0\.98 \(working\)/
    const filled = /^✓ SOLD 3,750 BYND @ \$0\.97 \(stop order 1\)/
    await scene.platform.say('sell 3750 BYND stop 0.98')
    await isBack()
    await scene.sees(rests)
    priceIs(scene, '0.97')
    await scene.sees(filled)
    await scene.comesToRest()
    await expectSoldOnce(scene.db, 3750)
    expect(times(scene, rests)).toBe(1)
    expect(times(scene, filled)).toBe(1)
  },
)
