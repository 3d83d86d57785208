import { describe, expect } from 'vitest'
import { Refusal } from '../../../src/base/refusal.ts'
import { plainAllowed } from '../../../src/prediction/forecaster/forecast.ts'
import { knots } from '../../../src/prediction/forecaster/horizons.ts'
import { allowedAfter } from '../../../src/prediction/forecaster/live/allowed.ts'
import { atMost, lostHorizon } from '../../../src/prediction/forecaster/live/coverage.ts'
import { endIfUnfit } from '../../../src/prediction/forecaster/live/fitness.ts'
import { coverageOf } from '../../../src/prediction/forecaster/live/rows.ts'
import { settleForecasts } from '../../../src/prediction/forecaster/live/settle.ts'
import { switchOn } from '../../../src/prediction/forecaster/live/state.ts'
import { predict, watchedForecaster } from '../../../src/prediction/forecaster/predict.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { apiTest, program } from '../../api/serve.ts'
import { someone } from '../../talk/commands/someone.ts'
import { alertsOf, keepAnswers } from './earlier-answers.ts'
import { marketBars } from './market-bars.ts'
import { walkingBars } from './walking-bars.ts'

const {
  test,
  desk: testDesk,
  market,
} = apiTest({
  worker: false,
  environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' },
})
const owner = someone(testDesk, 'uowner')

const give = (symbol: string, bars: Columns, count: number) => market.give(symbol, 1440, marketBars(bars, count))

/** Gives these symbols bars and lists them; the bars of BYND and BTC-USD are taken away, so that they say nothing of the last day. */
function stage(count: number, size = 0.015): void {
  market.list('SPY', '100')
  for (const [seed, symbol] of ['AAPL', 'SPY', 'BYND'].entries()) give(symbol, walkingBars(440, seed + 1, size), count)
}

const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

const partsOf = () => testDesk.desk.parts

describe('forecasts that were told', () => {
  test('are kept once a day, come due with the bars, and are counted', async () => {
    const parts = partsOf()
    stage(380)
    const told = await predict(parts, 'AAPL')
    if (told instanceof Refusal) throw new Error(told.sentence)
    expect(told.missing).toEqual([])
    expect(told.direction).toBe('NEUTRAL')
    expect(told.day).toBe(walkingBars(440, 1).days[379])
    await predict(parts, 'AAPL')
    const kept = await parts.db.selectFrom('forecasts').select(['symbol', 'day']).execute()
    expect(kept).toEqual([{ symbol: 'AAPL', day: told.day }])
    expect(await settleForecasts(parts)).toBe(0)

    stage(392)
    const settled = await Promise.all([settleForecasts(parts), settleForecasts(parts)])
    expect(settled[0]! + settled[1]!).toBe(3)
    expect(await settleForecasts(parts)).toBe(0)
    const ranges = await parts.db
      .selectFrom('forecast_ranges')
      .selectAll()
      .where('outcome', 'is not', null)
      .orderBy('horizon')
      .execute()
    const { close, days } = walkingBars(440, 1)
    expect(ranges.map(({ horizon, due_day }) => [horizon, due_day])).toEqual(
      [1, 5, 10].map((horizon) => [horizon, days[379 + horizon]]),
    )
    for (const { horizon, outcome } of ranges) expect(outcome).toBeCloseTo(close[379 + horizon]! / close[379]! - 1, 5)
    const coverage = await coverageOf(parts.db, told.card.hash, 'hand')
    expect(coverage.map(({ horizon, of }) => [horizon, of])).toEqual([
      [1, 1],
      [5, 1],
      [10, 1],
    ])
  })

  test('are refused for a symbol with few bars, and do without SPY when it has none', async () => {
    const parts = partsOf()
    stage(380)
    give('AAPL', walkingBars(440, 1), 100)
    expect(await predict(parts, 'AAPL')).toMatchObject({
      code: 'TOO_FEW_BARS',
      sentence: expect.stringContaining('253'),
    })
    stage(385)
    market.give('SPY', 1440, [])
    const told = await predict(parts, 'AAPL')
    expect(told).toMatchObject({ missing: ['bars of SPY'] })
  })
})

