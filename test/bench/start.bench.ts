// `npm start` in a folder that is set up, to the first prompt. It runs a copy of the project beside its own packages, so that
// the data of the real desk stay untouched.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { home, makePassable, root, scratchFolder } from '../../src/setup/folders.mjs'
import { percentile, report } from './figures.ts'

const goal = 3
const starts = 10

const folder = scratchFolder(makePassable(home))
for (const name of ['src', 'bots', 'jobs', 'migrations', 'package.json', 'package-lock.json']) {
  cpSync(join(root, name), join(folder, name), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
const fetched = join(home, 'redis-dist')
if (existsSync(fetched)) {
  makePassable(join(folder, '.deskhand'))
  symlinkSync(fetched, join(folder, '.deskhand/redis-dist'))
}
mkdirSync(join(folder, '.deskhand'), { recursive: true })

await secondsToPrompt()
const seconds: number[] = []
for (let start = 0; start < starts; start++) seconds.push(await secondsToPrompt())
rmSync(folder, { recursive: true, force: true })

for (const [name, share] of [
  ['p50', 0.5],
  ['slowest', 1],
] as const) {
  const value = percentile(seconds, share)
  report({
    figure: `warm start, npm start to the first prompt, ${name}`,
    value,
    unit: 's',
    samples: starts,
    goal: `at most ${goal}`,
    holds: value <= goal,
  })
}
process.exit()

/** Starts and stops the desk once; returns the seconds until it reads input. */
async function secondsToPrompt(): Promise<number> {
  const { DATABASE_URL, REDIS_URL, LOG_FILE, npm_lifecycle_event, ...env } = process.env
  const began = performance.now()
  const desk = spawn('npm', ['start'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = once(desk, 'close')
  // On a pipe the desk echoes a line when its turn comes, which is when a terminal would show the prompt.
  desk.stdin.write('help\n')
  const seconds = await new Promise<number>((resolve, reject) => {
    let text = ''
    const note = (bytes: Buffer) => {
      text += bytes
      if (/^> help/m.test(text)) resolve((performance.now() - began) / 1000)
    }
    desk.stdout.on('data', note)
    desk.stderr.on('data', note)
    desk.once('close', () => reject(new Error(`The desk did not start:\n${text}`)))
  })
  desk.stdin.end()
  desk.stdout.resume()
  await closed
  return seconds
}
