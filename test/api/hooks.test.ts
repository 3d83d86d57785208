import { expect, vi } from 'vitest'
import type { Command } from '../../src/talk/commands/command.ts'
import { handlers } from '../../src/talk/commands/index.ts'
import { letMakeTokens } from '../../src/trading/access/rows/api-tokens.ts'
import type { TestDesk } from '../support/desk.ts'
import { type Someone, someone } from '../talk/commands/someone.ts'
import { apiTest, memberOf, newKey } from './serve.ts'

const { test, market } = apiTest()

/** A hook of a person, made in their thread, and a function that posts to it. */
async function hookOf(desk: TestDesk, person: Someone) {
  await letMakeTokens(desk.desk.parts.db, await memberOf(desk.desk, person), true)
  const [reply] = await person.hear('hook new')
  expect(reply).toMatchObject({ private: true })
  const url = /http:\S+\/hooks\/[\w-]{43}/.exec(reply!.text)![0]
  const post = async (body: string | object) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { url, post }
}

/** What was posted in the thread of a person. */
const heard = (desk: TestDesk, { thread }: Someone) =>
  desk.posted
    .filter(({ place }) => place.thread === thread)
    .map(({ text }) => text)
    .join('\n')

test('a hook carries out a command in words, and the desk answers in its thread', async ({ api: _, desk, alice }) => {
  market.set('BYND', '1.00', '1.01')
  await alice.say('long BYND 1000 @ .50')
  const { post } = await hookOf(desk, alice)
  expect(await post('sell half BYND')).toEqual({ status: 202, body: { accepted: true, isRepeat: false } })
  await vi.waitFor(() => expect(heard(desk, alice)).toContain('SOLD 500 BYND @ $1.00'))
  expect(heard(desk, alice)).toContain('🪝 Hook 1: `sell half BYND`')
  expect(await alice.say('positions')).toContain('LONG 500 BYND')
})

test('JSON of an alert is the same as its words', async ({ api: _, desk, alice }) => {
  market.set('BYND', '1.00', '1.01')
  const { post } = await hookOf(desk, alice)
  await post({ symbol: 'NASDAQ:BYND', action: 'buy', quantity: 100 })
  await vi.waitFor(() => expect(heard(desk, alice)).toContain('BOUGHT 100 BYND'))
  await post({ symbol: 'BYND', action: 'SELL', quantity: '40', price: '1.50' })
  await vi.waitFor(async () => expect(await alice.say('orders')).toContain('SELL 40 BYND @ $1.50'))
  await post({ symbol: 'BYND', action: 'flat' })
  await vi.waitFor(async () => expect(await alice.say('positions')).toContain('No open positions'))
})

