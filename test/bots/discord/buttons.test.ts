import type { APIStringSelectComponent } from 'discord.js'
import { expect, test } from 'vitest'
import { actionRows } from '../../../bots/discord/buttons.ts'
import { render } from '../../../bots/discord/render.ts'
import type { Action } from '../../../src/talk/chat/action.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import type { Choice, Question, Reply } from '../../../src/talk/chat/reply.ts'
import { type Menu, type Message, pressables } from '../../platforms/discord-state.ts'
import { heard, openScene, type Scene, said, settled, until } from './opened.ts'

const choices = (count: number): Choice[] =>
  Array.from({ length: count }, (_, at) => ({ value: `v${at + 1}`, label: `Choice ${at + 1}` }))

const question = (traits: Partial<Question> = {}): Question => ({
  id: 'q-1_a',
  name: 'speed',
  kind: 'choice',
  title: 'How fast?',
  choices: choices(3),
  ...traits,
})

/** Makes the desk ask a question, and returns the message with it. */
async function ask(set: Scene, asked: Question, text = 'How fast should I scale out?'): Promise<Message> {
  set.desk.answer = () => [{ text, question: asked }]
  set.server.people.say(set.alice, set.server.thread, 'scaleout')
  return (await said(set, 1, set.server.thread))[0]!
}

const labels = ({ components }: Message) => components.map((row) => pressables([row]).map(({ label }) => label))

test('asks with buttons, hears the pressed one and takes them away', async () => {
  const set = await openScene()
  const { server, alice } = set
  const asked = await ask(set, question())
  expect(labels(asked)).toEqual([['Choice 1', 'Choice 2', 'Choice 3']])
  set.desk.answer = () => [{ text: 'started' }]
  const pressed = server.people.press(alice, asked, 'Choice 2')
  expect(await heard(set, 2)).toEqual({
    kind: 'press',
    id: `discord:${pressed.id}`,
    author: { id: `discord:${alice.id}`, name: 'alice' },
    place: { door: 'discord', workspace: server.state.guild, channel: server.thread.id },
    questionId: 'q-1_a',
    answer: 'v2',
  })
  expect((await said(set, 2))[1]).toMatchObject({ content: 'started', privateTo: undefined })
  await until(() => expect(labels(asked)).toEqual([]))
  expect(asked.content).toBe('How fast should I scale out?')
  expect(pressed.acknowledged).toBe(6)
})

test('takes the buttons away, too, when the question is answered in words', async () => {
  const set = await openScene()
  const { server, alice } = set
  const asked = await ask(set, question())
  set.desk.answer = () => [{ text: 'started', settled: ['q-0_unknown', 'q-1_a'] }]
  server.people.say(alice, server.thread, 'fast')
  expect((await said(set, 2, server.thread))[1]).toMatchObject({ content: 'started' })
  await until(() => expect(labels(asked)).toEqual([]))
  expect(asked.content).toBe('How fast should I scale out?')
})

test('takes the buttons of an old question away when it is pressed', async () => {
  const set = await openScene()
  const { server, alice } = set
  const asked = await ask(set, question())
  set.desk.answer = () => [{ text: 'That question is not open any more.', private: true, settled: ['q-1_a'] }]
  server.people.press(alice, asked, 'Choice 1')
  await until(() => expect(labels(asked)).toEqual([]))
})

test('refuses another person in private, and keeps the buttons for the one who was asked', async () => {
  const set = await openScene()
  const { server, bob } = set
  const asked = await ask(set, question())
  set.desk.answer = () => [{ text: 'this is not yours', private: true }]
  server.people.press(bob, asked, 'Choice 1')
  expect((await said(set, 2))[1]).toMatchObject({ content: 'this is not yours', privateTo: bob.id })
  await settled(set)
  expect(labels(asked)).toHaveLength(1)
})

