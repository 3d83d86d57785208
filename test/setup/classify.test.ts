import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { migrate } from '../../src/infra/db/migrator.ts'
import { root, scratchFolder } from '../../src/setup/folders.mjs'
import { freshDatabase } from '../support/database.ts'
import { aDesk, processesAt } from './a-desk.ts'

/** `npm run -s classify` with its data in a folder of its own. */
function classifyIn(folder: string, databaseUrl?: string) {
  const script = `
    import { begin } from '${join(root, 'src/setup/begin.mjs')}'
    import { classifyLines } from '${join(root, 'src/setup/classify-lines.mjs')}'
    const [folder] = process.argv.slice(1)
    await begin((stops) => classifyLines({ folder, ...stops }))`
  const { DATABASE_URL, REDIS_URL, ...env } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env, ...(databaseUrl && { DATABASE_URL: databaseUrl }) },
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended, errors: () => errors }
}

async function run(input: string | Buffer, folder: string, databaseUrl?: string) {
  const { child, ended, errors } = classifyIn(folder, databaseUrl)
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stdin.end(input)
  const code = await ended
  expect(code, errors()).toBe(0)
  return printed
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function newFolder(): string {
  const folder = scratchFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function database(): Promise<string> {
  const fresh = await freshDatabase()
  onTestFinished(() => fresh.drop())
  return fresh.url
}

describe('npm run -s classify', () => {
  test('prints an object for every line, in order, whatever its content, and nothing else', async () => {
    const lines = [
      'sell half of bynd',
      '',
      '   ',
      "don't close it yet",
      '{"a":1}',
      'x'.repeat(20_000),
      '\u2028vwap amd',
    ]
    const printed = await run(`${lines.join('\n')}\nscaleout bynd fast`, newFolder(), await database())
    expect(printed.map((line) => line.text)).toEqual([...lines, 'scaleout bynd fast'])
    for (const line of printed)
      expect(Object.keys(line)).toEqual(['text', 'layer', 'command', 'params', 'confidence', 'acts'])
    expect(printed[0]).toEqual({
      text: 'sell half of bynd',
      layer: 'command',
      command: 'sell',
      params: { symbol: 'BYND', fraction: '0.5' },
      confidence: 1,
      acts: true,
    })
    expect(printed[3]).toMatchObject({ layer: 'none', command: 'none', params: {}, acts: false })
    expect(printed[6]).toMatchObject({ layer: 'indicator', command: 'vwap', params: { symbol: 'AMD' } })
  })

  test('accepts bytes that are no text, and both kinds of line ends', async () => {
    const broken = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0x0a]), Buffer.from('pl\r\nclose now\r\n')])
    const printed = await run(broken, newFolder(), await database())
    expect(printed.map((line) => line.command)).toEqual(['none', 'pl', 'close'])
    expect(printed[2]!.text).toBe('close now')
  })

  test("knows the owners' words", async () => {
    const url = await database()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query("insert into trade_command_aliases (alias, command, words) values ('puke', 'close', 'now')")
    await client.end()
    expect(await run('puke bynd\n', newFolder(), url)).toMatchObject([
      { command: 'close', params: { symbol: 'BYND' }, acts: true },
    ])
  })

  test('is quiet when its output is closed', async () => {
    const { child, ended, errors } = classifyIn(newFolder(), await database())
    child.stdin.on('error', () => {})
    child.stdin.write('pl\n'.repeat(20_000))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.stdout.destroy()
    child.stdin.end()
    expect(await ended).toBe(0)
    expect(errors()).toBe('')
  })
})

describe.runIf(process.platform === 'linux')('without a named database', () => {
  test('it has one of its own for as long as it reads the words, and leaves nothing running', async () => {
    const folder = newFolder()
    const { child, ended } = classifyIn(folder)
    child.stdin.write('pl\n')
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await vi.waitFor(() => expect(processesAt(folder).filter((one) => one.includes('postgres'))).toEqual([]), {
      interval: 50,
    })
    child.stdin.end()
    expect(await ended).toBe(0)
    expect(processesAt(folder)).toEqual([])
    // Again with the same data.
    expect(await run('vwap bynd\n', folder)).toMatchObject([{ layer: 'indicator' }])
  })

  test('it reads those of the desk that runs in the folder, which goes on', async () => {
    const folder = newFolder()
    const desk = aDesk(folder, "setInterval(() => {}, 1000); console.log('open ' + process.env.DATABASE_URL);")
    await vi.waitFor(() => expect(desk.printed()).toContain('open '), { timeout: 60_000, interval: 20 })
    await migrate(desk.printed().match(/open (\S+)/)![1]!)
    expect(await run('scaleout\n', folder)).toMatchObject([{ command: 'scaleout', acts: false }])
    expect(desk.process.exitCode).toBeNull()
    desk.process.kill('SIGTERM')
    await desk.ended
    expect(processesAt(folder)).toEqual([])
  })
})
