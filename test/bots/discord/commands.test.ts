import { expect, test } from 'vitest'
import type { CommandSpec } from '../../../src/talk/chat/door.ts'
import { heard, openScene, said, scene, settled, until } from './opened.ts'

const registrations = ({ server }: Awaited<ReturnType<typeof scene>>) =>
  server.state.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/commands'))

test('registers /trade at the first start, and again only when a command changed', async () => {
  const set = await scene()
  set.server.state.commands.push({ id: '1', name: 'other', description: 'of somebody else', type: 1, options: [] })
  await (await set.open()).close()
  expect(registrations(set)).toHaveLength(3)
  await (await set.open()).close()
  expect(registrations(set)).toHaveLength(3)
  set.desk.specs[0]!.options[0]!.required = true
  await set.open()
  expect(registrations(set)).toHaveLength(4)
  const names = set.server.state.commands.map(({ name }) => name)
  expect(names.toSorted()).toEqual(['Chart this ticker', 'Scale this out', 'other', 'trade'])
})

test('hears a shortcut on a message as its command, about the text of that message', async () => {
  const set = await openScene()
  const { server, alice, bob } = set
  const message = server.people.say(bob, server.channel, 'is $BYND done?')
  const used = server.people.useOn(alice, message, 'Chart this ticker')
  expect(await heard(set, 1)).toEqual({
    kind: 'command',
    id: `discord:${used.id}`,
    author: { id: `discord:${alice.id}`, name: 'alice' },
    place: { door: 'discord', workspace: server.state.guild, channel: server.channel.id },
    command: 'chart',
    options: {},
    about: 'is $BYND done?',
  })
  expect((await said(set, 1))[0]).toMatchObject({ id: used.original, content: 'heard command' })
})

test('opens even when the commands cannot be registered', async () => {
  const set = await scene()
  set.server.fail({ with: 403, times: 9, path: /commands/ })
  await set.open()
  set.server.people.say(set.alice, set.server.thread, 'pl')
  await heard(set, 1)
  expect(set.lines.map(({ msg }) => msg)).toContain('/trade could not be registered; text and buttons work')
})

test('hears a slash command with its typed options, and fills its placeholder with the reply', async () => {
  const set = await openScene()
  const { server, alice, bob } = set
  const used = server.people.slash(alice, server.channel, ['trade', 'long'], {
    symbol: 'BYND',
    quantity: '3.75k',
    price: '.63',
  })
  expect(await heard(set, 1)).toEqual({
    kind: 'command',
    id: `discord:${used.id}`,
    author: { id: `discord:${alice.id}`, name: 'alice' },
    place: { door: 'discord', workspace: server.state.guild, channel: server.channel.id },
    command: 'long',
    options: { symbol: 'BYND', quantity: '3.75k', price: '.63' },
  })
  const [reply] = await said(set, 1)
  expect(reply).toMatchObject({ id: used.original, content: 'heard command', channel: server.channel.id })
  expect(used.acknowledged).toBe(5)

  server.people.slash(alice, server.channel, ['trade', 'cancel-scaleout'])
  expect(await heard(set, 2)).toMatchObject({ command: 'cancel scaleout', options: {} })
  server.people.slash(alice, server.channel, ['trade', 'scaleout'], { speed: 'slow' })
  expect(await heard(set, 3)).toMatchObject({ command: 'scaleout', options: { speed: 'slow' } })
  server.people.slash(alice, server.channel, ['trade', 'role'], { member: bob.id })
  expect(await heard(set, 4)).toMatchObject({ command: 'role', options: { member: `<@${bob.id}>` } })
})

test('offers more commands than fit under one command in groups', async () => {
  const set = await scene()
  const { server, desk, alice } = set
  const options: CommandSpec['options'] = [{ name: 'symbol', description: 'x'.repeat(300), type: 'symbol' }]
  desk.specs = Array.from({ length: 60 }, (_, at) => ({
    name: `Do Thing ${at}`,
    description: 'Long words. '.repeat(30),
    options,
  }))
  await set.open()
  const [trade] = server.state.commands
  const names = trade.options.map(({ name }: { name: string }) => name)
  expect(names).toHaveLength(25)
  expect(names.slice(-2)).toEqual(['more', 'more-2'])
  server.people.slash(alice, server.thread, ['trade', 'do-thing-3'], { symbol: 'BYND' })
  expect(await heard(set, 1)).toMatchObject({ command: 'Do Thing 3', options: { symbol: 'BYND' } })
  server.people.slash(alice, server.thread, ['trade', 'more-2', 'do-thing-59'], { symbol: 'BYND' })
  expect(await heard(set, 2)).toMatchObject({ command: 'Do Thing 59', options: { symbol: 'BYND' } })
  const typing = server.people.type(alice, server.thread, ['trade', 'more', 'do-thing-30'], 'symbol', 'by')
  await until(() =>
    expect(typing.choices).toEqual([
      { name: 'BYND', value: 'BYND' },
      { name: 'ABYS', value: 'ABYS' },
    ]),
  )
  await (await set.open()).close()
  expect(registrations(set)).toHaveLength(3)
})