describe('the chat', () => {
  test('forecasts with a picture, lists its models, and lets an owner switch one off', async ({ alice }) => {
    stage(386)
    const [reply] = await alice.hear('forecast AAPL')
    const text = reply!.text
    expect(text).toMatch(
      /^🔮 FORECAST — AAPL, from \$[\d.]+ at the close of \d{4}-\d\d-\d\d\nRange: ±[\d.]+% in 21 days \(68%\)/,
    )
    expect(text).toMatch(/Direction: no edge shown \(IC -?0\.\d{3} at 21 days, 95% -?0\.\d{3} … 0\.\d{3}\)/)
    expect(text).toMatch(/At 63 and 100 days the range was no better than a constant volatility/)
    expect(reply!.pictures?.[0]?.alt).toContain('ranges of the next 100 trading days')
    const models = await alice.say('models')
    expect(models).toMatch(/^🧠 MODELS\nforecaster: on\n.*239 stocks from 2012-12-06 to 2017-12-06/)
    expect(models).toContain('Direction: no edge shown')

    expect(await alice.say('model off forecaster')).toMatch(/Only an owner may do that/)
    expect(await owner.say('model off forecaster')).toMatch(/is off: nothing is forecast/)
    expect(await alice.say('forecast AAPL')).toMatch(/switched off \(BY_OWNER\): by /)
    expect(await alice.say('models')).toMatch(/forecaster: ⛔ off \(BY_OWNER\)/)
    expect(await owner.say('model on forecaster')).toMatch(/is on\. Its coverage is counted anew/)
    expect(await alice.say('forecast AAPL')).toMatch(/^🔮 FORECAST/)
  })
})

describe('a position', () => {
  test('gets a stop from the range by `stop auto`, after a yes and not before, and advice with the range', async ({
    alice,
  }) => {
    stage(386)
    market.set('AAPL', '50')
    await alice.say('long AAPL 10 @ 49')
    const asked = await alice.say('stop auto')
    const price = /^🛑 STOP AT \$([\d.]+)\? .*10 AAPL/.exec(asked)?.[1]
    expect(asked).toMatch(
      /-[\d.]+% from \$50\.00: the lower end of the 68% range of 21 days, by the forecast after \d{4}-/,
    )
    expect(Number(price)).toBeLessThan(50)
    expect(Number(price)).toBeGreaterThan(42)
    expect(await alice.say('2')).toBe('OK, the stop stays as it is.')
    expect(await alice.say('pl AAPL')).not.toContain(`Stop: $${price}`)
    await alice.say('stop AAPL auto')
    expect(await alice.say('1')).toContain(`$${price}`)
    const advice = await alice.say('should i exit AAPL?')
    expect(advice).toMatch(
      /Range of 5 days \(68%\): \$[\d.]+ to \$[\d.]+, from the close of \d{4}-\d\d-\d\d; no direction/,
    )
    await alice.say('never mind')

    await owner.say('model off forecaster')
    expect(await alice.say('stop auto')).toMatch(/switched off \(BY_OWNER\): by uowner\. No stop was set\./)
    const plain = await alice.say('should i exit AAPL?')
    expect(plain).toMatch(/EXIT ANALYSIS/)
    expect(plain).not.toContain('Range of 5 days')
    await alice.say('never mind')
    await owner.say('model on forecaster')
  })

  test('that is short gets a stop above the price', async ({ alice }) => {
    stage(386)
    market.set('AAPL', '50')
    await alice.say('short AAPL 10 @ 51')
    const price = /^🛑 STOP AT \$([\d.]+)\?/.exec(await alice.say('stop auto'))?.[1]
    expect(Number(price)).toBeGreaterThan(50)
  })
})

