import { afterAll, describe, expect, onTestFinished } from 'vitest'
import type { ServedApi } from '../api/serve.ts'
import { known } from '../strategies/runs/asking.ts'
import { deskTest } from '../support/desk-test.ts'
import { gateBars, listScreened } from '../support/screened.ts'
import type { Someone } from '../talk/commands/someone.ts'
import { violations } from './axe.ts'
import { closeBrowser, enter, hasBrowser, type Look, servePage, type WatchedPage } from './browser.ts'

const { test, market } = deskTest({ timeScale: 60 })
const page = test.extend('api', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
  const served = await servePage(desk)
  onCleanup(() => served.close())
  return served
})
let rising: string[] = []
let falling: string[] = []
test.beforeEach(() => {
  ;({ rising, falling } = listScreened(market, { rising: 4, falling: 2 }))
})
afterAll(closeBrowser)

const patience = { timeout: 90_000 }

/** Signs a person in, and shows the screeners. */
async function enterScreeners(api: ServedApi, person: Someone, look: Look = {}): Promise<WatchedPage> {
  const there = await enter(api, person, look)
  await there.getByRole('button', { name: 'Screeners' }).click()
  await there.getByRole('heading', { name: 'Screen', exact: true }).waitFor()
  await there.getByLabel('Min score').waitFor()
  return there
}

const form = (there: WatchedPage) => there.locator('#screener-form')
const run = (there: WatchedPage) => there.locator('#screener-run')

async function start(there: WatchedPage, tickers: string, minScore = '20'): Promise<void> {
  await form(there).getByLabel('Tickers').fill(tickers)
  await form(there).getByLabel('Min score').fill(minScore)
  await form(there).getByRole('button', { name: 'Start' }).click()
}

/** Waits for the words of the state of the shown run. */
const isNow = (there: WatchedPage, words: string) =>
  run(there).locator('.tag', { hasText: words }).first().waitFor({ timeout: 40_000 })

