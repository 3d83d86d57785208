import { afterAll, describe, expect } from 'vitest'
import type { ServedApi } from '../api/serve.ts'
import { waveBars } from '../support/bars.ts'
import { deskTest } from '../support/desk-test.ts'
import type { Someone } from '../talk/commands/someone.ts'
import { violations } from './axe.ts'
import { closeBrowser, enter, hasBrowser, type Look, servePage, type WatchedPage } from './browser.ts'

const { test, market } = deskTest({ timeScale: 60 })
const page = test.extend('api', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
  const served = await servePage(desk)
  onCleanup(() => served.close())
  return served
})
test.beforeAll(() => {
  market.list('WAVE', '50')
  market.give('WAVE', 1440, waveBars({ count: 500, minutes: 1440 }))
})
afterAll(closeBrowser)

const patience = { timeout: 120_000 }
const form = (there: WatchedPage) => there.locator('#screener-form')
const run = (there: WatchedPage) => there.locator('#screener-run')

/** Signs a person in, and shows the form of a backtest with a strategy. */
async function enterBacktests(
  api: ServedApi,
  person: Someone,
  strategy: string,
  look: Look = {},
): Promise<WatchedPage> {
  const there = await enter(api, person, look)
  await there.getByRole('button', { name: 'Screeners' }).click()
  await form(there).getByRole('button', { name: 'Backtest' }).click()
  await form(there).getByLabel('Strategy').selectOption(strategy)
  await form(there).getByLabel('Tickers').fill('wave')
  return there
}

const start = (there: WatchedPage) => form(there).getByRole('button', { name: 'Start' }).click()
const isNow = (there: WatchedPage, words: string) =>
  run(there).locator('.tag', { hasText: words }).first().waitFor({ timeout: 60_000 })

describe.skipIf(!hasBrowser)('backtests on the page', patience, () => {
  page(
    'a wrong value is told beside its field; the run is followed to its figures, curves and trades, and compared',
    async ({ api, alice }) => {
      await alice.say('long BYND 10 @ .63')
      const there = await enterBacktests(api, alice, 'sma-cross')
      await form(there).getByLabel('Fast').fill('900')
      await start(there)
      await expect.poll(() => form(there).getByRole('alert').textContent()).toContain('1 to 500')
      await form(there).getByLabel('Fast').fill('5')
      await form(there).getByLabel('Slow').fill('20')
      await start(there)
      await isNow(there, 'done')
      const figures = run(there).locator('.figures-of-run')
      await figures.waitFor()
      expect(await figures.locator('tbody tr').first().textContent()).toMatch(/^Return[+-][\d.]+%[+-][\d.]+%$/)
      const trades = Number(await run(there).locator('h3 .count').textContent())
      expect(trades).toBeGreaterThan(5)
      await expect.poll(() => run(there).locator('.trades-of-run tbody tr').count()).toBe(Math.min(trades, 200))
      for (const canvas of ['equity', 'drawdown'])
        await expect.poll(() => run(there).locator(`.canvas.${canvas} canvas`).count()).toBeGreaterThan(0)

      await form(there).getByLabel('Slow').fill('40')
      await start(there)
      await expect.poll(() => run(there).locator('h2').textContent()).toBe('Run 2, backtest sma cross')
      await isNow(there, 'done')
      await there.locator('#backtest-compare').getByLabel('Compare run 2 with').selectOption({ index: 1 })
      await there.locator('#backtest-compare', { hasText: 'slow: 20 → 40' }).waitFor()
      // The same in chat.
      expect(await alice.say('compare run 1 2')).toContain('Differ in: slow 20 → 40')
      expect(await violations(there)).toEqual([])
    },
  )

  page.for([
    ['dark', 1280],
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
  ] as const)('fits a %s page of %i pixels, and breaks no rule of access', async ([scheme, width], { api, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const there = await enterBacktests(api, alice, 'bracket', { scheme, width })
    await form(there).getByLabel('Stop').fill('8')
    await form(there).getByLabel('Target').fill('12')
    await start(there)
    await isNow(there, 'done')
    await run(there).locator('.trades-of-run').waitFor()
    await expect.poll(() => run(there).locator('.canvas canvas').count()).toBeGreaterThan(2)
    expect(await there.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(await violations(there)).toEqual([])
    if (process.env.PICTURES && width === 1280 && scheme === 'dark') {
      await expect.poll(() => there.locator('.toast').count()).toBe(0)
      await there.screenshot({ path: 'docs/pictures/backtests-1280-dark.png' })
    }
  })
})
