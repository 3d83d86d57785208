import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { finishExits } from '../../../src/trading/orders/finish-exit.ts'
import { lockPosition, openPosition } from '../../../src/trading/positions/rows/positions.ts'
import { noteUnfinished } from '../../../src/trading/protection/rows/unfinished-exits.ts'
import { type Client, program, type ServedApi, serveApi } from '../../api/serve.ts'
import { letPass } from '../../crash/ledger.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked.ts'

let there: LinkedDesk
let api: ServedApi
beforeAll(async () => {
  there = await openLinkedDesk({ worker: true })
  there.broker.instruments.set('BYND', { canShort: true })
  api = await serveApi(there.desk)
})
afterAll(async () => {
  await api.close()
  await there.desk.close()
})
let quote: LinkedDesk['desk']['market']['quote']
beforeAll(() => {
  quote = there.desk.market.quote
})
afterEach(() => {
  there.desk.market.quote = quote
  there.price('BYND', '1.01')
  there.price('AAPL', '190')
})

const symbols = ['BYND', 'AAPL']
const spoilt: [string, () => void][] = [
  ['an old', () => symbols.forEach((one) => void there.desk.market.stale(one, 'the quote is 65 s old (limit 15 s)'))],
  ['no', () => symbols.forEach((one) => void there.desk.market.forget(one))],
  [
    'a failing',
    () => {
      there.desk.market.quote = () => Promise.reject(new Error('the provider is away'))
    },
  ],
  [
    'a crossed',
    () => {
      there.desk.market.set('BYND', '1.05', '1.01')
      there.desk.market.set('AAPL', '195', '190')
    },
  ],
]

interface Holder extends Linked {
  robot: Client
}
type Exit = [words: string, does: (holder: Holder) => Promise<unknown>, sells: string[]]
const says =
  (...texts: string[]) =>
  async ({ say }: Holder) => {
    for (const text of texts) await say(text)
  }
const exits: Exit[] = [
  ['sell 10', says('sell 10 bynd'), ['sell 10 BYND']],
  ['sell half', says('sell half bynd'), ['sell 30 BYND']],
  ['trim 30%', says('trim bynd 30%'), ['sell 18 BYND']],
  ['close half', says('close bynd half now'), ['sell 30 BYND']],
  ['close', says('close bynd', '1'), ['sell 60 BYND']],
  ['close with a limit', says('close bynd @ 1.01'), ['sell 60 BYND']],
  ['close all', says('close all', 'yes'), ['sell 60 BYND', 'sell 2 AAPL']],
  ['panic', says('panic'), ['sell 60 BYND', 'sell 2 AAPL']],
  [
    'an order of a program',
    ({ robot }) => robot.post('/api/orders', { symbol: 'BYND', side: 'sell', quantity: '10' }),
    ['sell 10 BYND'],
  ],
  ['a close of a program', ({ robot }) => robot.post('/api/positions/BYND/close', {}), ['sell 60 BYND']],
  ['a part of a program', ({ robot }) => robot.post('/api/positions/BYND/close', { share: '0.5' }), ['sell 30 BYND']],
]

async function holder(): Promise<Holder> {
  const one = await there.newcomer()
  const robot = await program(api, there.desk, one.person)
  await one.say('buy 60 bynd')
  await one.say('buy 2 aapl')
  return { ...one, robot }
}

const sold = ({ account }: Linked) =>
  there.broker
    .book()
    .flatMap(({ sent }) =>
      sent.account === account && sent.side === 'sell' ? [`sell ${sent.quantity} ${sent.symbol}`] : [],
    )

describe.each(spoilt)('with %s quote', (_, spoil) => {
  test.each(exits)('%s is sent to the broker', async (_, exit, expected) => {
    const one = await holder()
    spoil()
    await exit(one)
    await expect.poll(() => sold(one).sort()).toEqual(expected.sort())
  })

  test('a short position is bought back', async () => {
    const one = await there.newcomer()
    await one.say('sell short 10 bynd')
    await one.say('yes')
    spoil()
    expect(await one.say('cover 4 bynd')).toMatch(/BOUGHT BACK 4 BYND/)
  })
})

describe.each(spoilt.slice(0, 2))('with %s quote', (_, spoil) => {
  const why = /cannot be traded now: (the quote is 65 s old|the market has no price for it)/

  test('nothing is opened, by a person or a program', async () => {
    const one = await holder()
    spoil()
    expect(await one.say('buy 5 bynd')).toMatch(why)
    expect(await one.say('add 5 bynd')).toMatch(why)
    const answer = await one.robot.post('/api/orders', { symbol: 'BYND', side: 'buy', quantity: '5' })
    expect(answer.body).toMatchObject({ code: 'NO_FRESH_PRICE', message: expect.stringMatching(why) })
    expect(there.broker.held(one.account, 'BYND').toNumber()).toBe(60)
  })

  test('a sale of more than is open is offered only as an exit', async () => {
    const one = await holder()
    spoil()
    const asked = await one.say('sell 100 bynd')
    expect(asked).toContain('Sell the 60 only')
    expect(asked).toContain('has no fresh price')
    expect(asked).not.toContain('and be SHORT')
    expect(asked).not.toContain('about $')
    expect(await one.say('1')).toContain('SOLD 60 BYND')
  })

  test('dollars become no quantity', async () => {
    const one = await holder()
    spoil()
    expect(await one.say('sell $20 of bynd')).toContain('Dollars become a quantity of BYND at its price')
    expect(sold(one)).toEqual([])
  })

  test('a large exit is asked about without a word of a price of now', async () => {
    const one = await holder()
    await one.say('confirm above 10')
    spoil()
    const asked = await one.say('sell 20 bynd')
    expect(asked).toMatch(/At the market, without a fresh price \(.*\): (last seen at|it cost) \$1.01 each/)
    expect(await one.say('yes')).toContain('SOLD 20 BYND')
  })
})

test('a close that its process left unfinished is sent without a fresh price', async () => {
  const one = await holder()
  const { parts } = there.desk.desk
  const position = (await openPosition(parts.db, one.accountId, 'BYND'))!
  const { id, conversationId } = position
  const asked = { clientOrderId: `close-left-${id}`, memberId: one.memberId, conversationId: conversationId! }
  await parts.db
    .transaction()
    .execute(async (trx) => noteUnfinished(trx, asked, await lockPosition(trx, id), parts.clock.now()))
  await letPass(parts.db, 20)
  there.desk.market.stale('BYND', 'the quote is 65 s old (limit 15 s)')
  await finishExits(parts)
  expect(sold(one)).toEqual(['sell 60 BYND'])
})

test('a paper account sells nothing without a price', async () => {
  const { desk } = there
  await desk.say('buy 60 bynd', 'paula')
  desk.market.stale('BYND', 'the quote is 65 s old (limit 15 s)')
  expect(await desk.say('sell 10 bynd', 'paula')).toMatch(
    /cannot be traded now: the quote is 65 s old.*\n.*Nothing was sold/,
  )
})