describe('the API', () => {
  test('answers with a hundred values, the verdicts and what was missing, and lists models', async ({
    api,
    desk,
    alice,
  }) => {
    stage(386)
    const programme = await program(api, desk, alice)
    const { status, body } = await programme.post('/api/v1/inference/predict/aapl')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      symbol: 'AAPL',
      direction: 'NEUTRAL',
      optimal_horizon: null,
      optimal_return: null,
      missing: [],
    })
    expect(body.predictions_continuous).toEqual(Array.from({ length: 100 }, () => 0))
    expect(body.uncertainty_continuous).toHaveLength(100)
    expect(body.uncertainty_continuous[99]).toBeGreaterThan(body.uncertainty_continuous[0])
    expect(body.verdicts.map((one: { direction_shown: boolean }) => one.direction_shown)).toEqual(
      knots.map(() => false),
    )
    const models = (await programme.get('/api/v1/inference/models')).body.items
    expect(models).toMatchObject([
      { name: 'forecaster', state: 'on', kind: 'baseline', learned_to: '2017-12-06' },
      { name: 'policy', state: 'on', kind: 'policy', learned_to: '2017-12-06' },
    ])
    expect(await programme.post('/api/v1/inference/predict/NOPE')).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_SYMBOL' },
    })
    give('BTC-USD', walkingBars(440, 9), 10)
    expect(await programme.post('/api/v1/inference/predict/BTC-USD')).toMatchObject({
      status: 422,
      body: { code: 'TOO_FEW_BARS' },
    })
    market.give('BTC-USD', 1440, [])
  })
})

