import { describe, expect } from 'vitest'
import { linkToken } from '../api/serve.ts'
import { card, enter, hasBrowser, watched } from './browser.ts'
import { pageTest } from './page-test.ts'

const { page } = pageTest()

describe.skipIf(!hasBrowser)('answers that are lost, and several pages of a browser', () => {
  page(
    'an act without an answer is asked for again, the same and under its key, until its outcome is known',
    async ({ api, alice }) => {
      await alice.say('long BYND 1000 @ .63')
      const there = await enter(api, alice)
      const keys: (string | undefined)[] = []
      const answers = ['lost', 'under way', 'failed', 'over the limit', 'passed on']
      await there.route('**/api/positions/BYND/close*', async (route) => {
        keys.push(route.request().headers()['idempotency-key'])
        const answer = answers.shift()
        const says = (status: number, code: string) =>
          route.fulfill({ status, json: { code, message: 'It is not done yet.', hint: null } })
        if (answer === 'under way') return says(409, 'STILL_UNDER_WAY')
        if (answer === 'failed') return says(503, 'DESK_AWAY')
        if (answer === 'over the limit') return says(429, 'TOO_MANY')
        if (answer === 'passed on') return route.continue()
        await route.fetch()
        return route.abort()
      })
      const dialog = there.getByRole('dialog')
      await card(there, 'BYND').getByRole('button', { name: 'Close' }).click()
      await dialog.getByLabel('How much').selectOption('0.25')
      await dialog.getByRole('button', { name: 'Close', exact: true }).click()
      for (const left of [3, 2, 1]) {
        await dialog.getByRole('button', { name: 'Ask again' }).waitFor()
        expect(await dialog.getByLabel('How much').isDisabled()).toBe(true)
        // A form that is left is the same when it is opened again.
        await dialog.getByRole('button', { name: 'Leave it' }).click()
        await card(there, 'BYND').getByRole('button', { name: 'Close' }).click()
        expect(await dialog.getByLabel('How much').inputValue()).toBe('0.25')
        await dialog.getByRole('button', { name: 'Ask again' }).click()
        await expect.poll(() => answers.length).toBe(left)
      }
      await dialog.getByRole('button', { name: 'Ask again' }).click()
      await dialog.getByText(/SOLD 250/).waitFor()
      expect(new Set(keys).size).toBe(1)
      expect(await alice.say('positions')).toContain('LONG 750 BYND')
    },
  )

  page('each tab keeps its account, names it, and acts in it', async ({ api, alice }) => {
    await alice.say('long BYND 100 @ .63')
    const first = await enter(api, alice)
    expect(await first.title()).toBe('Deskhand')
    await alice.say('account new paper swing $50,000')
    await alice.say('use swing')
    await alice.say('long BYND 40 @ .63')
    const second = watched(await first.context().newPage())
    await second.goto(api.url)
    await second.getByRole('button', { name: /swing/ }).click()
    await expect.poll(() => card(second, 'BYND').textContent()).toContain('40')
    expect(await second.title()).toBe('swing · Deskhand')
    await first.reload()
    await expect.poll(() => card(first, 'BYND').textContent()).toContain('100')
    await second.reload()
    await expect.poll(() => card(second, 'BYND').textContent()).toContain('40')
    await card(second, 'BYND').getByRole('button', { name: 'Close' }).click()
    await second.getByRole('dialog').getByText('in swing').waitFor()
    // The way back puts a form away, and stays on the desk.
    await second.goBack()
    await expect.poll(() => second.getByRole('dialog').count()).toBe(0)
    await card(second, 'BYND').getByRole('button', { name: 'Close' }).click()
    await second.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await second
      .getByRole('dialog')
      .getByText(/SOLD 40/)
      .waitFor()
    await expect.poll(() => card(first, 'BYND').textContent()).toContain('100')
    // Each hears of the other account, by its name.
    await first
      .locator('.toast', { hasText: 'swing · BYND' })
      .or(first.locator('.side', { hasText: 'news' }))
      .first()
      .waitFor()
  })

  page(
    'a question that waits is shown after a reload and in every tab, until it is answered',
    async ({ api, alice }) => {
      await alice.say('long BYND 100 @ .63')
      const first = await enter(api, alice)
      await first.getByLabel('A sentence to the desk').fill('close BYND')
      await first.keyboard.press('Enter')
      const choice = { name: 'Market', exact: true }
      await first.locator('.say').getByRole('button', choice).waitFor()
      const second = watched(await first.context().newPage())
      await second.goto(api.url)
      await second.locator('.say').getByText('A question that is still open').waitFor()
      await first.reload()
      await first.locator('.say').getByText('A question that is still open').waitFor()
      await second.locator('.say').getByRole('button', choice).click()
      await second
        .locator('.say')
        .getByText(/SOLD 100/)
        .waitFor()
      await expect.poll(() => first.locator('.say').getByRole('button', choice).count()).toBe(0)
    },
  )

  page('a page ends when another member signs in in its browser', async ({ api, alice, bob }) => {
    await alice.say('long BYND 100 @ .63')
    await bob.say('long AAPL 7 @ 180')
    const hers = await enter(api, alice)
    await hers.getByText('Live', { exact: true }).waitFor()
    const his = watched(await hers.context().newPage())
    await his.goto(`${api.url}/login#t=${await linkToken(bob)}`)
    await his.getByRole('button', { name: 'Open my desk' }).click()
    await card(his, 'AAPL').waitFor()
    await hers.getByText(/has signed in in this browser since/).waitFor()
    expect(await hers.locator('body').textContent()).not.toContain('BYND')
    // His page has a stream of his own.
    await his.getByText('Live', { exact: true }).waitFor()
    await bob.say('stop AAPL 150')
    await expect.poll(() => card(his, 'AAPL').textContent()).toContain('Stop $150.00')
  })
})
