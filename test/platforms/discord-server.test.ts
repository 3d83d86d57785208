import { expect, onTestFinished, test } from 'vitest'
import { type DiscordServer, startDiscordServer } from './discord-server.ts'
import { addChannel } from './discord-state.ts'

// The local Discord must refuse what the real one refuses; otherwise tests pass that should fail.

async function open(): Promise<DiscordServer> {
  const server = await startDiscordServer()
  onTestFinished(() => server.close())
  return server
}

/** Posts to the API as the desk would; returns the status and Discord's code. */
async function post(server: DiscordServer, path: string, body: unknown, token = server.token) {
  const headers = { authorization: `Bot ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${server.api}/v10${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  const { code, id } = text ? JSON.parse(text) : {}
  return { status: response.status, code, id }
}

const button = (custom_id: string) => ({ type: 2, style: 1, label: 'A', custom_id })
const row = (...components: unknown[]) => ({ type: 1, components })

test('refuses messages that Discord would refuse', async () => {
  const server = await open()
  const to = `/channels/${server.thread.id}/messages`
  const bad = [
    { content: 'x'.repeat(2001) },
    { content: ' ' },
    { content: 'x', nonce: 'n'.repeat(26) },
    { content: 'x', flags: 64 },
    { content: 'x', components: [row(button('a'), button('a'))] },
    { content: 'x', components: [row(button('c'.repeat(101)))] },
    { content: 'x', components: [row(...Array.from({ length: 6 }, (_, at) => button(`${at}`)))] },
    { content: 'x', components: Array.from({ length: 6 }, (_, at) => row(button(`${at}`))) },
    { content: 'x', components: [row()] },
  ]
  for (const body of bad)
    expect(await post(server, to, body), JSON.stringify(body).slice(0, 80)).toMatchObject({ status: 400 })
  expect(await post(server, to, { content: 'x' }, 'wrong')).toMatchObject({ status: 401 })
  expect(await post(server, '/channels/1400000000000000000/messages', { content: 'x' })).toMatchObject({ code: 10003 })
  expect(
    await post(server, to, { content: 'x'.repeat(2000), components: [row(button('a'), button('b'))] }),
  ).toMatchObject({ status: 200 })
})

test('takes an enforced nonce once, and another one twice', async () => {
  const server = await open()
  const to = `/channels/${server.thread.id}/messages`
  const first = await post(server, to, { content: 'x', nonce: 'n', enforce_nonce: true })
  expect(await post(server, to, { content: 'x', nonce: 'n', enforce_nonce: true })).toEqual(first)
  expect((await post(server, to, { content: 'x', nonce: 'n' })).id).not.toBe(first.id)
})

test('takes an acknowledgement once, in time, and of the right kind', async () => {
  const server = await open()
  server.state.commands.push({ id: '1', name: 'trade', options: [{ type: 1, name: 'help', options: [] }] })
  const use = () => server.people.slash(server.people.person('alice'), server.thread, ['trade', 'help'])
  const respond = ({ id, token }: ReturnType<typeof use>, body: unknown) =>
    post(server, `/interactions/${id}/${token}/callback`, body)
  const used = use()
  const followUp = `/webhooks/${server.state.application}/${used.token}`
  expect(await post(server, followUp, { content: 'early' })).toMatchObject({ code: 10015 })
  expect(await respond(used, { type: 6 })).toMatchObject({ status: 400 })
  expect(await respond(used, { type: 5 })).toMatchObject({ status: 204 })
  expect(await respond(used, { type: 5 })).toMatchObject({ code: 40060 })
  expect(await post(server, followUp, { content: 'secret', flags: 64 })).toMatchObject({ id: used.original })
  expect(server.said()[0]?.privateTo).toBeUndefined()
  const late = use()
  late.at -= 3_001
  expect(await respond(late, { type: 5 })).toMatchObject({ code: 10062 })
})

test('notifies the people whom a message names, unless that is forbidden', async () => {
  const server = await open()
  const content = '@everyone <@1400000000000000000> <@&1400000000000000001>'
  const to = `/channels/${addChannel(server.state, { guild: server.state.guild }).id}/messages`
  await post(server, to, { content })
  await post(server, to, { content, allowed_mentions: { parse: [] } })
  expect(server.said().map(({ pings }) => pings)).toEqual([
    ['everyone', '1400000000000000000', '1400000000000000001'],
    [],
  ])
})

test('refuses commands that Discord would refuse', async () => {
  const server = await open()
  const to = `/applications/${server.state.application}/commands`
  const command = (...options: unknown[]) => ({ name: 'trade', description: 'd', type: 1, options })
  const text = (name: string, traits = {}) => ({ type: 3, name, description: 'd', ...traits })
  const bad = [
    { ...command(), name: 'Trade' },
    { ...command(), description: '' },
    command(text('with space')),
    command(text('a'), text('a')),
    command(text('a'), text('b', { required: true })),
    command(...Array.from({ length: 26 }, (_, at) => text(`o${at}`))),
    command(text('a', { description: 'x'.repeat(101) })),
    command(text('a'), { type: 1, name: 'sub', description: 'd' }),
    command({ type: 2, name: 'g', description: 'd', options: [{ type: 2, name: 'g', description: 'd', options: [] }] }),
    command(
      ...Array.from({ length: 25 }, (_, at) => ({
        type: 1,
        name: `s${at}`,
        description: 'x'.repeat(100),
        options: ['a', 'b', 'c'].map((option) => text(option, { description: 'x'.repeat(100) })),
      })),
    ),
  ]
  for (const body of bad)
    expect(await post(server, to, body), JSON.stringify(body).slice(0, 80)).toMatchObject({ status: 400 })
  expect(await post(server, to, command(text('a', { required: true }), text('b')))).toMatchObject({ status: 200 })
})