test('answers a press on a button that is gone, in private', async () => {
  const set = await openScene()
  const { server, alice } = set
  const asked = await ask(set, question())
  const answers: Reply[][] = [[{ text: 'started' }], [{ text: 'this was answered', private: true }]]
  set.desk.answer = () => answers.shift() ?? []
  server.people.press(alice, asked, 'Choice 1')
  server.people.press(alice, asked, 'Choice 1')
  await heard(set, 3)
  const replies = await said(set, 3)
  expect(replies.slice(1).map(({ content, privateTo }) => [content, privateTo])).toEqual([
    ['started', undefined],
    ['this was answered', alice.id],
  ])
})

test('puts buttons into rows of five, more choices into menus, and asks by numbers alone where they do not fit', async () => {
  const set = await openScene()
  const many = await ask(set, question({ choices: choices(8) }))
  expect(labels(many).map((row) => row.length)).toEqual([5, 3])
  const next = async (asked: Question, count: number) => {
    set.desk.answer = () => [{ text: '1. one', question: asked }]
    set.server.people.say(set.alice, set.server.thread, 'again')
    return labels((await said(set, count))[count - 1]!)
  }
  const inMenus = await next(question({ choices: choices(26) }), 2)
  expect(inMenus.map((lines) => lines.length)).toEqual([25, 1])
  expect(await next(question({ choices: choices(126) }), 3)).toEqual([])
  expect(await next(question({ choices: [{ value: 'v'.repeat(99), label: 'long' }] }), 4)).toEqual([])
  const long = question({
    choices: [
      { value: 'same', label: '😀'.repeat(90) },
      { value: 'same', label: 'again' },
    ],
  })
  expect(await next(long, 5)).toEqual([['again']])
  expect((await next(question({ choices: [{ value: 'x', label: '😀'.repeat(90) }] }), 6))[0]?.[0]).toMatch(
    /^(😀){39}…$/u,
  )
})

test('opens a form for a number, and hears the text in it', async () => {
  const set = await openScene()
  const { server, alice } = set
  const title = 'Enter stop loss price, which has to be below the entry:'
  const asked = await ask(set, question({ kind: 'number', choices: [], title }), 'Enter stop loss price:')
  const opened = server.people.press(alice, asked, title)
  await until(() => expect(opened.acknowledged).toBe(9))
  expect(opened.modal?.title).toBe('Enter stop loss price, which has to be below…')
  expect(set.desk.heard).toHaveLength(1)
  set.desk.answer = () => [{ text: 'stop set' }]
  const sent = server.people.submit(alice, opened, ' 0.55 ')
  expect(await heard(set, 2)).toMatchObject({
    kind: 'press',
    id: `discord:${sent.id}`,
    questionId: 'q-1_a',
    answer: '0.55',
  })
  await said(set, 2)
  await until(() => expect(labels(asked)).toEqual([]))
})

test('shows the facts in a form, and tells a fault to the person alone, who may answer again', async () => {
  const set = await openScene()
  const { server, desk, alice } = set
  desk.aboutForm = async (place, id) =>
    id === 'q-1_a' && place.channel === server.thread.id ? 'LONG *3,750* BYND' : ''
  desk.faultsIn = async ({ answer }) => (answer === 'abc' ? ['"abc" is not a price.'] : [undefined])
  const asked = await ask(set, question({ kind: 'number', choices: [], title: 'Stop' }), 'Enter stop loss price:')
  const opened = server.people.press(alice, asked, 'Stop')
  await until(() => expect(opened.acknowledged).toBe(9))
  expect(opened.modal?.components.map(({ content, label }) => content ?? label)).toEqual([
    'LONG \\*3,750\\* BYND',
    'Stop',
  ])
  server.people.submit(alice, opened, 'abc')
  const [, fault] = await said(set, 2)
  expect(fault).toMatchObject({ content: expect.stringContaining('is not a price'), privateTo: alice.id })
  expect(desk.heard).toHaveLength(1)
  expect(labels(asked)).toEqual([['Stop']])
  server.people.submit(alice, opened, '.55')
  expect(await heard(set, 2)).toMatchObject({ kind: 'press', answer: '.55' })
})

