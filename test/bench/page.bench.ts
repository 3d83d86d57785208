// The page in a real Chromium: the size of its first load, prices from tick to paint, and the processor time of the browser.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { pageRoutes } from '../../src/api/page/page-routes.ts'
import { cookieName } from '../../src/api/sessions/cookie.ts'
import { chromiumProgram } from '../../src/setup/chromium-program.mjs'
import { scratchFolder } from '../../src/setup/folders.mjs'
import { buildPage } from '../../src/setup/page.mjs'
import { openSession } from '../../src/trading/access/rows/web-sessions.ts'
import { openChromium } from '../web/chromium.ts'
import { percentile, report } from './figures.ts'
import { held, openOneAccount, serve } from './one-account.ts'

/** Updates a second: each of the ten symbols has a new price once a second. */
const perSecond = 10
const samples = 300
const cpuSeconds = 20

/** Keeps when each text of the prices of a page was painted: the first task after the frame that shows it. */
const watchPaint = `(() => {
  window.painted = []
  const seen = new Map()
  const look = () => {
    const now = []
    for (const card of document.querySelectorAll('[data-symbol]')) {
      const text = card.querySelector('.last')?.textContent
      if (text === undefined || seen.get(card.dataset.symbol) === text) continue
      seen.set(card.dataset.symbol, text)
      now.push(card.dataset.symbol + ' ' + text)
    }
    if (now.length === 0) return
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => { const at = Date.now(); for (const what of now) window.painted.push([what, at]) }
      port2.postMessage(0)
    })
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
})()`

const found = await chromiumProgram()
if (found.path === undefined) {
  console.error(found.because)
  process.exit(1)
}
const browser = await openChromium(found.path)
const { desk, memberId, set, close } = await openOneAccount()
const scratch = scratchFolder()
const folder = await buildPage(join(scratch, 'page'))
const server = await serve(desk, pageRoutes(folder, { isSecure: false }))
const url = `http://127.0.0.1:${server.port}`

const page = await firstLoad()
const idle = await cpuShare(browser, () => wait(cpuSeconds * 1000))
const busy = await cpuShare(browser, () => updates(cpuSeconds * perSecond, set))
const told = await tickToPaint(page, set)
await page.context().close()
const bare = await bareTickToPaint()
report({
  figure: `tick to painted, ${held} positions, ${perSecond} updates a second, p99`,
  value: percentile(told, 0.99),
  unit: 'ms',
  floor: percentile(bare, 0.99),
  floorOf: 'the same text by a bare stream into a bare element',
  samples: told.length,
  goal: 'at most 250 ms',
  holds: percentile(told, 0.99) <= 250,
  note: `p50 ${percentile(told, 0.5).toFixed(0)} ms, bare ${percentile(bare, 0.5).toFixed(0)} ms; ${samples - told.length} of ${samples} ticks were not painted before the next one of their symbol`,
})
report({
  figure: `processor time of the browser, ${perSecond} updates a second`,
  value: busy * 100,
  unit: '% of one core',
  floor: idle * 100,
  floorOf: 'the same page while no price changes',
  goal: 'below 20%',
  holds: busy < 0.2,
})
await browser.close()
await server.close()
await close()
rmSync(scratch, { recursive: true })
process.exit()

/** Opens the page in a new browser, signed in, with its chart; its size is what crosses the line but for answers of the API. */
async function firstLoad(): Promise<Page> {
  const { token } = await openSession(desk.parts.db, { memberId, device: 'bench' }, new Date())
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  await context.addCookies([{ name: cookieName({ isSecure: false, port: server.port }), value: token, url }])
  const page = await context.newPage()
  const began = performance.now()
  await page.goto(url)
  await page.locator('[data-symbol]').first().waitFor()
  const usable = performance.now() - began
  await page.locator('#chart canvas').first().waitFor({ state: 'attached' })
  await page.getByText('Live', { exact: true }).waitFor()
  const parts = await page.evaluate<[name: string, sent: number, whole: number][]>(
    `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ name }) => !new URL(name).pathname.startsWith('/api/'))
      .map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize])`,
  )
  const sent = parts.reduce((sum, [, size]) => sum + size, 0) / 1000
  const whole = parts.reduce((sum, [, , size]) => sum + size, 0) / 1000
  report({
    figure: 'first load of the page, with its chart, compressed',
    value: sent,
    unit: 'kB',
    goal: 'at most 120 kB',
    holds: sent <= 120,
    note: `${parts.length} files, ${whole.toFixed(0)} kB when unpacked; positions were there after ${usable.toFixed(0)} ms`,
  })
  await page.evaluate(watchPaint)
  return page
}

/** Sets so many prices, one symbol after the other, each another than before. Returns when each was set, by symbol and text. */
async function updates(count: number, set: (symbol: string, price: number) => void): Promise<Map<string, number>> {
  const at = new Map<string, number>()
  const began = performance.now()
  for (let number = 0; number < count; number++) {
    const symbol = `S${number % held}`
    // Up and down by a few cents, so that no stop is near and no text comes again within seconds.
    const cents = Math.floor(number / held) % 100
    at.set(`${symbol} $${(100 + cents / 100).toFixed(2)}`, Date.now())
    set(symbol, 100 + cents / 100)
    await wait(Math.max(0, began + ((number + 1) * 1000) / perSecond - performance.now()))
  }
  return at
}

/** Milliseconds from each tick to the frame that shows it. */
async function tickToPaint(there: Page, set: (symbol: string, price: number) => void): Promise<number[]> {
  await there.evaluate('window.painted.length = 0')
  const at = await updates(samples, set)
  await wait(1000)
  const painted = await there.evaluate<[what: string, at: number][]>('window.painted')
  return painted.flatMap(([what, paintedAt]) => {
    const tickedAt = at.get(what)
    return tickedAt === undefined || paintedAt < tickedAt ? [] : [paintedAt - tickedAt]
  })
}

async function bareTickToPaint(): Promise<number[]> {
  let stream: ServerResponse | undefined
  const streaming = createServer((request, response) => {
    if (request.url !== '/stream') {
      const elements = Array.from({ length: held }, (_, index) => `<p data-symbol=S${index}><b class=last></b></p>`)
      const script = `new EventSource('/stream').onmessage = ({ data }) => {
        const [symbol, text] = data.split(' ')
        document.querySelector('[data-symbol=' + symbol + '] b').textContent = text
      }`
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><body>${elements.join('')}<script>${script}</script>`)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    stream = response
  })
  streaming.listen(0, '127.0.0.1')
  await once(streaming, 'listening')
  const there = await browser.newPage()
  await there.goto(`http://127.0.0.1:${(streaming.address() as AddressInfo).port}/`)
  await there.evaluate(watchPaint)
  while (!stream) await wait(10)
  const found = await tickToPaint(there, (symbol, price) => stream!.write(`data: ${symbol} $${price.toFixed(2)}\n\n`))
  streaming.closeAllConnections()
  streaming.close()
  return found
}

/** The processor time of all processes of a browser during some work, as a share of one core. */
async function cpuShare(of: Browser, work: () => Promise<unknown>): Promise<number> {
  const session = await of.newBrowserCDPSession()
  const seconds = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  }
  const [before, began] = [await seconds(), performance.now()]
  await work()
  const share = (await seconds()) - before
  await session.detach()
  return share / ((performance.now() - began) / 1000)
}
