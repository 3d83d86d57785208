import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Big } from 'big.js'
import { afterAll, describe, expect } from 'vitest'
import { signalOf } from '../../../src/prediction/policy/live/signal.ts'
import { readPolicy } from '../../../src/prediction/policy/model.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { apiTest, program } from '../../api/serve.ts'
import { someone } from '../../talk/commands/someone.ts'
import { walkingBars } from '../forecaster/walking-bars.ts'
import { stubbornPolicy } from './stubborn.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'deskhand-stubborn-'))
stubbornPolicy(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const {
  test,
  desk: testDesk,
  market,
} = apiTest({ worker: false, policyFolder: folder, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })
const owner = someone(testDesk, 'uowner')

function give(symbol: string, { days, open, high, low, close, volume }: Columns): void {
  const amount = (column: Float64Array, at: number) => new Big(column[at]!.toFixed(6))
  market.give(
    symbol,
    1440,
    days.map((day, at) => ({
      at: new Date(`${day}T00:00:00Z`),
      ...{ open: amount(open, at), high: amount(high, at), low: amount(low, at), close: amount(close, at) },
      volume: amount(volume, at),
    })),
  )
}

/** Bars of AAPL and SPY; the price of now is the last close. */
function stage(count = 560): { close: number; day: string } {
  market.list('SPY', '100')
  const bars = walkingBars(count, 1)
  give('AAPL', bars)
  give('SPY', walkingBars(count, 2))
  const close = bars.close.at(-1)!
  market.set('AAPL', close.toFixed(2))
  return { close, day: bars.days.at(-1)! }
}

describe('signal', () => {
  test('says what the policy would do, why, which checks it would meet, and that nothing is shown', async ({
    alice,
  }) => {
    const { close, day } = stage()
    const text = await alice.say('signal AAPL')
    const units = Math.floor(20_000 / close)
    expect(text).toContain(`🧭 SIGNAL — AAPL, from $${close.toFixed(2)} at the close of ${day}\n`)
    expect(text).toContain(
      `The policy would buy ${units.toLocaleString('en-US')} AAPL, to be long 20.00% of the equity; stop $`,
    )
    expect(text).toMatch(/out after 21 days\nIts choice: LONG \(9\d%\), size 20\.00% \(8\d%\)\n/)
    expect(text).toMatch(/\nWhy: the move of the day -?\d\.\d\d \(usually 0\.00\) speaks (for|against) it\n/)
    expect(text).toContain('✗ No edge is shown in its tests\n✓ It is good until 2022-02-08\n')
    expect(text).toContain('✓ The gate: such an order passes now\n')
    expect(text).toContain(
      'Verdict: no edge shown (ratio of return and volatility 0.12, seeds -0.40 to 0.55; holding had 1.10; 34% of 500 random policies did worse)\nIt stays out of the money path: nothing but paper is traded by it.',
    )
    expect(await testDesk.desk.parts.db.selectFrom('orders').select('id').execute()).toEqual([])
  })

  test('has the refusal of the gate where such an order does not pass', async ({ alice }) => {
    stage()
    expect(await alice.say('long AAPL 1')).toContain('AAPL')
    await alice.say('limits size $500')
    const text = await alice.say('signal AAPL')
    expect(text).toMatch(/✗ ORDER_TOO_LARGE — .*passes/)
    expect(text).not.toContain('Nothing was done')
  })

  test('keeps a position that is as large as it would make it, and closes one whose time is over', async ({
    alice,
  }) => {
    const { close } = stage()
    await alice.say(`long AAPL ${Math.floor(20_000 / close)} @ ${close.toFixed(2)}`)
    expect(await alice.say('signal AAPL')).toMatch(/The policy would keep the \d+ AAPL\n/)
  })

  test('of an old policy says that it has expired, and on few bars nothing', async ({ alice }) => {
    stage(900)
    expect(await alice.say('signal AAPL')).toContain('✗ MODEL_EXPIRED — it learned from days up to 2021-01-04')
    stage(300)
    expect(await alice.say('signal AAPL')).toMatch(
      /A signal needs 315 daily bars of AAPL, and the market in use has 300/,
    )
  })

  test('ends when an owner switches the policy off, and models tell of it', async ({ alice, api, desk }) => {
    stage()
    expect(await alice.say('models')).toMatch(
      /\npolicy: on, out of the money path\n {2}Learned from 3 stocks up to 2021-01-04/,
    )
    expect(await owner.say('model off policy')).toMatch(/The policy is off: it gives no signals/)
    expect(await alice.say('signal AAPL')).toMatch(/The policy is switched off: by uowner\./)
    const programme = await program(api, desk, alice)
    const models = (await programme.get('/api/v1/inference/models')).body.items
    expect(models).toMatchObject([
      { name: 'forecaster', policy: null, state: 'on' },
      {
        ...{ name: 'policy', kind: 'policy', state: 'off', learned_to: '2021-01-04', expires: '2022-02-08' },
        policy: { shown: false, ratio: 0.12, ratio_hold: 1.1, random_policies: 500, random_beaten: 0.34 },
      },
    ])
    expect(await alice.say('forecast AAPL')).toMatch(/^🔮 FORECAST/)
    expect(await owner.say('model on policy')).toMatch(/The policy is on\.$/)
    expect(await owner.say('model off weather')).toMatch(/two models that can be switched: forecaster and policy/)
  })
})

describe('a decision from bars', () => {
  const bars = walkingBars(560, 1)
  const known = { bars, day: bars.days.at(-1)! }
  const held = (weight: number, ago: number) => ({ weight, entry: 50, since: bars.days.at(-ago)! })

  test('closes what it has held for its time', () => {
    const model = readPolicy(folder)
    expect(signalOf(model, 'AAPL', known, held(0.2, 20))).toMatchObject({ exit: 21, isOver: false })
    expect(signalOf(model, 'AAPL', known, held(0.2, 21))).toMatchObject({ exit: 21, isOver: true })
  })

  test('names what is lacking, and what is unlike anything that it met', () => {
    const usual = stubbornPolicy(path.join(folder, 'narrow')).usual.map(() => ({ mean: 0, deviation: 0.1 }))
    stubbornPolicy(path.join(folder, 'narrow'), { usual })
    const signal = signalOf(readPolicy(path.join(folder, 'narrow')), 'AAPL', known, held(-0.2, 3))
    expect(signal.missing).toEqual(['bars of SPY'])
    expect(signal.far).toEqual(expect.arrayContaining(['weight', 'cash']))
  })
})