test('opens one form for several answers, and hears all its fields', async () => {
  const set = await openScene()
  const { server, alice } = set
  const fields = [
    { name: 'stop', title: 'Stop loss price' },
    { name: 'target', title: 'Take profit price' },
  ]
  const several = question({ kind: 'number', choices: [], title: 'Stop and target', fields })
  const asked = await ask(set, several, 'Enter stop loss price:')
  const opened = server.people.press(alice, asked, 'Stop and target')
  await until(() => expect(opened.acknowledged).toBe(9))
  expect(opened.modal?.title).toBe('Stop and target')
  expect(opened.modal?.components.map(({ label }) => label)).toEqual(['Stop loss price', 'Take profit price'])
  server.people.submit(alice, opened, ' 0.45', '0.70 ')
  expect(await heard(set, 2)).toMatchObject({ kind: 'press', questionId: 'q-1_a', answer: '0.45', more: ['0.70'] })
})

test('asks for one answer where the titles of the fields are too long for a button', async () => {
  const set = await openScene()
  const fields = ['stop', 'target'].map((name) => ({ name, title: 'A title that goes on and on '.repeat(3) }))
  const asked = await ask(set, question({ kind: 'number', choices: [], title: 'Levels', fields }), 'Enter it:')
  const opened = set.server.people.press(set.alice, asked, 'Levels')
  await until(() => expect(opened.acknowledged).toBe(9))
  expect(opened.modal?.components.map(({ label }) => label)).toEqual(['Levels'])
})

test('acknowledges a press on a button of another version, and does nothing else', async () => {
  const set = await openScene()
  const asked = await ask(set, question())
  asked.hadButtons.push({ label: 'Strange', custom_id: 'something:else' })
  const pressed = set.server.people.press(set.alice, asked, 'Strange')
  await until(() => expect(pressed.acknowledged).toBe(6))
  await settled(set)
  expect(set.desk.heard).toHaveLength(1)
})

test('answers a press once, even if the connection breaks after Discord took the answer', async () => {
  const set = await openScene()
  const { server, alice } = set
  const asked = await ask(set, question())
  set.desk.answer = () => [{ text: 'started', row: 7 }]
  server.fail({ with: 'lost', times: 1, method: 'POST', path: /channels.*messages/ })
  server.people.press(alice, asked, 'Choice 1')
  await until(() => expect(set.desk.told).toHaveLength(1))
  const [, answer, ...more] = server.said(server.thread)
  expect(answer?.content).toBe('started')
  expect(more).toEqual([])
  expect(set.desk.told[0]).toMatchObject({ row: 7, posted: { message: answer?.id } })
})

test('answers a press through the interaction where it may not write into the channel', async () => {
  const set = await openScene()
  const asked = await ask(set, question())
  set.server.thread.denied.add('send')
  set.desk.answer = () => [{ text: 'started' }]
  set.server.people.press(set.alice, asked, 'Choice 1')
  expect((await said(set, 2))[1]?.content).toBe('started')
})

test('offers more choices than two rows of buttons in menus, and hears the picked line', async () => {
  const set = await openScene()
  const asked = await ask(set, question({ choices: choices(30) }))
  const [first, second] = asked.components.map(({ components }) => components[0] as Menu)
  expect([first?.placeholder, second?.placeholder]).toEqual(['How fast? (1-25)', 'How fast? (26-30)'])
  set.desk.answer = () => [{ text: 'started' }]
  set.server.people.press(set.alice, asked, 'Choice 28')
  expect(await heard(set, 2)).toMatchObject({ kind: 'press', questionId: 'q-1_a', answer: 'v28' })
  await until(() => expect(labels(asked)).toEqual([]))
})

const rowOf = (symbol: string): Action[] => [
  { label: `Close ${symbol}`, command: 'close', options: { symbol }, account: 7, ends: true },
  { label: `Stop ${symbol}`, command: 'stop', options: { symbol }, account: 7 },
]

