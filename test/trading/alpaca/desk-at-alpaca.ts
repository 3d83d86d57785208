import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { browser, linkAskedOf, linkOf } from '../../api/link-page.ts'
import { serveApi } from '../../api/serve.ts'
import type { Account } from '../../platforms/alpaca/account.ts'
import { type AlpacaServer, startAlpacaServer } from '../../platforms/alpaca/server.ts'
import { passTime } from '../../platforms/broker/passing-time.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'

type Someone = ReturnType<typeof someone>

/** A desk that reads the prices of a local Alpaca, at which its people link accounts. */
export interface DeskAtAlpaca {
  alpaca: AlpacaServer
  desk: TestDesk
  /** Everything that the outbox has posted so far. */
  said(): string
  /** A person who has linked a new broker paper account with $100,000 that holds so many BYND, bought at $0.63, and uses it here. */
  linked(quantity: string): Promise<{ account: Account; alice: Someone }>
  /** Links an account by its page, and uses it here. */
  link(alice: Someone, account: Account): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a local Alpaca and a desk beside it, which looks at accounts every `lookEveryMs`. A second here is `scale` seconds there; `price`
 * sets the prices, at first and each second. `environment`: settings of the desk beside the usual ones.
 */
export async function openDeskAtAlpaca(
  seed: number,
  scale: number,
  price: (alpaca: AlpacaServer) => void,
  lookEveryMs = 1000,
  environment: Record<string, string> = {},
): Promise<DeskAtAlpaca> {
  const alpaca = await startAlpacaServer({ seed })
  const own = alpaca.addAccount()
  alpaca.addAsset('BYND', { name: 'Beyond Meat, Inc.' })
  price(alpaca)
  const passing = passTime(alpaca, { scale, onSecond: () => price(alpaca) })
  const desk = await openTestDesk({
    clock: passing.clock,
    readsMarket: true,
    sweepEveryMs: 500,
    accounts: { busyEveryMs: lookEveryMs, idleEveryMs: lookEveryMs, tickMs: Math.min(100, lookEveryMs / 2) },
    environment: {
      MARKET: 'alpaca',
      ALPACA_API: alpaca.url,
      ALPACA_PAPER_API: alpaca.paperUrl,
      ALPACA_DATA_API: alpaca.dataUrl,
      ALPACA_DATA_STREAM: alpaca.dataStreamUrl,
      ALPACA_KEY_ID: own.keyId,
      ALPACA_SECRET_KEY: own.secret,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      ...environment,
    },
  })
  const api = await serveApi(desk)

  async function link(alice: Someone, account: Account): Promise<void> {
    const url = await linkOf(alice)
    const tab = browser(api.url)
    await tab.send(`${url}/open`)
    await tab.send(`${url}/keys`, { key_id: account.keyId, secret: account.secret })
    expect((await alice.press(await linkAskedOf(desk, alice), 'yes'))[0]!.text).toContain('✓ Linked BROKER PAPER')
    await alice.say('use alpaca-paper')
  }

  return {
    alpaca,
    desk,
    link,
    said: () => desk.posted.map(({ text }) => text).join('\n\n'),
    async linked(quantity) {
      const account = alpaca.addAccount({ cash: '100000' })
      alpaca.hold(account, 'BYND', quantity, '0.63')
      const alice = someone(desk)
      await link(alice, account)
      return { account, alice }
    },
    async close() {
      await api.close()
      await desk.close()
      await passing.end()
      await alpaca.close()
    },
  }
}

/** Waits for something there: a minute at most. */
export const until = <Value>(look: () => Promise<Value> | Value) => expect.poll(look, { timeout: 60_000, interval: 50 })
