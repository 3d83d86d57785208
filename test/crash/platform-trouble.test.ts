import { expect, test } from 'vitest'
import { exactLook } from '../contracts/exact-look.ts'
import type { Fault } from '../platforms/discord-state.ts'
import type { Failure } from '../platforms/slack-server.ts'
import { discordPlatform, slackPlatform } from './platforms.ts'
import { type Round, roundsIn } from './rounds.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 240_000 }

const onDiscord = roundsIn(async (whenOver) => openScene(await discordPlatform(), { whenOver }))
const onSlack = roundsIn(async (whenOver) => openScene(await slackPlatform(), { whenOver }))

async function endsWell(round: Round): Promise<void> {
  await round.sees(/^🎉/, 45_000)
  await round.comesToRest()
  await round.expectSoldOnce(3750)
  await round.expectOneOrderAChunk()
  exactLook.expectScaleout(round.platform.seen(), 'FAST (1-3 minutes)', 'alice')
}

const posts = { method: 'POST', path: /\/messages$/ }
const edits = { method: 'PATCH', path: /\/messages\// }

test.each<[string, Fault[]]>([
  ['asks to wait, again and again', [{ ...posts, with: 429, times: 3, retryAfterSeconds: 0.3 }]],
  ['answers with errors for longer than its client tries', [{ ...posts, with: 500, times: 9 }]],
  ['takes messages and breaks the connection', [{ ...posts, with: 'lost', times: 5 }]],
  ['breaks the connection', [{ ...posts, with: 'refused', times: 5 }]],
  [
    'takes no edits',
    [
      { ...edits, with: 500, times: 9 },
      { ...edits, with: 'lost', times: 2 },
      { ...edits, with: 429, times: 1, retryAfterSeconds: 0.5 },
    ],
  ],
])('on a Discord that %s, every fill is told once and in order', patience, async (_, faults) => {
  const round = await onDiscord()
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await round.ask('scaleout fast', /^🔄/)
  for (const fault of faults) round.platform.server.fail(fault)
  await endsWell(round)
  expect(faults.map(({ times }) => times)).toEqual(faults.map(() => 0))
})

test.each<[string, Failure[]]>([
  [
    'asks to wait, again and again',
    [
      { status: 429, retryAfter: 1 },
      { status: 429, retryAfter: 1 },
    ],
  ],
  ['answers with errors', [{ status: 500 }, 'none', { status: 503 }, { error: 'internal_error' }]],
  ['takes messages and breaks the connection', ['dropped', 'none', 'dropped', 'dropped']],
  ['breaks the connection', ['lost', 'none', 'lost']],
])('on a Slack that %s, every fill is told once and in order', patience, async (_, failures) => {
  const round = await onSlack()
  const { server } = round.platform
  await round.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await round.ask('scaleout fast', /^🔄/)
  const before = server.calls.filter(({ method }) => method === 'chat.postMessage').length
  server.fail('chat.postMessage', ...failures)
  await endsWell(round)
  const calls = server.calls.filter(({ method }) => method === 'chat.postMessage').length - before
  expect(calls).toBeGreaterThan(failures.length)
})
