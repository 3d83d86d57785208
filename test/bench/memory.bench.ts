// Memory of the process with all roles, at rest, without Postgres and Redis: with the terminal, and with Discord and Slack
// connected to local ones.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from '../../src/setup/folders.mjs'
import { deskCommand } from '../../src/setup/packages.mjs'
import { startDiscordServer } from '../platforms/discord-server.ts'
import { startSlackServer } from '../platforms/slack-server.ts'
import { benchDatabase } from './database.ts'
import { report } from './figures.ts'

/** Looks at rest, one a second; the largest counts. */
const looks = 15

// As `npm start` runs it: Node keeps code that an earlier start compiled.
await measure('idle memory, all roles, terminal', {}, /^> pl/m, 'unreported')
await measure('idle memory, all roles, terminal', {}, /^> pl/m, 150)

const discord = await startDiscordServer()
const slack = await startSlackServer()
const platforms = {
  DISCORD_TOKEN: discord.token,
  DISCORD_API: discord.api,
  SLACK_BOT_TOKEN: slack.world.botToken,
  SLACK_APP_TOKEN: slack.world.appToken,
  SLACK_API: slack.api,
}
await measure('idle memory, all roles, Discord and Slack', platforms, /Slack: connected/, 'unreported')
await measure('idle memory, all roles, Discord and Slack', platforms, /Slack: connected/, 200)
await slack.close()
await discord.close()
process.exit()

async function measure(
  figure: string,
  environment: Record<string, string>,
  opened: RegExp,
  goal: number | 'unreported',
): Promise<void> {
  const database = await benchDatabase()
  const [program, ...args] = deskCommand()
  const desk = spawn(program, args, {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database.url, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const closed = once(desk, 'close')
  desk.stdin.write('long BYND 3750 @ .63\npl\n')
  await printed(desk, opened)
  const sizes: number[] = []
  for (let look = 0; look < (goal === 'unreported' ? 1 : looks); look++) {
    await wait(1000)
    sizes.push(residentMegabytes(desk.pid!))
  }
  const value = Math.max(...sizes)
  if (goal !== 'unreported')
    report({ figure, value, unit: 'MB', samples: looks, goal: `at most ${goal}`, holds: value <= goal })
  desk.kill('SIGTERM')
  await closed
  await database.drop()
}

/** Resolves when the process has printed a match; fails when it ends before. */
async function printed(child: ChildProcess, expected: RegExp): Promise<void> {
  let text = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (bytes) => {
        text += bytes
        if (expected.test(text)) resolve()
      })
    }
    child.once('close', () => reject(new Error(`The desk ended before it was open:\n${text}`)))
  })
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kilobytes) * 1024) / 1_000_000
}