describe('a model that is not fit any more', () => {
  test('is switched off with one alert when its ranges miss too often, and stays on when an owner says so', async () => {
    const parts = partsOf()
    stage(387)
    const first = await predict(parts, 'AAPL')
    if (first instanceof Refusal) throw new Error(first.sentence)
    // From here on moves are twenty times as large as all that was known.
    const calm = walkingBars(440, 1)
    const wild = { ...calm, close: calm.close.map((price, at) => (at < 387 ? price : price * (at % 2 ? 1.5 : 0.7))) }
    const alerts = () => parts.db.selectFrom('owner_notices').select('key').where('key', 'like', 'model-off%').execute()
    const before = (await alerts()).length
    for (let count = 388; count <= 412 && (await alerts()).length === before; count++) {
      stage(count)
      give('AAPL', wild, count)
      const at = parts.clock.now()
      // A forecast of a quiet symbol that is judged by what the wild one does: as if the world had changed over night.
      const id = await parts.db
        .insertInto('forecasts')
        .values({
          model: first.card.hash,
          market: 'hand',
          symbol: 'AAPL',
          day: calm.days[count - 2]!,
          made_at: at,
          far: 0,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (id)
        await parts.db
          .insertInto('forecast_ranges')
          .values({ forecast_id: id.id, horizon: 1, lower68: -0.01, upper68: 0.01, lower90: -0.02, upper90: 0.02 })
          .execute()
      await Promise.all([settleForecasts(parts), settleForecasts(parts)])
    }
    expect((await alerts()).length).toBe(before + 1)
    const state = await parts.db.selectFrom('model_states').selectAll().executeTakeFirstOrThrow()
    expect([state.is_off, state.code]).toEqual([true, 'COVERAGE_LOST'])
    expect(await predict(parts, 'AAPL')).toMatchObject({
      code: 'MODEL_OFF',
      sentence: expect.stringMatching(/90% range of 1 day held \d+ of \d+ outcomes/),
    })
    expect(await switchOn(parts.db, first.card.hash, parts.clock.now())).toEqual({ isKeptPastExpiry: false })
    expect(await predict(parts, 'AAPL')).toMatchObject({ symbol: 'AAPL' })
  })

  test('is switched off when more than a fifth of its inputs are unlike anything seen, and past its day', async ({
    alice,
  }) => {
    const parts = partsOf()
    stage(386)
    const told = await predict(parts, 'AAPL')
    if (told instanceof Refusal) throw new Error(told.sentence)
    const { hash } = told.card
    const before = await alertsOf(parts, 'forecaster')
    await keepAnswers(parts, hash, [...many(20, { far: 3 }), ...many(80, {})])
    expect(await alice.say('forecast AAPL')).toMatch(/^🔮 FORECAST/)
    await keepAnswers(parts, hash, [...many(79, {}), ...many(21, { far: 1 })])
    const [one, other] = await Promise.all([predict(parts, 'AAPL'), predict(parts, 'AAPL')])
    expect([one, other].map((answer) => answer instanceof Refusal && answer.code)).toEqual(['MODEL_OFF', 'MODEL_OFF'])
    expect(await alice.say('forecast AAPL')).toMatch(
      /switched off \(OFF_DISTRIBUTION\): 21 of its last 100 forecasts had/,
    )
    expect(await alice.say('models')).toMatch(/forecaster: ⛔ off \(OFF_DISTRIBUTION\): 21 of its last 100/)
    expect(await alertsOf(parts, 'forecaster')).toBe(before + 1)
    expect(await owner.say('model on forecaster')).toMatch(/The forecaster is on\. Its coverage is counted anew/)
    expect(await alice.say('forecast AAPL')).toMatch(/^🔮 FORECAST/)

    // The shipped baseline has no last day; a network has one.
    const card = { ...watchedForecaster(told.card), expires: '2026-05-01' }
    expect(await endIfUnfit(parts, card, '2026-05-01')).toBeUndefined()
    expect(await endIfUnfit(parts, card, '2026-05-02')).toMatchObject({ code: 'MODEL_EXPIRED' })
    expect(await alice.say('forecast AAPL')).toMatch(
      /switched off \(MODEL_EXPIRED\): it learned from bars up to 2017-12-06/,
    )
    expect(await alertsOf(parts, 'forecaster')).toBe(before + 2)
    expect(await owner.say('model on forecaster')).toMatch(/kept on although that is over/)
    expect(await endIfUnfit(parts, card, '2026-05-03')).toBeUndefined()
  })

  test('is lost by a binomial test over windows that do not overlap', () => {
    // scipy.stats.binom.cdf(80, 100, 0.9) = 0.0019788, cdf(90, 100, .9) = 0.5487
    expect(atMost(80, 100, 0.9)).toBeCloseTo(0.0019788, 6)
    expect(atMost(90, 100, 0.9)).toBeCloseTo(0.5487, 4)
    const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10)
    const outcomes = (horizon: number, count: number, isHeld: (at: number) => boolean) =>
      Array.from({ length: count }, (_, at) => ({
        horizon,
        day: day(at),
        dueDay: day(at + horizon),
        isHeld: isHeld(at),
      }))
    const held = (count: number) => outcomes(1, 100, (at) => at < count)
    // Over three horizons each has a third of the level: cdf(81) = 0.00458; for one cdf(81) and cdf(82) = 0.0100073 stand on its two sides.
    expect(lostHorizon(held(80), [1, 5, 21])).toEqual({ horizon: 1, held: 80, of: 100 })
    expect(lostHorizon(held(81), [1, 5, 21])).toBeUndefined()
    expect(lostHorizon(held(81), [1])).toEqual({ horizon: 1, held: 81, of: 100 })
    expect(lostHorizon(held(82), [1])).toBeUndefined()
    // One bad month: twenty overlapping windows of it count once.
    expect(
      lostHorizon(
        outcomes(21, 40, () => false),
        [1, 5, 21],
      ),
    ).toBeUndefined()
  })

  test('widens its ranges after misses, and narrows them after none', () => {
    const missed = (share: number) => Array.from({ length: 30 }, () => ({ horizon: 21, missed: [share, share] }))
    const allowed = (share: number) => allowedAfter(missed(share))[3]!
    expect(allowed(1)[1]!).toBeLessThan(plainAllowed[3]![1]!)
    expect(allowed(0)[0]!).toBeGreaterThan(plainAllowed[3]![0]!)
    expect(allowedAfter(missed(1))[0]).toEqual(plainAllowed[0])
  })
})