test('registers a family of commands as a slash command of its own, and hears it', async () => {
  const set = await scene()
  const { server, desk, alice } = set
  desk.specs.push({ name: 'volume profile', description: 'Volume by price', options: [], family: 'indicators' })
  await set.open()
  expect(server.state.commands.map(({ name }) => name)).toContain('indicators')
  server.people.slash(alice, server.thread, ['indicators', 'volume-profile'])
  expect(await heard(set, 1)).toMatchObject({ command: 'volume profile', options: {} })
})

test('completes symbols while they are typed', async () => {
  const { server, desk, alice } = await openScene()
  const typing = server.people.type(alice, server.thread, ['trade', 'long'], 'symbol', 'nv')
  await until(() => expect(typing.choices).toEqual([{ name: 'NVDA', value: 'NVDA' }]))
  desk.suggest = async () => [{ symbol: 'BYND', name: 'Beyond Meat', position: 'LONG 300 BYND @ $1.00' }]
  const named = server.people.type(alice, server.thread, ['trade', 'long'], 'symbol', 'beyond')
  const name = 'BYND · LONG 300 BYND @ $1.00 · Beyond Meat'
  await until(() => expect(named.choices).toEqual([{ name, value: 'BYND' }]))
  desk.suggest = async () => Array.from({ length: 60 }, (_, at) => ({ symbol: `S${at}`, name: `${at}`.repeat(90) }))
  const more = server.people.type(alice, server.thread, ['trade', 'long'], 'symbol', 's')
  await until(() => expect(more.choices).toHaveLength(25))
})

test('acknowledges before the desk has answered', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  const thought = Promise.withResolvers<void>()
  desk.answer = async () => {
    await thought.promise
    return [{ text: 'at last' }]
  }
  const used = server.people.slash(alice, server.thread, ['trade', 'help'])
  await until(() => expect(used.acknowledged).toBe(5))
  expect(server.said()).toEqual([])
  thought.resolve()
  expect((await said(set, 1))[0]?.content).toBe('at last')
})

test('answers in private without a public trace of the placeholder', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.answer = () => [{ text: 'for you alone', private: true }, { text: 'for all' }]
  server.people.slash(alice, server.channel, ['trade', 'help'])
  const replies = await said(set, 2)
  expect(replies.map(({ content, privateTo }) => [content, privateTo])).toEqual([
    ['for you alone', alice.id],
    ['for all', undefined],
  ])
  expect(server.state.messages.some(({ thinking, deleted }) => thinking && !deleted)).toBe(false)
})

test.each([500, 403] as const)(
  'keeps an answer private, and gives it, when the placeholder cannot be deleted (%s)',
  async (status) => {
    const set = await openScene()
    const { server, desk, alice } = set
    desk.answer = () => [{ text: 'for you alone', private: true }]
    server.fail({ with: status, times: 9, method: 'DELETE', path: /original/ })
    server.people.slash(alice, server.channel, ['trade', 'help'])
    const replies = await said(set, 2)
    expect(replies.map(({ content, privateTo }) => [content, privateTo])).toEqual([
      [expect.stringContaining('for the one who asked alone'), undefined],
      ['for you alone', alice.id],
    ])
  },
)

test.each([0, 1])('fills the placeholder once of a command that two processes hear (%s acts)', async (actor) => {
  const set = await openScene()
  const { server, desk, alice } = set
  const thought = Promise.withResolvers<void>()
  desk.answer = async () => {
    const hears = desk.heard.length - 1
    if (hears === 0) await thought.promise
    return hears === actor ? [{ text: 'once' }] : []
  }
  const used = server.people.slash(alice, server.channel, ['trade', 'help'])
  server.people.deliverInteractionAgain(used)
  await heard(set, 1)
  thought.resolve()
  await heard(set, 2)
  expect(new Set(desk.heard.map(({ id }) => id)).size).toBe(1)
  const [reply] = await said(set, 1)
  await settled(set)
  expect(reply).toMatchObject({ id: used.original, content: 'once', deleted: false })
})

test('says in private that something went wrong when the desk fails', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.answer = () => Promise.reject(new Error('the database is away'))
  server.people.slash(alice, server.channel, ['trade', 'help'])
  expect((await said(set, 1))[0]).toMatchObject({ privateTo: alice.id })
})

test('does not act on a command that it could not acknowledge, since its author sees it fail', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.fail({ with: 500, times: 4, path: /callback/ })
  server.people.slash(alice, server.channel, ['trade', 'help'])
  await until(() => expect(set.lines.map(({ msg }) => msg)).toContain('an interaction could not be acknowledged'))
  server.people.slash(alice, server.channel, ['trade', 'cancel-scaleout'])
  expect(await heard(set, 1)).toMatchObject({ command: 'cancel scaleout' })
})

test('acts once on a command when the answer to its acknowledgement is lost', async () => {
  const set = await openScene()
  const { server, alice } = set
  server.fail({ with: 'lost', times: 1, path: /callback/ })
  const used = server.people.slash(alice, server.channel, ['trade', 'help'])
  expect((await said(set, 1))[0]).toMatchObject({ id: used.original, content: 'heard command' })
  expect(set.desk.heard).toHaveLength(1)
})