describe.skipIf(!hasBrowser)('the screeners on the page', patience, () => {
  page('a run is followed to its list, whose hits lead on', async ({ api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterScreeners(api, alice)
    // How it did in the past stands above the form, with its dispersion.
    expect(await form(there).locator('.past').textContent()).toMatch(/standard deviation of .*filter/)
    const gate = gateBars(market)
    onTestFinished(gate.open)
    await start(there, `${rising.join(', ')}, ${falling[0]}, BYND`)
    await isNow(there, 'runs')
    await run(there).getByText('fetching bars').waitFor()
    await run(there).getByRole('button', { name: 'Cancel run' }).waitFor()
    await there.locator('#screener-queue', { hasText: 'yours' }).waitFor()
    gate.open()
    await isNow(there, 'done')
    expect(await run(there).getByRole('progressbar').getAttribute('value')).toBe('100')
    await expect.poll(() => run(there).locator('.results tbody > tr').count()).toBe(4)
    await expect.poll(() => run(there).textContent()).toContain('6 of 6 symbols')
    // The end is told as a notice, too.
    await there.locator('.toast', { hasText: 'Screener done' }).waitFor()

    // A hit shows the parts of its score, and its chart when that is wanted.
    const best = run(there).locator('.results tbody > tr').first()
    const symbol = (await best.locator('th button').textContent())!.match(/[A-Z]{3}/)![0]
    await best.locator('th button').click()
    await run(there).locator('.hit').waitFor()
    expect(await run(there).locator('.hit tbody tr').count()).toBeGreaterThan(5)
    await run(there)
      .getByRole('button', { name: `Chart of ${symbol}` })
      .click()
    await run(there).locator('.hit canvas').first().waitFor({ state: 'attached' })
    await best.getByRole('button', { name: `Watch ${symbol}` }).click()
    await there.locator('.reply').first().waitFor()
    await best.getByRole('button', { name: `Buy … ${symbol}` }).click()
    expect(await there.locator('#say-text').inputValue()).toBe(`buy ${symbol} `)
    expect(await there.evaluate('document.activeElement.id')).toBe('say-text')
    await run(there).getByRole('button', { name: 'Skipped' }).click()
    await expect.poll(() => run(there).locator('.results').textContent()).toContain('0 of 260 bars')
    expect(there.troubles).toEqual([])
  })

  page('a wrong value is told beside its field, with the range, and nothing starts', async ({ api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterScreeners(api, alice)
    await start(there, rising[0]!, '300')
    const field = form(there).getByLabel('Min score')
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
    expect(await there.locator('#screener-min_score-wrong').textContent()).toContain('0 to 100')
    expect(await there.evaluate('document.activeElement.name')).toBe('min_score')
    expect(await violations(there)).toEqual([])
    await there.getByText('No run is shown').waitFor()
    await start(there, `${rising[0]}, NOPE`, '30')
    await expect.poll(() => form(there).getByRole('alert').textContent()).toContain('NOPE')
    await start(there, rising[0]!, '30')
    await isNow(there, 'done')
  })

  page('every wrong value is told beside its field at once', async ({ api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterScreeners(api, alice)
    await form(there).getByLabel('Max workers').fill('x')
    await form(there).getByLabel('Min volume multiple').fill('1.5')
    await start(there, `${rising[0]}, NOPE`, '300')
    const told = form(there).getByRole('alert')
    await expect.poll(() => told.count()).toBe(3)
    const words = (await told.allTextContents()).join(' ')
    for (const part of ['0 to 100', '1 to 8', 'NOPE']) expect(words).toContain(part)
    expect(await there.evaluate('document.activeElement.name')).toBe('min_score')
    expect(await form(there).locator('[aria-invalid="true"]').count()).toBe(3)
    expect(await violations(there)).toEqual([])
    await form(there).getByLabel('Max workers').fill('2')
    await start(there, `${rising[0]}`, '30')
    await isNow(there, 'done')
    expect(await form(there).locator('[aria-invalid="true"]').count()).toBe(0)
  })

  page('a run of the page is cancelled in chat, and one of chat on the page', async ({ api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterScreeners(api, alice)
    const gate = gateBars(market)
    onTestFinished(gate.open)
    await start(there, rising.slice(0, 2).join(', '))
    await isNow(there, 'runs')
    await alice.say('cancel run 1')
    gate.open()
    await isNow(there, 'cancelled')

    const second = gateBars(market)
    onTestFinished(second.open)
    await alice.say(`screen breakout tickers ${rising.slice(2).join(' ')}`)
    await there.locator('#screener-history button', { hasText: 'Run 2' }).click()
    await isNow(there, 'runs')
    await run(there).getByRole('button', { name: 'Cancel run 2' }).click()
    second.open()
    await isNow(there, 'cancelled')
    expect(await alice.say('run 2')).toMatch(/cancelled/i)
  })

  page('two runs are compared, and one is run again', async ({ api, alice, desk }) => {
    const { memberId } = await known(desk.desk, alice)
    const there = await enterScreeners(api, alice)
    await start(there, rising.slice(0, 2).join(', '))
    await isNow(there, 'done')
    await start(there, rising.slice(1, 3).join(', '))
    await there.getByRole('heading', { name: /Run 2/ }).waitFor()
    await isNow(there, 'done')
    const compare = there.locator('#screener-compare')
    await compare.getByLabel('Compare run 2 with').selectOption({ index: 1 })
    await compare.getByText('0 new, 0 gone').waitFor()
    const rows = await compare.locator('tbody tr').allTextContents()
    const [first, , third] = rising
    expect(rows).toEqual(
      expect.arrayContaining([
        // Only one of the runs has looked at each of these two, so that neither is new or gone.
        expect.stringMatching(new RegExp(`^${third}without a score`)),
        expect.stringMatching(new RegExp(`^${first}without a score`)),
      ]),
    )
    expect(await compare.getByText('of two markets').count()).toBe(0)
    const market = 'replay:older'
    const { db } = desk.desk.parts
    const earlier = db.updateTable('strategy_runs').where('member_id', '=', memberId).where('number', '=', 1)
    await earlier.set({ market }).execute()
    await compare.getByLabel('Compare run 2 with').selectOption({ index: 0 })
    await compare.getByLabel('Compare run 2 with').selectOption({ index: 1 })
    await compare.getByText(`Their bars are of two markets: ${market} and `).waitFor()
    await run(there).getByRole('button', { name: 'Run it again' }).click()
    await there.getByRole('heading', { name: /Run 3/ }).waitFor()
    await isNow(there, 'done')
  })

  page('the address and a key lead to the screeners and back', async ({ api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enter(api, alice)
    await there.getByRole('heading', { name: /Positions/ }).waitFor()
    await there.keyboard.press('v')
    await there.getByLabel('Min score').waitFor()
    await there.reload()
    await there.getByLabel('Min score').waitFor()
    await there.goBack()
    await there.getByRole('heading', { name: /Positions/ }).waitFor()
  })

  page.for([
    { width: 390, height: 844, scheme: 'light' as const },
    { width: 1280, height: 900, scheme: 'dark' as const },
    { width: 2560, height: 1300, scheme: 'light' as const },
  ])('fit $width px in $scheme, without a violation of WCAG AA', async ({ width, height, scheme }, { api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterScreeners(api, alice, { width, height, scheme })
    await start(there, [...rising, ...falling].join(', '))
    await isNow(there, 'done')
    await start(there, [...rising.slice(1), falling[0]].join(', '), '25')
    await there.getByRole('heading', { name: /Run 2/ }).waitFor()
    await isNow(there, 'done')
    await there.getByLabel('Compare run 2 with').selectOption({ index: 1 })
    await there.getByText(/without a score in one of the runs/).waitFor()
    await run(there).locator('.results th button').first().click()
    await run(there).locator('.hit').waitFor()
    expect(await there.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(await violations(there)).toEqual([])
    if (process.env.PICTURES && width === 1280) {
      await expect.poll(() => there.locator('.toast').count()).toBe(0)
      await there.screenshot({ path: 'docs/pictures/screeners-1280-dark.png' })
    }
  })

  page('a run is kept as a template, repeated and varied, and what was kept is taken back', async ({ api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterScreeners(api, alice)
    const kept = there.locator('#screener-kept')
    await kept.getByText('None yet.').waitFor()
    await start(there, rising.join(', '))
    await isNow(there, 'done')
    await kept.getByText('Keep, repeat or vary run 1').click()
    await kept.getByLabel('Name of the template').fill('tight')
    await kept.getByRole('button', { name: 'Keep as a template' }).click()
    await kept.getByText('tight is kept.').waitFor()
    await kept.getByRole('button', { name: 'Repeat' }).click()
    await kept.getByText('every weekday at 16:15 (America/New_York)').waitFor()
    await kept.getByLabel('Values, two to eight').fill('20, 200')
    await kept.getByRole('button', { name: 'Run each' }).click()
    await kept.getByText('takes a number from 0 to 100').waitFor()
    await kept.getByLabel('Values, two to eight').fill('20, 95')
    await kept.getByRole('button', { name: 'Run each' }).click()
    await kept.getByText('Runs 2, 3 are queued.').waitFor()
    await kept.getByText('How your runs do').click()
    expect(await violations(there)).toEqual([])
    if (process.env.SCREENSHOT) await there.screenshot({ path: process.env.SCREENSHOT, fullPage: true })
    expect(await alice.say('screen schedules')).toContain('SCHEDULE 1 · Bullish breakout')
    await kept.getByRole('button', { name: 'End schedule 1' }).click()
    await kept.getByText('every weekday at').waitFor({ state: 'detached' })
    await kept.getByRole('button', { name: 'Drop template tight' }).click()
    await kept.getByRole('button', { name: 'Drop template tight' }).waitFor({ state: 'detached' })
    expect(await alice.say('templates')).toContain('You have no templates.')
  })
})