test('a repeat within the window is one', async ({ api: _, desk, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  const { post } = await hookOf(desk, alice)
  const answers = await Promise.all([1, 2, 3].map(() => post('trim 100 BYND')))
  expect(answers.map(({ body }) => body.isRepeat).sort()).toEqual([false, true, true])
  expect(await alice.say('positions')).toContain('LONG 900 BYND')
  await desk.desk.parts.db
    .updateTable('hook_calls')
    .set({ at: new Date(Date.now() - 61_000) })
    .execute()
  expect((await post('trim 100 BYND')).body).toMatchObject({ isRepeat: false })
  expect(await alice.say('positions')).toContain('LONG 800 BYND')
})

test('what is no whole command does nothing, answers no question, and is told in the thread', async ({
  api: _,
  desk,
  alice,
}) => {
  await alice.say('long BYND 1000 @ .50')
  const { post } = await hookOf(desk, alice)
  await alice.say('close BYND')
  for (const body of [
    '1',
    'yes',
    'market',
    'maybe sell some BYND soon',
    'sell half BYND\nclose BYND now',
    'token new evil trade',
    'dashboard',
    'positions',
    'please get rid of my BYND if it goes on like this',
    '{"symbol": "BYND", "action": "sell", "quantity": 10, "stop": 5}',
    '{"symbol": "BYND", "action": "sell", "quantity": "10; close"}',
    '{"symbol": "BYND"',
    '',
  ])
    expect((await post(body)).status).toBe(202)
  await vi.waitFor(() => {
    expect(heard(desk, alice)).toContain('is no whole command of this desk')
    expect(heard(desk, alice)).toContain('it was empty')
    expect(heard(desk, alice)).toContain('its JSON was not')
  })
  expect(await alice.say('positions')).toContain('LONG 1,000 BYND')
})

test('a strange address, an ended hook and a long message do nothing', async ({ api, desk, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  const { url, post } = await hookOf(desk, alice)
  const strange = await fetch(`${api.url}/hooks/${'x'.repeat(43)}`, { method: 'POST', body: 'close BYND now' })
  expect([strange.status, ((await strange.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND'])
  const long = await fetch(url, { method: 'POST', body: 'x'.repeat(9000) })
  expect([long.status, await long.json()]).toEqual([
    413,
    expect.objectContaining({ code: 'BODY_TOO_LONG', message: expect.stringContaining('8192 bytes') }),
  ])
  const got = await fetch(url)
  expect([got.status, got.headers.get('allow'), await got.json()]).toEqual([
    405,
    'POST',
    { code: 'WRONG_METHOD', message: expect.any(String), hint: 'Send it with POST' },
  ])
  expect(await alice.say('hook')).toContain('YOUR HOOKS')
  expect(await alice.say('hook end 1')).toContain('✓ Ended: hook 1')
  expect((await post('close BYND now')).status).toBe(404)
  expect(await alice.say('positions')).toContain('LONG 1,000 BYND')
})

test('a hook acts with the role and in the account of its making', async ({ api: _, desk, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  const { post } = await hookOf(desk, alice)
  await alice.say('account new paper swing $50,000')
  await alice.say('use swing')
  await post('trim 100 BYND')
  await alice.say('use paper')
  await vi.waitFor(async () => expect(await alice.say('positions')).toContain('LONG 900 BYND'))
  await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('name', '=', alice.name).execute()
  await post('close BYND now')
  await vi.waitFor(() => expect(heard(desk, alice)).toMatch(/viewer/i))
  expect(await alice.say('positions')).toContain('LONG 900 BYND')
})

test('a hook changes no setting, account or halt, takes nothing back, and is told why', async ({
  api: _,
  desk,
  alice,
}) => {
  await memberOf(desk.desk, alice)
  await alice.say('long BYND 1000 @ .50')
  await alice.say('account new paper swing $50,000')
  const { post } = await hookOf(desk, alice)
  const shown = async () => [await alice.say('accounts'), await alice.say('limits'), await alice.say('guardian')]
  const before = await shown()
  const said = {
    'use swing': 'use',
    'account new paper viahook $50,000': 'account',
    undo: 'undo',
    breaker: 'breaker',
    'guardian auto': 'guardian',
    'limits size $50': 'limits',
    'mute 1h': 'mute',
  }
  for (const text of Object.keys(said)) expect((await post(text)).status).toBe(202)
  await vi.waitFor(() => {
    for (const command of Object.values(said)) expect(heard(desk, alice)).toContain(`\`${command}\` is not for a hook`)
  })
  expect(await shown()).toEqual(before)
  expect(await alice.say('positions')).toContain('LONG 1,000 BYND')
})

test('of all commands, a hook gets those that trade or protect', async ({ desk }) => {
  const trading: Command['category'][] = ['Positions', 'Orders', 'Exits', 'Protection']
  const heardByHook = async ({ example }: Command) => {
    const { name, thread } = someone(desk)
    const author = { id: `slack:T1:${name.toUpperCase()}`, name }
    const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread }
    const whole = { kind: 'message' as const, id: newKey(), author, place, text: example, addressed: true }
    const [reply] = await desk.desk.hear({ ...whole, isStrict: true, byProgram: true })
    return !/is not for a hook|is no whole command/.test(reply!.text)
  }
  for (const command of Object.values(handlers)) {
    const { name, category, effect } = command
    const trades = trading.includes(category) && effect !== 'reads' && effect !== 'sets' && name !== 'undo'
    expect([name, await heardByHook(command)]).toEqual([name, trades])
  }
})

test('an answer to a hook names the account once', async ({ api: _, desk, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  await alice.say('account new paper swing $50,000')
  const { post } = await hookOf(desk, alice)
  for (const text of ['close BYND', 'trim 9000 BYND', 'trim 100 BYND']) await post(text)
  await vi.waitFor(() => expect(heard(desk, alice)).toContain('SOLD 100 BYND'))
  const answers = desk.posted.filter(({ place, text }) => place.thread === alice.thread && !text.startsWith('🪝'))
  expect(answers).toHaveLength(3)
  for (const { text } of answers) expect(text.match(/· account paper/g), text).toHaveLength(1)
})
