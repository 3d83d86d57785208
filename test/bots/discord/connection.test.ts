import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startDiscord } from '../../../bots/discord/index.ts'
import { PostFailed } from '../../../src/talk/chat/door.ts'
import { directChannel } from '../../platforms/discord-state.ts'
import { heard, placeOf, said, scene, until } from './opened.ts'

test('works without the MESSAGE CONTENT intent, except for free text in threads, and says so once', async () => {
  const set = await scene()
  const { server, desk, alice } = set
  server.state.messageContent = false
  await set.open()
  expect(set.lines.filter(({ level, msg }) => level === 40 && msg.includes('MESSAGE CONTENT'))).toHaveLength(1)

  server.people.say(alice, server.thread, 'not heard')
  server.people.say(alice, server.thread, `<@${server.state.bot.id}> mentioned`)
  expect(await heard(set, 1)).toMatchObject({ text: 'mentioned', place: placeOf(server.thread) })
  server.people.say(alice, directChannel(server.state, alice), 'direct')
  expect(await heard(set, 2)).toMatchObject({ text: 'direct' })
  const question = { id: 'q', name: 'n', kind: 'choice' as const, title: 't', choices: [{ value: 'a', label: 'A' }] }
  desk.answer = () => [{ text: 'asked', question }]
  server.people.slash(alice, server.channel, ['trade', 'help'])
  expect(await heard(set, 3)).toMatchObject({ command: 'help' })
  const [asked] = await said(set, 1, server.channel)
  server.people.press(alice, asked!, 'A')
  expect(await heard(set, 4)).toMatchObject({ kind: 'press', answer: 'a' })
})

test('does not warn when it is granted everything', async () => {
  const set = await scene()
  await set.open()
  expect(set.lines.filter(({ level }) => level >= 40)).toEqual([])
})

test('says in one clear sentence that a token is refused, without the token', async () => {
  const { server, desk } = await scene()
  const log = pino({ level: 'silent' })
  const wrong = 'MTIz.not-the-token.at-all'
  const refused = await startDiscord({ desk, token: wrong, api: server.api, log }).catch((error: Error) => error)
  expect(String(refused)).toContain('DiscordStartFailed: Discord refuses the token in DISCORD_TOKEN')
  expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain(wrong)
  const odd = await startDiscord({ desk, token: 'line\nbreak', api: server.api, log }).catch((error: Error) => error)
  expect(odd).toBeInstanceOf(Error)
  expect(String(odd)).not.toContain('line\nbreak')
})

test('says that Discord cannot be reached', async () => {
  const { server, desk } = await scene()
  server.fail({ with: 500, times: 9, path: /gateway/ })
  const log = pino({ level: 'silent' })
  const attempt = startDiscord({ desk, token: server.token, api: `${server.api}/`, log })
  await expect(attempt).rejects.toThrow('Discord could not be reached: Discord answered 500')
})

test('finishes running work before it closes, and hears nothing more', async () => {
  const set = await scene()
  const { server, desk, alice } = set
  const door = await set.open()
  const thought = Promise.withResolvers<void>()
  desk.answer = async () => {
    await thought.promise
    return [{ text: 'finished', row: 1 }]
  }
  server.people.say(alice, server.thread, 'pl')
  await heard(set, 1)
  const posting = door.poster.post({ key: 'reply-9', place: placeOf(server.thread), reply: { text: 'posted' } })
  const closing = door.close()
  const late = server.people.slash(alice, server.thread, ['trade', 'help'])
  thought.resolve()
  await closing
  await posting
  expect(
    server
      .said()
      .map(({ content }) => content)
      .sort(),
  ).toEqual(['finished', 'posted'])
  expect(desk.told).toHaveLength(1)
  expect(desk.heard).toHaveLength(1)
  expect(late.acknowledged).toBeUndefined()
  await until(() => expect(server.gateway.connected).toBe(0))
  const after = door.poster.post({ key: 'reply-10', place: placeOf(server.thread), reply: { text: 'late' } })
  await expect(after).rejects.toThrow(PostFailed)
})
