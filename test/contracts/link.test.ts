import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browser } from '../api/link-page.ts'
import { type ServedApi, serveApi } from '../api/serve.ts'
import { type AlpacaServer, startAlpacaServer } from '../platforms/alpaca/server.ts'
import type { TestDesk } from '../support/desk.ts'
import { createDiscordHarness } from './discord-harness.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness } from './harness.ts'
import { openRoom, type Room } from './room.ts'
import { createSlackHarness } from './slack-harness.ts'
import { createTerminalHarness } from './terminal-harness.ts'

let ground: Ground
let alpaca: AlpacaServer
let room: Room
let api: ServedApi
beforeAll(async () => {
  ;[ground, alpaca] = await Promise.all([openGround(), startAlpacaServer()])
})
afterAll(() => Promise.all([ground.close(), alpaca.close()]))
afterEach(async () => {
  await api.close()
  await room.close()
})

async function open(harness: DoorHarness): Promise<Room> {
  room = await openRoom(harness, ground, {
    CREDENTIALS_KEYS: `k:${randomBytes(32).toString('base64')}`,
    ALPACA_API: alpaca.url,
    ALPACA_PAPER_API: alpaca.paperUrl,
  })
  api = await serveApi({ desk: room.desk } as TestDesk)
  return room
}

/** Gives the keys of an account on the page of a link, in a browser of its own. */
async function give(url: string, account: { keyId: string; secret: string }): Promise<string> {
  const tab = browser(api.url)
  await tab.send(`${url}/open`)
  return (await tab.send(`${url}/keys`, { key_id: account.keyId, secret: account.secret })).text
}

const link = /🔗 Link BROKER PAPER at Alpaca: (\S+\/link\/[\w-]{43})/
const urlIn = (text: string) => link.exec(text)![1]!
const linked = () =>
  room.desk.parts.db.selectFrom('accounts').select(['name', 'masked_number']).where('venue', '=', 'alpaca').execute()
const secret = 'aB3dEfGh1JkLmNoPqRsTuVwXyZ0123456789abCd'

const platforms = { Discord: () => createDiscordHarness(), Slack: () => createSlackHarness('socket') }

describe.each(Object.entries(platforms))('on %s', (_, createHarness) => {
  test('a link is for its member alone, keys of a stranger are shown and refused, and the own ones linked and unlinked', async () => {
    const harness = await createHarness()
    await open(harness)
    const { alice, bob } = harness
    const url = urlIn(await room.ask(alice, 'link alpaca', link))
    const shown = room.seen().filter(({ text }) => link.test(text))
    expect(shown.map(({ privateTo }) => privateTo ?? 'a direct message')).not.toContain(undefined)
    expect(shown).toHaveLength(1)
    if (harness.door === 'discord') expect(shown[0]!.privateTo).toBe(alice.id)

    const strangers = alpaca.addAccount({ cash: '7' })
    await room.after(async () => {
      expect(await give(url, strangers)).toContain('Now answer in chat')
    }, /🔗 Link Alpaca ••••\w{4} \(BROKER PAPER, \$7\.00\)\?/)
    // On Discord nobody else sees the direct message at all.
    await harness.press(bob, 'Link it').catch(() => {})
    expect(await linked()).toEqual([])
    await room.after(() => harness.press(alice, 'No'), /are forgotten, and nothing was linked/)
    expect(await linked()).toEqual([])

    const own = alpaca.addAccount({ cash: '98000' })
    const second = urlIn(await room.ask(alice, 'link alpaca', link))
    await room.after(async () => void (await give(second, own)), /\(BROKER PAPER, \$98,000\.00\)\?/)
    await room.after(() => harness.press(alice, 'Link it', { twice: true }), /✓ Linked BROKER PAPER at Alpaca/)
    expect(await linked()).toEqual([{ name: 'alpaca-paper', masked_number: `••••${own.number.slice(-4)}` }])
    expect(await room.ask(alice, 'accounts', /ACCOUNTS/)).toContain('alpaca-paper')
    await room.ask(alice, 'use alpaca-paper', /uses your account alpaca-paper now/)
    await room.ask(alice, 'unlink alpaca-paper', /UNLINK alpaca-paper/)
    await room.ask(alice, 'yes', /✓ Unlinked alpaca-paper/)
    const { db } = room.desk.parts
    expect(await db.selectFrom('venue_credentials').selectAll().execute()).toEqual([])
    expect(await room.ask(alice, 'accounts', /ACCOUNTS/)).not.toContain('alpaca-paper')
  })
})

describe('a secret key in chat', () => {
  test('is deleted on Discord where the desk may, and its writer is told', async () => {
    const harness = await createDiscordHarness()
    await open(harness)
    const { alice, server } = harness
    await room.ask(
      alice,
      `my secret: ${secret}`,
      /neither kept nor read it, and the message is deleted\.[\s\S]*Revoke it now/,
    )
    expect(server.state.messages.find(({ content }) => content.includes(secret))?.deleted).toBe(true)

    server.thread.denied.add('manage')
    await room.ask(alice, `again ${secret}`, /I could not delete the message here: delete it yourself/)
    expect(server.state.messages.findLast(({ content }) => content.includes(secret))?.deleted).toBe(false)
  })

  test('cannot be deleted on Slack, and the desk says so to its writer alone', async () => {
    const harness = await createSlackHarness('socket')
    await open(harness)
    await room.ask(harness.alice, `my secret: ${secret}`, /I could not delete the message here: delete it yourself/)
    const said = room.seen().filter(({ text }) => text.includes('looks like a secret key'))
    expect(said.map(({ privateTo }) => privateTo)).toEqual([harness.alice.id])
  })
})

test('in a terminal the link and its question are on the screen', async () => {
  const harness = await createTerminalHarness()
  await open(harness)
  const url = urlIn(await room.ask(harness.alice, 'link alpaca', link))
  const own = alpaca.addAccount()
  await room.after(async () => void (await give(url, own)), /🔗 Link Alpaca/)
  await room.ask(harness.alice, 'yes', /✓ Linked BROKER PAPER/)
  expect(await linked()).toHaveLength(1)
})
