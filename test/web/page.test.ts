import { describe, expect } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import type { Bar } from '../../src/market/market.ts'
import { linkToken } from '../api/serve.ts'
import { violations } from './axe.ts'
import { card, enter, hasBrowser, openBrowser, servePage, watched } from './browser.ts'
import { pageTest } from './page-test.ts'

const { page, market } = pageTest()

/** An afternoon of bars around a dollar. */
function someBars(): Bar[] {
  return Array.from({ length: 90 }, (_, index) => {
    const open = 0.9 + index / 800 + Math.sin(index / 7) * 0.03
    const close = open + Math.sin(index * 1.7) * 0.012
    const [low, high] = [Math.min(open, close) - 0.006, Math.max(open, close) + 0.006]
    return {
      at: new Date(Date.now() - (90 - index) * 300_000),
      open: new Big(open.toFixed(4)),
      high: new Big(high.toFixed(4)),
      low: new Big(low.toFixed(4)),
      close: new Big(close.toFixed(4)),
      volume: new Big(20_000 + ((index * 7919) % 30_000)),
    }
  })
}

describe.skipIf(!hasBrowser)('the page', () => {
  page('a link from chat opens the desk once, by a press; a preview uses nothing up', async ({ api, alice }) => {
    const token = await linkToken(alice)
    const preview = await fetch(`${api.url}/login`)
    expect(preview.status).toBe(200)
    const first = watched(await (await openBrowser()).newPage())
    await first.goto(`${api.url}/login#t=${token}`)
    await first.getByRole('button', { name: 'Open my desk' }).click()
    await first.getByText('No account yet').waitFor()
    // The token has left the address and the history.
    expect(first.url()).toBe(`${api.url}/`)
    expect(await first.locator('#desk > .first').count()).toBe(0)

    // The used link leads to the desk where its browser is signed in, and so does a page that is not there.
    const again = await first.context().newPage()
    await again.goto(`${api.url}/nothing`)
    await again.getByRole('link', { name: 'To my desk' }).click()
    await again.getByText('No account yet').waitFor()
    await again.goto(`${api.url}/login#t=${token}`)
    await again.getByRole('button', { name: 'Open my desk' }).click()
    await again.getByText('No account yet').waitFor()
    expect(again.url()).toBe(`${api.url}/`)

    const second = await (await openBrowser()).newPage()
    await second.goto(`${api.url}/login#t=${token}`)
    await second.getByRole('button', { name: 'Open my desk' }).click()
    await expect.poll(() => second.getByRole('alert').textContent()).toMatch(/used|not good|expired/i)
    await second.goto(`${api.url}/`)
    await second.getByText('Nobody is signed in here').waitFor()
    expect(first.troubles).toEqual([])
  })

  page('shows what chat did at once, and chat hears what the page did', async ({ api, alice }) => {
    await alice.say('long BYND 3750 @ .63')
    const there = await enter(api, alice)
    await there.getByText('Live', { exact: true }).waitFor()
    await expect.poll(() => card(there, 'BYND').textContent()).toContain('3,750')
    await alice.say('stop BYND .80')
    await expect.poll(() => card(there, 'BYND').textContent()).toContain('Stop $0.80')

    // A scaleout that was started in the thread moves here, and is cancelled here.
    await alice.say('scaleout BYND slow')
    await card(there, 'BYND')
      .getByText(/of \d+ chunks/)
      .first()
      .waitFor()
    await card(there, 'BYND').getByRole('button', { name: 'Cancel scaleout' }).click()
    await there.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click()
    await there
      .getByRole('dialog')
      .getByText(/CANCELLED/)
      .waitFor()
    expect(await alice.say('tasks')).not.toContain('SCALE OUT of BYND, SLOW · running')
    await there.getByRole('dialog').getByRole('button', { name: 'Good' }).click()

    // The other way: it is started here, and cancelled in the thread.
    await card(there, 'BYND').getByRole('button', { name: 'Scale out' }).click()
    await there.locator('dialog [name=speed]').selectOption('slow')
    await there.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
    await there
      .getByRole('dialog')
      .getByText(/SCALEOUT INITIATED/)
      .waitFor()
    await there.getByRole('dialog').getByRole('button', { name: 'Good' }).click()
    await alice.say('cancel scaleout')
    await alice.say('1')
    await card(there, 'BYND').getByRole('button', { name: 'Scale out' }).waitFor()

    // What both show is the ledger's.
    await card(there, 'BYND').getByRole('button', { name: 'Close' }).click()
    await there.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await there.getByRole('dialog').getByText(/FLAT/).waitFor()
    await there.getByText('Nothing is open').waitFor()
    expect(await alice.say('positions')).toMatch(/FLAT|no open/i)
    expect(there.troubles).toEqual([])
  })

  page('two members in two browsers see nothing of each other', async ({ api, alice, bob }) => {
    await alice.say('long BYND 100 @ .63')
    await bob.say('long AAPL 7 @ 180')
    const [hers, his] = [await enter(api, alice), await enter(api, bob)]
    await card(hers, 'BYND').waitFor()
    await card(his, 'AAPL').waitFor()
    await alice.say('add 50 BYND @ 1.01')
    await bob.say('stop AAPL 150')
    await expect.poll(() => card(hers, 'BYND').textContent()).toContain('150')
    await expect.poll(() => card(his, 'AAPL').textContent()).toContain('Stop $150.00')
    expect(await hers.locator('main').textContent()).not.toContain('AAPL')
    expect(await his.locator('main').textContent()).not.toContain('BYND')
  })

  page('figures follow the price, and nothing jumps when they change', async ({ api, alice }) => {
    await alice.say('long BYND 1000 @ 1.01')
    const there = await enter(api, alice)
    await expect.poll(() => card(there, 'BYND').textContent()).toContain('$1.01')
    await there.getByText('Live', { exact: true }).waitFor()
    const box = () => there.locator('.figures').boundingBox()
    const before = await box()
    market.set('BYND', '1.11')
    await expect.poll(() => card(there, 'BYND').textContent()).toContain('+$100.00')
    await expect.poll(() => there.locator('.figures').textContent()).toContain('+$100.00')
    market.set('BYND', '0.91')
    await expect.poll(() => there.locator('.figures').textContent()).toContain('−$100.00')
    expect(await box()).toEqual(before)
  })

  page(
    'says in words that it is not connected and how old all is, and goes on without a gap',
    async ({ desk, alice }) => {
      await alice.say('long BYND 400 @ .63')
      const first = await servePage(desk)
      const { port } = first.server
      const there = await enter(first, alice)
      await there.getByText('Live', { exact: true }).waitFor()
      await there.locator('#chart canvas').first().waitFor({ state: 'attached' })
      await first.close()
      await there.getByText('Not connected').waitFor()
      await there.getByText(/Everything here is \d+ s old/).waitFor()
      await alice.say('stop BYND .55')
      await alice.say('target BYND 1.90')
      const second = await servePage(desk, { port })
      await there.getByText('Live', { exact: true }).waitFor({ timeout: 40_000 })
      await expect.poll(() => card(there, 'BYND').textContent()).toContain('Stop $0.55')
      // Both events of the time in between are in the feed, once.
      await expect.poll(() => there.locator('.row', { hasText: '0.55' }).count()).toBe(1)
      await expect.poll(() => there.locator('.row', { hasText: '1.90' }).count()).toBe(1)
      await second.close()
    },
  )

  page('a desk that is silent is not shown as live, though its connection stands', async ({ api, alice }) => {
    await alice.say('long BYND 1000 @ 1.01')
    const there = await enter(api, alice)
    await there.getByText('Live', { exact: true }).waitFor()
    await card(there, 'BYND').waitFor()
    await there.clock.install({ time: Date.now() })
    await there.clock.fastForward(25_000)
    await there.getByText('The desk is silent').waitFor()
    await there.getByText(/Everything here is \d+ s old/).waitFor()
    // A form says it, too.
    await card(there, 'BYND').getByRole('button', { name: 'Close' }).click()
    await there
      .getByRole('dialog')
      .getByText(/Everything here is \d+ s old/)
      .waitFor()
    market.set('BYND', '1.11')
    await there.getByText('Live', { exact: true }).waitFor()
    await there.getByRole('dialog').getByText('+$100.00').waitFor()
  })

  page('everything works by the keyboard alone', async ({ api, alice }) => {
    await alice.say('long BYND 500 @ .63')
    const there = await enter(api, alice)
    await card(there, 'BYND').waitFor()
    await there.keyboard.press('j')
    expect(await there.evaluate('document.activeElement.textContent')).toBe('BYND')
    await there.keyboard.press('s')
    await there.getByRole('dialog').waitFor()
    await there.keyboard.type('.70')
    await there.keyboard.press('Enter')
    await there
      .getByRole('dialog')
      .getByText(/STOP SET/)
      .waitFor()
    await there.keyboard.press('Escape')
    await expect.poll(() => there.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => card(there, 'BYND').textContent()).toContain('Stop $0.70')
    // An event is read whole by the keyboard, and an answer keeps the focus in its form.
    await there.locator('.row-text').first().focus()
    await there.keyboard.press('Enter')
    await there
      .getByRole('dialog')
      .getByText(/BYND stop set at \$0\.70/)
      .waitFor()
    await there.keyboard.press('Escape')
    await expect.poll(() => there.getByRole('dialog').count()).toBe(0)
    await there.keyboard.press('j')
    await there.keyboard.press('c')
    await there.getByRole('dialog').waitFor()
    expect(await there.evaluate('document.activeElement.name')).toBe('share')
    await there.getByRole('button', { name: 'Close', exact: true }).press('Enter')
    await there.getByRole('dialog').getByText(/FLAT/).waitFor()
    await expect.poll(() => there.evaluate('document.activeElement.textContent')).toBe('Good')
    await there.keyboard.press('Enter')
    await expect.poll(() => there.getByRole('dialog').count()).toBe(0)
    await there.keyboard.press('/')
    await there.keyboard.type('pl')
    await there.keyboard.press('Enter')
    await there.locator('.reply').first().waitFor()
    await there.keyboard.press('Tab')
    await there.keyboard.press('?')
  })

  page('a wrong number, and what the desk would ask about in chat, are told in the form', async ({ api, alice }) => {
    await alice.say('long BYND 500 @ .63')
    const there = await enter(api, alice)
    await card(there, 'BYND').getByRole('button', { name: 'Stop' }).click()
    const dialog = there.getByRole('dialog')
    await dialog.getByLabel(/Stop price/).fill('abc')
    await dialog.getByRole('button', { name: 'Set the stop' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await alice.say('positions')).not.toContain('Stop')
    // A comma may be a decimal's or a thousand's: it is neither, and an empty field takes nothing away.
    for (const text of ['0,55', '', '5 5']) {
      await dialog.getByLabel(/Stop price/).fill(text)
      await dialog.getByRole('button', { name: 'Set the stop' }).click()
      await expect.poll(() => dialog.getByRole('alert').textContent()).toContain('Nothing was sent')
    }
    expect(await alice.say('positions')).not.toContain('Stop')
    await dialog.getByLabel(/Stop price/).fill('2.50')
    await dialog.getByRole('button', { name: 'Set the stop' }).click()
    await expect.poll(() => dialog.getByRole('alert').textContent()).toMatch(/above|already|price/i)
  })

  page.for([
    { width: 320, height: 640, scheme: 'dark' as const },
    { width: 390, height: 844, scheme: 'light' as const },
    { width: 1280, height: 900, scheme: 'dark' as const },
    { width: 2560, height: 1300, scheme: 'light' as const },
  ])('fits $width px in $scheme, without a violation of WCAG AA', async ({ width, height, scheme }, { api, alice }) => {
    await alice.say('long BYND 3750 @ .63')
    await alice.say('stop BYND .80')
    await alice.say('sell 250 BYND @ 1.30')
    await alice.say('scaleout BYND slow')
    // Nothing of it is held, so the page asks for its price.
    await alice.say('buy 5 AAPL @ 100')
    market.give('BYND', 5, someBars())
    const there = await enter(api, alice, { width, height, scheme })
    await there.locator('#chart canvas').first().waitFor({ state: 'attached' })
    await there.getByText('The same as a table').waitFor()
    await card(there, 'BYND')
      .getByText(/of \d+ chunks/)
      .first()
      .waitFor()
    expect(await there.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    const button = (await there.getByRole('button', { name: /^Sign out/ }).boundingBox())!
    expect(button.x + button.width).toBeLessThanOrEqual(width)
    expect(await violations(there)).toEqual([])
    const order = there.locator('#orders tr', { hasText: 'AAPL' })
    await order.getByText('−47.37%').waitFor()
    const cancel = order.getByRole('button', { name: 'Cancel' })
    await cancel.scrollIntoViewIfNeeded()
    const { x, width: wide } = (await cancel.boundingBox())!
    expect(x + wide).toBeLessThan(width)
    if (width < 900) {
      await there.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Chart' }).click()
      await card(there, 'BYND').getByRole('button', { name: 'More' }).click()
    }
    const menu = there.locator('details.menu')
    await menu.getByText('Export').click()
    await menu.getByRole('link', { name: /table of fills/ }).waitFor()
    await there.keyboard.press('Escape')
    expect(await menu.getAttribute('open')).toBeNull()
    await there.getByLabel('Another symbol').fill('<b>x')
    await there.keyboard.press('Enter')
    await there.getByText('The market has nothing like').waitFor()
    await there.getByLabel('Another symbol').fill('bynd')
    await there.keyboard.press('Enter')
    await expect.poll(() => there.getByText('The market has nothing like').count()).toBe(0)
    await card(there, 'BYND').getByRole('button', { name: 'Stop' }).click()
    await there.getByRole('dialog').waitFor()
    expect(await violations(there)).toEqual([])
    if (process.env.PICTURES) {
      await there.keyboard.press('Escape')
      if (width < 900) await card(there, 'BYND').getByRole('button', { name: 'Less' }).click()
      await there.evaluate('document.activeElement.blur(), scrollTo(0, 0)')
      await there.screenshot({ path: `docs/pictures/page-${width}-${scheme}.png` })
    }
    await alice.say('cancel scaleout')
    await alice.say('1')
    await alice.say('cancel all')
  })
})
