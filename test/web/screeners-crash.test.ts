import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished } from 'vitest'
import { beginLife } from '../crash/scene.ts'
import { steadyBars } from '../support/bars.ts'
import { deskTest } from '../support/desk-test.ts'
import { listScreened } from '../support/screened.ts'
import { closeBrowser, enter, hasBrowser, servePage } from './browser.ts'

// The page is served here, and the work is done by processes that are killed.
const { test, market } = deskTest({ worker: false })
afterAll(closeBrowser)

/** More days than a replay begins with. */
const days = 500
// A busy machine lets a run wait for half a minute, and a lost one is taken up after a quarter.
const patience = { timeout: 300_000 }

/** A folder of recorded daily bars that rise. */
function recordedBars(symbols: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-bars-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [at, symbol] of symbols.entries()) {
    const bars = steadyBars({ count: days, first: 10 + at, step: 0.1, minutes: 1440 })
    const rows = bars.map(({ at, open, high, low, close, volume }) =>
      [at.toISOString().slice(0, 10), open, high, low, close, volume].join(','),
    )
    writeFileSync(join(folder, `${symbol}.csv`), ['date,open,high,low,close,volume', ...rows, ''].join('\n'))
  }
  return folder
}

describe.skipIf(!hasBrowser)('the screeners on the page', patience, () => {
  test('a run goes on when its process is killed, and the page follows it to the end', async ({ desk, alice }) => {
    await alice.say('long BYND 10 @ .63')
    const { rising: symbols } = listScreened(market, { rising: 6, falling: 0 })
    const environment = {
      ...{ DATABASE_URL: desk.databaseUrl, REDIS_URL: desk.redis.url, MARKET: `replay:${recordedBars(symbols)}` },
      MESSAGES_PER_MINUTE: '100000',
    }
    const first = await servePage(desk)
    const there = await enter(first, alice)
    await there.getByRole('button', { name: 'Screeners' }).click()
    await there.getByLabel('Tickers').fill(symbols.join(', '))
    await there.getByLabel('Min score').fill('20')

    // No result can be saved, so the process is killed while it works.
    const holder = new pg.Client({ connectionString: desk.databaseUrl })
    await holder.connect()
    onTestFinished(() => holder.end())
    await holder.query('begin; lock table strategy_results in share mode')
    const worker = await beginLife({ environment, roles: ['worker'] })
    await there.locator('#screener-form').getByRole('button', { name: 'Start' }).click()
    const state = there.locator('#screener-run .tag').first()
    await expect.poll(() => state.textContent(), { timeout: 120_000 }).toBe('runs')
    await worker.kill()
    await holder.query('rollback')

    // The page's own process is gone for a while, too.
    const { port } = first.server
    await first.close()
    await there.getByText('Not connected').waitFor()
    const second = await servePage(desk, { port })
    onTestFinished(() => second.close())
    await there.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 })
    expect(await state.textContent()).not.toBe('done')

    await beginLife({ environment, roles: ['worker'] })
    await expect.poll(() => state.textContent(), { timeout: 150_000 }).toBe('done')
    await expect.poll(() => there.locator('#screener-run .results tbody > tr').count()).toBe(symbols.length)
    expect(await there.locator('#screener-run progress').getAttribute('value')).toBe('100')
    const runs = await desk.desk.parts.db.selectFrom('strategy_runs').select(['attempt', 'state']).execute()
    expect(runs).toMatchObject([{ state: 'completed' }])
    expect(runs[0]!.attempt).toBeGreaterThan(1)
  })
})
