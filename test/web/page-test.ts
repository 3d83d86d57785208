import { afterAll } from 'vitest'
import { deskTest } from '../support/desk-test.ts'
import { closeBrowser, servePage } from './browser.ts'

/** Gives a `page` test with one desk, its page and one browser for the whole file, as `deskTest` does. */
export function pageTest() {
  const { test, market } = deskTest({ timeScale: 60, environment: { DESKHAND_OWNERS: 'slack:T1:BOSS' } })
  const page = test.extend('api', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
    const served = await servePage(desk)
    onCleanup(() => served.close())
    return served
  })
  page.beforeEach(() => {
    market.set('BYND', '1.01')
    market.set('AAPL', '190')
  })
  afterAll(closeBrowser)
  return { page, market }
}
