import { expect, test } from 'vitest'
import type { Order } from '../platforms/alpaca/order.ts'
import { expectBooksAgree, type LinkedScene, openLinkedScene } from './linked-scene.ts'
import type { Moment } from './moments.ts'
import type { Life } from './scene.ts'

/** More time passes between two lives than a lease of an account, of a reply or of an event lasts. */
const downSeconds = 40
const patience = { timeout: 240_000 }
const poll = <Value>(look: () => Promise<Value> | Value) => expect.poll(look, { timeout: 60_000, interval: 5 })

/** One process after the other, in one scene at a broker. */
interface Chain extends LinkedScene {
  life: Life
  /** The process dies at a moment, of itself. */
  dies(moment: Moment, answer?: string): Promise<void>
  /** Time passes, and another process begins; it may die like the one before. */
  goOn(moment?: Moment): Promise<void>
}

async function openChain(): Promise<Chain> {
  const scene = await openLinkedScene({ broker: { replacesWhole: true } })
  const chain: Chain = {
    ...scene,
    life: await scene.begin(),
    dies: (moment, answer) => chain.life.diesAt({ moment, answer }),
    async goOn(moment) {
      expect(await chain.life.ended, moment).toBe('SIGKILL')
      await scene.letPass(downSeconds)
      chain.life = await scene.begin(moment && { death: { moment } })
    },
  }
  await chain.link()
  return chain
}

const seen = ({ platform }: Chain, text: RegExp) => platform.seen().filter((one) => text.test(one.text)).length
const sales = ({ alpaca, account }: Chain) => alpaca.orders(account).filter(({ type }) => type === 'market')
const open = ({ alpaca, account }: Chain) =>
  alpaca.orders(account).filter(({ status }) => ['new', 'partially_filled', 'accepted', 'held'].includes(status))
const shown = (orders: Order[]) =>
  orders.map(({ side, quantity, stopPrice }) => `${side} ${quantity} ${stopPrice ?? ''}`)

/** Each way in which a process dies while a touched stop closes a position. */
const deaths: [name: string, (chain: Chain) => Promise<void>][] = [
  ['after the touch is committed', (chain) => chain.dies('after a touch, before the order row')],
  [
    'after another process has claimed it, which dies, too',
    async (chain) => {
      await chain.dies('after a touch, before the order row')
      chain.price('0.94')
      await chain.goOn('after a touch, before the order row')
    },
  ],
  ['before the order leaves', (chain) => chain.dies('after the order row, before the venue has it')],
  [
    'while the broker has the order and says nothing',
    async (chain) => {
      const before = sales(chain).length
      chain.alpaca.failNext({ method: 'POST', path: /orders$/, as: 'silent' })
      chain.price('0.94')
      await poll(() => sales(chain).length).toBe(before + 1)
      await chain.life.kill()
    },
  ],
  ['before the answer is booked', (chain) => chain.dies('after the venue took it, before the desk knows')],
  [
    'while a part is booked, and the rest is open',
    async (chain) => {
      chain.price('0.94', '40')
      const booked = () =>
        chain.db
          .selectFrom('orders')
          .select('filled_quantity')
          .where('purpose', '=', 'stop')
          .where('state', '=', 'partly_filled')
          .executeTakeFirst()
      await poll(booked).toEqual({ filled_quantity: '40' })
      await chain.life.kill()
    },
  ],
  [
    'before the reply is posted',
    (chain) => chain.dies('after the reply is queued, before it is posted', '🛑 STOP HIT'),
  ],
]

test('a touched stop at a broker sells once and says so once, however its process dies', patience, async () => {
  const chain = await openChain()
  const sold: string[] = []
  for (const [index, [name, die]] of deaths.entries()) {
    // Each message of the desk has another text.
    const quantity = 100 + index
    await chain.ask(`long BYND ${quantity} @ .63`, /^✓ LONG/)
    await chain.ask('stop .95', /STOP SET/)
    await die(chain)
    chain.price('0.94')
    await chain.goOn()
    const flat = /^🛑 STOP HIT — BYND\n[\s\S]*Position: FLAT/
    await poll(() => seen(chain, flat)).toBe(index + 1)
    await chain.comesToRest()
    sold.push(String(quantity))
    expect(
      sales(chain).map(({ filled }) => filled.toFixed()),
      name,
    ).toEqual(sold)
    await expectBooksAgree(chain, 0, 3750 - sold.reduce((sum, one) => sum + Number(one), 0))
    chain.price('1.01')
  }
  // The part that was booked before its process died was told by itself.
  expect(seen(chain, /^🛑 STOP HIT/)).toBe(deaths.length + 1)
})

test(
  'protection at a broker, and a move, are never for more than is there when their process dies',
  patience,
  async () => {
    const chain = await openChain()
    await chain.ask('protect at venue on', /PROTECTION AT THE VENUE IS ON/)
    await chain.ask('long BYND 100 @ .63', /^✓ LONG 100/)

    await chain.dies('after the order row, before the venue has it')
    await chain.platform.say('stop .95')
    await chain.goOn()
    await poll(() => shown(open(chain))).toEqual(['sell 100 0.95'])
    // A part is kept before its protection is asked back, and the next process sells it.
    await chain.dies('after the venue cancelled it, before the desk knows')
    await chain.platform.say('trim 40')
    await chain.goOn()
    await chain.sees(/^✓ SOLD 40 BYND/)
    await poll(() => shown(open(chain))).toEqual(['sell 60 0.95'])
    await chain.dies('after the venue cancelled it, before the desk knows')
    await chain.platform.say('close now')
    await chain.goOn()
    await chain.sees(/^✓ SOLD 60 BYND/)
    await chain.comesToRest()
    expect([open(chain), sales(chain).map(({ filled }) => filled.toFixed())]).toEqual([[], ['40', '60']])
    await expectBooksAgree(chain, 0, 3650)

    // Between the request for another price and the look at what came of it, a part is filled.
    await chain.ask('protect at venue off', /./)
    const [, number] = /Order (\d+)/.exec(await chain.ask('buy 100 BYND @ .95', /LIMIT BUY ORDER 100 BYND/))!
    chain.alpaca.faults.slowReplaces = 1
    await chain.platform.say(`move ${number} .96`)
    const old = chain.alpaca.orders(chain.account).find(({ side }) => side === 'buy')!
    await poll(() => old.status).toBe('pending_replace')
    chain.alpaca.fill(old, '40', '0.95')
    await chain.life.kill()
    await poll(() => old.status).toBe('replaced')
    expect(shown(open(chain))).toEqual(['buy 100 '])
    await chain.goOn()
    await chain.sees(
      /^✓ CANCELLED order \d+: LIMIT BUY 100 BYND[\s\S]*its change met a fill[\s\S]*40 of 100 were bought/,
    )
    await chain.comesToRest()
    expect(open(chain)).toEqual([])
    await expectBooksAgree(chain, 40, 3650)
  },
)
