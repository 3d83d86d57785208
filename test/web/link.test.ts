import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect } from 'vitest'
import { linkAskedOf, linkOf } from '../api/link-page.ts'
import { apiTest } from '../api/serve.ts'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import { violations } from './axe.ts'
import { closeBrowser, hasBrowser, openBrowser } from './browser.ts'

const alpaca = await startAlpacaServer()
const { test, desk } = apiTest({
  environment: {
    CREDENTIALS_KEYS: `k:${randomBytes(32).toString('base64')}`,
    ALPACA_API: alpaca.url,
    ALPACA_PAPER_API: alpaca.paperUrl,
    ALPACA_AUTHORIZE: alpaca.oauth.authorizeUrl,
    ALPACA_OAUTH_CLIENT_ID: alpaca.oauth.clientId,
    ALPACA_OAUTH_CLIENT_SECRET: alpaca.oauth.clientSecret,
  },
})
afterAll(async () => {
  await Promise.all([closeBrowser(), alpaca.close()])
})

describe.runIf(hasBrowser)('the page of a link, in a real browser', () => {
  test.for([
    ['light', 390, 'live'],
    ['dark', 390, 'paper'],
  ] as const)('takes keys in %s at %d pixels for %s', async ([scheme, width, mode], { api, alice }) => {
    expect(api.url).toBeDefined()
    const account = alpaca.addAccount({ mode })
    const there = await (await openBrowser({ scheme, width, height: 844 })).newPage()
    const url = await linkOf(alice, `link alpaca ${mode}`)
    await there.goto(url)
    expect(await violations(there)).toEqual([])
    if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/link-${mode}-1.png` })
    await there.getByRole('button', { name: 'Go on in this browser' }).click()
    await there.getByLabel('Key ID').fill(account.keyId)
    await there.getByLabel('Secret key').fill('not the secret')
    await there.getByRole('button', { name: 'Try these keys' }).click()
    await there.getByRole('alert').waitFor()
    expect(await there.getByLabel('Key ID').inputValue()).toBe('')
    expect(await violations(there)).toEqual([])
    const wide = await there.evaluate<number>('document.documentElement.scrollWidth')
    expect(wide).toBeLessThanOrEqual(width)
    if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/link-${mode}-2.png` })
    await there.getByLabel('Key ID').fill(account.keyId)
    await there.getByLabel('Secret key').fill(account.secret)
    await there.getByRole('button', { name: 'Try these keys' }).click()
    await there.getByText('Now answer in chat').waitFor()
    await there.reload()
    await there.getByText('Now answer in chat').waitFor()
    expect(await there.content()).not.toContain(account.secret)
    await alice.press(await linkAskedOf(desk, alice), 'yes')
  })

  test('signs in at the broker and comes back', async ({ api, alice }) => {
    expect(api.url).toBeDefined()
    const account = alpaca.addAccount()
    alpaca.oauth.signIn(account)
    const there = await (await openBrowser({ width: 390, height: 844 })).newPage()
    await there.goto(await linkOf(alice))
    await there.getByRole('button', { name: 'Go on in this browser' }).click()
    await there.getByRole('button', { name: 'Sign in at Alpaca' }).click()
    await there.getByText('Now answer in chat').waitFor()
    expect(there.url()).toContain(`${api.url}/link/callback`)
    await alice.press(await linkAskedOf(desk, alice), 'yes')
    expect(await alice.say('accounts')).toContain('BROKER PAPER at Alpaca')
  })
})
