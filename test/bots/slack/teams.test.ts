import { describe, expect, test, vi } from 'vitest'
import { type From, teamOf } from '../../../bots/slack/teams.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { type Mode, modes, type OpenDoor, openDoor } from './slack-door.ts'

const asked: Reply = {
  text: 'Which?',
  question: {
    id: 'q1',
    name: 'speed',
    kind: 'choice',
    title: 'Which?',
    choices: [
      { value: 'fast', label: 'FAST' },
      { value: 'slow', label: 'SLOW' },
    ],
  },
}
const asksForNumber: Reply = {
  text: 'At?',
  question: { id: 'q2', name: 'price', kind: 'number', title: 'At?', choices: [] },
}

/** Sends a message, a mention, a press and a form, and returns the authors that the desk heard, in order. */
async function authorsOf(
  mode: Mode,
  user: string,
  { from, organization }: { from?: { team: string; organization?: string }; organization?: string } = {},
): Promise<string[]> {
  const replies = [[], [], [asked], [asksForNumber], []] as Reply[][]
  const open: OpenDoor = await openDoor(mode, () => replies.shift() ?? [], undefined, organization)
  const { slack, desk, channel, thread, posted } = open
  slack.world.addUser(user, 'Eve', from)
  channel.members.push(user)
  const root = thread()
  const heard = (count: number) => vi.waitFor(() => expect(desk.heard).toHaveLength(count))
  await slack.people.say(user, channel.id, 'positions', { thread: root })
  await heard(1)
  await slack.people.say(user, channel.id, '<@U0DESKHAND> pl')
  await heard(2)
  await slack.people.say(user, channel.id, 'scaleout', { thread: root })
  await heard(3)
  await vi.waitFor(() => expect(posted().length).toBe(1))
  await slack.people.press(user, posted()[0]!, 'FAST')
  await heard(4)
  await vi.waitFor(() => expect(posted().length).toBe(2))
  await slack.people.press(user, posted()[1]!, 'At?')
  await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
  await slack.people.submit(user, '1.05')
  await heard(5)
  expect(new Set(desk.heard.map(({ place }) => place.workspace))).toEqual(new Set(['T0DESK']))
  return desk.heard.map(({ author }) => author.id)
}

describe.each(modes)('over %s, a person in Slack', (mode) => {
  test('has the same team in everything they do, and a person of another workspace has another one', async () => {
    const eve = await authorsOf(mode, 'U0EVE', { from: { team: 'T0OTHER' } })
    expect(eve).toEqual(Array(5).fill('slack:T0OTHER:U0EVE'))
    expect(await authorsOf(mode, 'U0EVE')).toEqual(Array(5).fill('slack:T0DESK:U0EVE'))
  })

  test('has their organization as team where Slack does not always name their workspace', async () => {
    const from = { team: 'T0OTHER', organization: 'E0OTHER' }
    expect(await authorsOf(mode, 'W0EVE', { from })).toEqual(Array(5).fill('slack:E0OTHER:W0EVE'))
    expect(await authorsOf(mode, 'W0EVE', { from, organization: 'E0DESK' })).toEqual(
      Array(5).fill('slack:E0OTHER:W0EVE'),
    )
  })

  test("has the desk's own team if they belong to the desk's organization", async () => {
    expect(await authorsOf(mode, 'U0EVE', { organization: 'E0DESK' })).toEqual(Array(5).fill('slack:T0DESK:U0EVE'))
    const sister = { team: 'T0SISTER', organization: 'E0DESK' }
    expect(await authorsOf(mode, 'W0EVE', { from: sister, organization: 'E0DESK' })).toEqual(
      Array(5).fill('slack:T0DESK:W0EVE'),
    )
  })
})

describe('the team of a person', () => {
  const self = { team: 'T1', userId: 'U1', botId: 'B1' }
  const inGrid = { ...self, organization: 'E1' }
  test.each<[From, string]>([
    [{}, 'T1'],
    [{ own: null, team: null }, 'T1'],
    [{ own: 'T1', team: 'T1' }, 'T1'],
    [{ own: 'T2', team: 'T1' }, 'T2'],
    // The organization is that of the workspace of the delivery.
    [{ own: 'T2', team: 'T1', organization: 'E9' }, 'T2'],
    [{ own: 'T2', team: 'T2', organization: 'E2' }, 'E2'],
    [{ own: 'E2', team: 'T1' }, 'E2'],
    // The delivery names no author, and another workspace than the desk's: the person belongs to that one.
    [{ team: 'T2' }, 'T2'],
    [{ team: 'T2', organization: 'E2' }, 'E2'],
  ])('said to be %j is %s', (from, team) => {
    expect(teamOf(from, self)).toBe(team)
    expect(teamOf(from, inGrid)).toBe(team)
  })

  test('is the team of the desk within its organization', () => {
    expect(teamOf({ own: 'E1', team: 'T1' }, inGrid)).toBe('T1')
    expect(teamOf({ own: 'T9', team: 'T9', organization: 'E1' }, inGrid)).toBe('T1')
    expect(teamOf({ own: 'E1', team: 'T1' }, self)).toBe('E1')
  })
})
