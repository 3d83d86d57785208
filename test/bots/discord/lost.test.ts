import { GatewayCloseCodes } from 'discord.js'
import { describe, expect, test } from 'vitest'
import { newsSpy } from '../news-spy.ts'
import { heard, openScene, placeOf, scene, until } from './opened.ts'

const post = (key: string) => ({ key, reply: { text: key } })

describe('a door to Discord tells', () => {
  test('that the connection broke and is restored', async () => {
    const set = await openScene()
    set.server.gateway.breakConnections()
    await until(() => expect(set.news.told).toEqual(['broken', 'connected']))
    set.server.people.say(set.alice, set.server.thread, 'pl')
    expect(await heard(set, 1)).toMatchObject({ text: 'pl' })
  })

  test('that the gateway is away, in one line of the log for many attempts', async () => {
    const set = await openScene()
    set.server.gateway.refuse(3)
    set.server.gateway.breakConnections()
    await until(() => expect(set.news.told).toEqual(['broken', 'connected']))
    expect(set.lines.filter(({ msg }) => msg.includes('connecting again'))).toHaveLength(1)
    expect(set.lines.filter(({ msg }) => msg.includes('connected to Discord again'))).toHaveLength(1)
  })

  test('that a session is begun anew after Discord ends it in order (1000), and not that it is lost', async () => {
    const set = await openScene()
    set.server.gateway.closeConnections(1000)
    await until(() => expect(set.news.told).toEqual(['broken', 'connected']))
    expect(set.server.gateway.identified).toBe(2)
  })

  test.each([
    [GatewayCloseCodes.AuthenticationFailed, 'Discord refuses the token in DISCORD_TOKEN: reset it'],
    [GatewayCloseCodes.DisallowedIntents, 'does not grant the MESSAGE CONTENT intent any more: switch it on'],
    [GatewayCloseCodes.ShardingRequired, "Discord's gateway refuses the desk (4011 ShardingRequired)"],
    [GatewayCloseCodes.InvalidAPIVersion, "Discord's gateway refuses the desk (4012 InvalidAPIVersion)"],
  ])('that Discord closed the connection for good with %i, and what to do', async (code, sentence) => {
    const set = await openScene()
    set.server.gateway.closeConnections(code)
    await until(() => expect(set.news.told).toEqual(['lost']))
    expect(set.news.failures[0]!.kind).toBe('refused')
    expect(set.news.failures[0]!.message).toContain(sentence)
  })

  test('that the token is revoked while the gateway still keeps the connection', async () => {
    const set = await openScene()
    set.server.state.token = 'MTA.another-token.of-the-desk'
    const place = placeOf(set.server.thread)
    await expect(set.door.poster.post({ ...post('reply-1'), place })).rejects.toThrow('401')
    await until(() => expect(set.news.told).toEqual(['lost']))
    expect(set.news.failures).toHaveLength(1)
    expect(set.news.failures[0]).toMatchObject({ kind: 'refused', because: 'the token is refused' })
    expect(set.server.gateway.connected).toBe(1)
  })

  test('nothing of a single 401, which is a mistake of Discord', async () => {
    const set = await openScene()
    set.server.fail({ with: 401, times: 1, method: 'POST', path: /messages$/ })
    const place = placeOf(set.server.thread)
    await expect(set.door.poster.post({ ...post('reply-1'), place })).rejects.toThrow('401')
    await until(() => expect(set.lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('all the same')))
    await set.door.poster.post({ ...post('reply-2'), place })
    expect(set.news.told).toEqual([])
  })

  // The library waits 30 s for the goodbye of a server that is silent.
  test('that Discord no longer answers on a connection that looks open', async () => {
    const set = await scene()
    set.server.state.heartbeatMs = 300
    await set.open()
    set.server.gateway.freeze()
    await expect.poll(() => set.news.told, { timeout: 50_000 }).toEqual(['broken', 'connected'])
    set.server.people.say(set.alice, set.server.thread, 'pl')
    expect(await heard(set, 1)).toMatchObject({ text: 'pl' })
  })
})

describe('a door to Discord that is opened anew', () => {
  test('after the MESSAGE CONTENT intent was withdrawn hears what it still may', async () => {
    const set = await openScene()
    set.server.state.messageContent = false
    set.server.gateway.closeConnections(GatewayCloseCodes.DisallowedIntents)
    await until(() => expect(set.news.told).toEqual(['lost']))
    await set.door.close()
    await set.open()
    set.server.people.say(set.alice, set.server.thread, `<@${set.server.state.bot.id}> pl`)
    expect(await heard(set, 1)).toMatchObject({ text: 'pl' })
  })

  test('is the only one: a client that was closed while it connected does not come back', async () => {
    const set = await openScene()
    set.server.gateway.refuse(1)
    set.server.gateway.breakConnections()
    await until(() => expect(set.news.breaks).toBe(2))
    await set.door.close()
    const news = newsSpy()
    await set.open(news)
    // The old client would have connected again by the time this one does.
    set.server.gateway.breakConnections()
    await until(() => expect(news.told).toEqual(['broken', 'connected']))
    expect([set.server.gateway.identified, set.server.gateway.resumed]).toEqual([2, 1])
    expect(set.server.gateway.connected).toBe(1)
  })
})