test('hears the press of an action as its command, by the person who presses, and keeps the buttons', async () => {
  const set = await openScene()
  const { server, bob } = set
  set.desk.answer = () => [{ text: 'LONG 100 BYND', actions: [rowOf('BYND'), rowOf('BRK.B')] }]
  server.people.say(set.alice, server.thread, 'positions')
  const [shown] = await said(set, 1, server.thread)
  expect(labels(shown!)).toEqual([
    ['Close BYND', 'Stop BYND'],
    ['Close BRK.B', 'Stop BRK.B'],
  ])
  set.desk.answer = () => [{ text: 'not yours', private: true }]
  const pressed = server.people.press(bob, shown!, 'Close BRK.B')
  expect(await heard(set, 2)).toEqual({
    kind: 'command',
    id: `discord:${pressed.id}`,
    author: { id: `discord:${bob.id}`, name: 'bob' },
    place: { door: 'discord', workspace: server.state.guild, channel: server.thread.id },
    command: 'close',
    options: { symbol: 'BRK.B' },
    account: 7,
  })
  expect((await said(set, 2))[1]).toMatchObject({ content: 'not yours', privateTo: bob.id })
  expect(labels(shown!)).toHaveLength(2)
})

test('puts the actions of many positions into menus, and shows none below a private reply', () => {
  const many = Array.from({ length: 40 }, (_, index) => rowOf(`S${index}`))
  const lines = actionRows(many).map((row) => (row.components[0] as APIStringSelectComponent).options.length)
  expect(lines).toEqual([25, 25, 25, 5])
  expect(actionRows([[{ ...rowOf('BYND')[0]!, options: { symbol: 'X'.repeat(90) } }]])).toEqual([])
  expect(render({ text: 'LONG', actions: many, private: true })[0]?.components).toBeUndefined()
})

test('pings the one whom a reply names, in its first message, and nobody else', () => {
  const bodies = render({ text: `🛑 STOP HIT @everyone <@222>\n${'x'.repeat(2500)}`, ping: '111' })
  expect(bodies[0]?.content).toMatch(/^<@111> 🛑 STOP HIT \\@everyone <@222>/)
  expect(bodies.map(({ allowed_mentions }) => allowed_mentions)).toEqual([
    { parse: [], users: ['111'] },
    { parse: [] },
    ...bodies.slice(2).map(() => ({ parse: [] })),
  ])
})

test('opens the form of a choice at its press, and hears the choice with the texts', async () => {
  const set = await openScene()
  const { server, alice } = set
  const form = [
    { name: 'stop', title: 'Stop loss price' },
    { name: 'target', title: 'Take profit price' },
  ]
  const asked = await ask(set, question({ choices: [...choices(1), { value: 'custom', label: 'Custom Setup', form }] }))
  const opened = server.people.press(alice, asked, 'Custom Setup')
  await until(() => expect(opened.acknowledged).toBe(9))
  expect(opened.modal?.title).toBe('Custom Setup')
  expect(opened.modal?.components.map(({ label }) => label)).toEqual(['Stop loss price', 'Take profit price'])
  expect(set.desk.heard).toHaveLength(1)
  set.desk.answer = () => [{ text: 'set' }]
  server.people.submit(alice, opened, ' 0.45', '0.70 ')
  expect(await heard(set, 2)).toMatchObject({ kind: 'press', answer: 'custom', more: ['0.45', '0.70'] })
  await until(() => expect(labels(asked)).toEqual([]))
})

test('gives a choice alone where the titles of its form are too long for a button', async () => {
  const set = await openScene()
  const form = [{ name: 'price', title: 'A title that goes on and on '.repeat(5) }]
  const asked = await ask(set, question({ choices: [{ value: 'limit', label: 'Limit', form }] }))
  set.server.people.press(set.alice, asked, 'Limit')
  expect(await heard(set, 2)).toMatchObject({ kind: 'press', answer: 'limit' })
})

test('leads to the thread that a reply is about, if it is in a guild', () => {
  const link = { door: 'discord' as const, workspace: '11', channel: '22' }
  const rowsFor = (place: Place) => render({ text: '⚠️ STOP APPROACHING', link: place })[0]?.components
  expect(rowsFor(link)).toEqual([
    {
      type: 1,
      components: [{ type: 2, style: 5, label: 'Open its thread', url: 'https://discord.com/channels/11/22' }],
    },
  ])
  for (const other of [
    { ...link, workspace: '' },
    { ...link, door: 'slack' as const },
  ])
    expect(rowsFor(other)).toBeUndefined()
})
