import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { inject, onTestFinished } from 'vitest'
import { pageRoutes } from '../../src/api/page/page-routes.ts'
import { chromiumProgram } from '../../src/setup/chromium-program.mjs'
import { buildPage } from '../../src/setup/page.mjs'
import { linkToken, type ServedApi, serveApi } from '../api/serve.ts'
import type { TestDesk } from '../support/desk.ts'
import type { Someone } from '../talk/commands/someone.ts'
import { openChromium } from './chromium.ts'

const found = await chromiumProgram()

/** Is there a browser here? Under CI its absence is a failure and not a skipped test. */
export const hasBrowser = found.path !== undefined || process.env.CI === 'true'

let browser: Promise<Browser> | undefined

/** The browser of this file: one for all its tests. */
export function theBrowser(): Promise<Browser> {
  if (found.path === undefined) throw new Error(found.because)
  browser ??= openChromium(found.path)
  return browser
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

/** The API and the page of a desk, built from its sources, on a free port or on a given one. */
export async function servePage(desk: TestDesk, options: { port?: number } = {}): Promise<ServedApi> {
  const folder = await buildPage(join(inject('programsFolder'), 'page'))
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`there is no page in ${folder}`)
  return serveApi(desk, { ...options, routes: pageRoutes(folder, { isSecure: false }) })
}

export interface Look {
  width?: number
  height?: number
  scheme?: 'light' | 'dark'
}

/** A page that fails its test when it logs an error that is not said to be expected, or throws. */
export interface WatchedPage extends Page {
  troubles: string[]
}

/** A browser of somebody, with nothing in it: its own cookies and storage. */
export async function openBrowser({
  width = 1280,
  height = 900,
  scheme = 'light',
}: Look = {}): Promise<BrowserContext> {
  const context = await (await theBrowser()).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: 'America/New_York',
    bypassCSP: false,
  })
  context.setDefaultTimeout(15_000)
  onTestFinished(() => context.close())
  return context
}

/** Signs a person in by the link that chat gives, as a person does: opens it, and presses. */
export async function enter(api: ServedApi, person: Someone, look: Look = {}): Promise<WatchedPage> {
  const context = await openBrowser(look)
  const page = watched(await context.newPage())
  await page.goto(`${api.url}/login#t=${await linkToken(person)}`)
  await page.getByRole('button', { name: 'Open my desk' }).click()
  await page.getByRole('heading', { name: /Positions|No account yet/ }).waitFor()
  return page
}

/** Keeps what goes wrong in a page. */
export function watched(page: Page): WatchedPage {
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  return Object.assign(page, { troubles })
}

/** The card of a position. */
export const card = (there: Page, symbol: string) => there.locator(`[data-symbol="${symbol}"]`)
