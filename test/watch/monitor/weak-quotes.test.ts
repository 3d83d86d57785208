import { describe, expect } from 'vitest'
import { freshDeskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'

/** A weak price alone triggers nothing on a linked account, and everything on a paper account. The worker runs. */

const { test, desk } = freshDeskTest({ monitorEveryMs: 100 })
test.beforeEach(() => desk.market.set('BYND', '1.00', '1.01'))

const db = () => desk.desk.parts.db
const iex = 'it is from IEX alone, a small part of the market'

const happened = async () =>
  (await db().selectFrom('desk_events').select(['type', 'urgency']).orderBy('id').execute())
    .filter(({ type }) => /^(trading|risk|watching)\./.test(type))
    .map(({ type, urgency }) => `${type} ${urgency}`)

const told = () => desk.posted.map(({ text }) => text).filter((text) => text.startsWith('📡'))

/** The account is one at a broker from now on, and every process reads it anew. */
async function link(id?: number): Promise<void> {
  const linked = { venue: 'alpaca', venue_account: 'b7c1', mode: 'live', masked_number: '••••1234' } as const
  const accounts = db().updateTable('accounts').set(linked)
  await (id === undefined ? accounts : accounts.where('id', '=', id)).execute()
  await desk.restart()
}

/** Waits for a sweep that began after now and looked at every open position. */
async function swept(): Promise<void> {
  const since = new Date()
  const marked = () => db().selectFrom('position_watch').select('marked_at').execute()
  await expect
    .poll(async () => (await marked()).every(({ marked_at }) => marked_at !== null && marked_at > since))
    .toBe(true)
}

const stop = 'trading.stop_loss_triggered CRITICAL'
const target = 'trading.take_profit_hit CRITICAL'
const weakly = 'watching.weak_touch HIGH'

test.each([
  ['stop', 'BYND', '0.90', stop],
  ['target', 'BYND', '1.10', target],
])(
  'a %s is touched by a weak price on a paper account, and by a confirmed one on a linked account',
  async (kind, symbol, price, touch) => {
    const [paper, linked] = [someone(desk), someone(desk)]
    for (const one of [paper, linked]) {
      await one.say(`long ${symbol} 100 @ 1.00`)
      await one.say(kind === 'stop' ? 'stop .95' : 'target 1.05')
    }
    await link((await db().selectFrom('accounts').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()).id)
    await swept()
    desk.market.weaken(symbol, iex)
    desk.market.set(symbol, price, (Number(price) + 0.01).toFixed(2))
    await expect.poll(async () => (await happened()).sort()).toEqual([touch, weakly].sort())
    desk.market.weaken(symbol, iex, true)
    await expect.poll(async () => (await happened()).sort()).toEqual([touch, touch, weakly].sort())
  },
)

test('a touch on a weak price is told once with its level, closes nothing, and closes when the price is confirmed', async () => {
  await desk.say('long BYND 100 @ 1.00')
  await desk.say('stop .95')
  await link()
  await swept()
  desk.market.weaken('BYND', iex)
  for (const price of ['0.90', '0.91', '0.90']) desk.market.set('BYND', price, '0.92')
  await expect.poll(told).toHaveLength(1)
  expect(told()[0]).toBe(
    `📡 TOUCHED ON A WEAK PRICE — BYND\nLONG 100 @ $1.00 · now $0.90 · your stop $0.95 was touched, but not closed: this price alone is not enough for a linked account, because ${iex}. It closes when a second source confirms the price. 💡 \`close\` closes now; \`quote\` shows the price and what is wrong with it`,
  )
  await swept()
  await swept()
  expect(await happened()).toEqual([weakly])
  desk.market.weaken('BYND')
  await expect.poll(happened).toContain(stop)
})

test('a weak price moves no trailing stop, whose new level a good price would touch', async () => {
  await desk.say('long BYND 100 @ 1.00')
  await desk.say('trail 10%')
  await link()
  await swept()
  const level = async () =>
    (await db().selectFrom('protective_orders').select('price').where('state', '=', 'working').executeTakeFirst())
      ?.price
  const before = await level()
  desk.market.weaken('BYND', iex)
  desk.market.set('BYND', '1.05', '1.06')
  await swept()
  expect(await level()).toBe(before)
  desk.market.weaken('BYND')
  desk.market.set('BYND', '1.06', '1.07')
  await expect.poll(level).not.toBe(before)
})

describe('the limit of the day’s loss', () => {
  const tripped = 'risk.circuit_breaker_tripped CRITICAL'
  test.each([
    ['weak', weakly],
    ['weak, but confirmed', tripped],
  ] as const)('of a linked account, lost by a %s quote: %s', async (quote, first) => {
    await desk.say('long BYND 90000 @ 1.00')
    await link()
    await swept()
    desk.market.weaken('BYND', iex, quote === 'weak, but confirmed')
    desk.market.set('BYND', '0.92', '0.93')
    await expect.poll(async () => (await happened())[0]).toBe(first)
  })
})

test('the market is told which symbols are held, as positions open and close', async () => {
  await desk.say('long BYND 100 @ 1.00')
  await expect.poll(() => [...desk.market.watched]).toEqual(['BYND'])
  await desk.say('long AAPL 1')
  await expect.poll(() => [...desk.market.watched].sort()).toEqual(['AAPL', 'BYND'])
  await desk.say('close BYND')
  await desk.say('1')
  await expect.poll(() => [...desk.market.watched]).toEqual(['AAPL'])
})

test('a stop of a linked account says that a weak price alone does not trigger it', async () => {
  const one = someone(desk)
  await one.say('long BYND 100 @ 1.00')
  await link()
  desk.market.weaken('BYND', iex)
  const said = await one.say('stop .95')
  expect(said).toContain(
    `⚠️ The price alone does not trigger it here: ${iex}. The desk acts only once another source agrees.`,
  )
  expect(said).toContain('`protect at venue on`')
  desk.market.weaken('BYND', iex, true)
  expect(await one.say('stop .96')).not.toContain('does not trigger it')
})
