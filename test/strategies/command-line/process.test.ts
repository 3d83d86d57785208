import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root } from '../../../src/setup/folders.mjs'
import { madeBars, madeFolder, sessionsFrom } from '../made-bars.ts'

const days = sessionsFrom('2015-01-02', 270)
const many = madeFolder(Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`S${at}`, madeBars(days, at)])))

/** `npm run -s screen -- …`, typed in the folder above the bars. */
function started(...args: string[]) {
  const { MARKET, npm_lifecycle_event, ...env } = process.env
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'src/setup/screen.mjs'), ...args], {
    ...{ stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' },
    env: { ...env, INIT_CWD: path.dirname(many) },
  })
  let noted = ''
  child.stderr!.on('data', (chunk) => {
    noted += chunk
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended, noted: () => noted }
}

test('a program gets nothing but JSON, from a folder relative to where it was typed', async () => {
  const { child, ended, noted } = started('breakout', '--bars', 'made', '--json')
  let printed = ''
  child.stdout!.on('data', (chunk) => {
    printed += chunk
  })
  expect(await ended, noted()).toBe(0)
  expect(JSON.parse(printed)).toMatchObject({ strategy: 'bullish_breakout', bars: 'replay:made' })
  expect(noted()).toMatch(/^\d+ of 150 symbols passed/)
})

test('Ctrl-C says how far it got, and ends with 130', async () => {
  const { child, ended, noted } = started('breakout', '--bars', 'made', '--progress', 'json')
  const chunks: string[] = []
  const out = child.stdout!.setEncoding('utf8')
  // The first step is told before the folder is read. The others are more than a pipe holds, so it waits in the middle until they are read.
  for (let read = 0; read < 2; read++) chunks.push(...((await once(out, 'data')) as [string]))
  out.pause()
  child.kill('SIGINT')
  out.on('data', (chunk: string) => chunks.push(chunk))
  expect(await ended).toBe(130)
  expect(noted()).toMatch(/Interrupted (before any score, at|after) \d+ of 150 symbols.*Nothing was kept/)
  const printed = chunks.join('')
  expect(printed).toContain('"event_type":"cancelled"')
  expect(printed).not.toContain('"event_type":"completed"')
})
