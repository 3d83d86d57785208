import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openGallery } from '../../../bots/terminal/gallery.ts'
import { startTerminal } from '../../../bots/terminal/index.ts'
import { sparkline } from '../../../bots/terminal/sparkline.ts'
import type { HearingDesk } from '../../../src/talk/chat/door.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import fc from '../../support/fast-check.ts'

const log = pino({ level: 'silent' })
const png = Buffer.from('iVBORw0KGgo=', 'base64')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gallery-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a sparkline', () => {
  test('shows the course of values in blocks', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 20)).toBe('▁▂▃▄▅▆▇█')
    expect(sparkline([3, 1, 3], 20)).toBe('█▁█')
    expect(sparkline([5, 5, 5], 20)).toBe('▄▄▄')
    for (const price of [0.1, 0.7, 1.01, 118.37]) expect(sparkline(Array(121).fill(price), 60)).toBe('▄'.repeat(60))
    expect(sparkline([], 20)).toBe('')
  })

  test('averages values when there are more than columns', () => {
    expect(sparkline([0, 2, 10, 12, 20, 22], 3)).toBe('▁▅█')
  })

  test('is never wider than there is room, and as wide as there are values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 120 }),
        (values, width) => {
          const line = sparkline(values, width)
          expect([...line].length).toBe(Math.min(values.length, width))
          expect(line).toMatch(/^[▁▂▃▄▅▆▇█]*$/)
        },
      ),
    )
  })
})

describe('a gallery', () => {
  test('keeps a picture for its owner only, under a name of its own', async () => {
    const gallery = openGallery(join(folder, 'pictures'), log)
    const [one, other] = [
      await gallery.keep({ name: 'bynd-1d.png', alt: '', png }),
      await gallery.keep({ name: 'bynd-1d.png', alt: '', png }),
    ]
    expect(one).toMatch(/\/pictures\/bynd-1d-[0-9a-f]{8}\.png$/)
    expect(other).not.toBe(one)
    expect(readFileSync(one)).toEqual(png)
    expect(statSync(one).mode & 0o777).toBe(0o600)
  })

  test('deletes its pictures after a day, and nothing else', async () => {
    const gallery = openGallery(folder, log)
    const old = await gallery.keep({ name: 'old.png', alt: '', png })
    const young = await gallery.keep({ name: 'young.png', alt: '', png })
    const foreign = join(folder, 'holiday.png')
    writeFileSync(foreign, 'mine')
    const yesterday = new Date(Date.now() - 25 * 3_600_000)
    for (const path of [old, foreign]) utimesSync(path, yesterday, yesterday)
    await gallery.keep({ name: 'new.png', alt: '', png })
    expect([old, young, foreign].map((path) => existsSync(path))).toEqual([false, true, true])
  })

  test('writes no file outside its folder, whatever the name', async () => {
    const gallery = openGallery(folder, log)
    const path = await gallery.keep({ name: '../../BRK.B / 1d.png', alt: '', png })
    expect(readdirSync(folder)).toEqual([path.slice(folder.length + 1)])
  })
})

describe('a reply with a picture', () => {
  const said = async (reply: Reply, options: { columns?: number; pictureFolder?: string } = {}) => {
    let output = ''
    const paper = Object.assign(
      new Writable({
        write: (chunk, _, done) => {
          output += String(chunk)
          done()
        },
      }),
      { columns: options.columns },
    )
    const input = new PassThrough()
    const desk = { hear: async () => [reply], commands: () => [], symbols: () => [] } as unknown as HearingDesk
    const door = await startTerminal({
      desk,
      input,
      output: paper,
      idle: async () => {},
      left: async () => undefined,
      log,
      pictureFolder: options.pictureFolder ?? folder,
    })
    input.end('chart BYND\n')
    await door.done
    await door.close()
    return output
  }
  const course = Array.from({ length: 200 }, (_, index) => index)

  test('is its text, a sparkline and the path of the file', async () => {
    const output = await said({
      text: '📈 BYND 1d',
      pictures: [{ name: 'bynd-1d.png', alt: 'Candles', png, course: [1, 2, 8] }],
    })
    const [, text, line, path] = output.split('\n')
    expect([text, line]).toEqual(['📈 BYND 1d', '▁▂█'])
    expect(path).toMatch(/^🖼️ .*\/bynd-1d-[0-9a-f]{8}\.png$/)
    expect(readFileSync(path!.slice('🖼️ '.length))).toEqual(png)
  })

  test('is no wider than the terminal', async () => {
    const widthIn = async (columns?: number) => {
      const output = await said({ text: 'x', pictures: [{ name: 'a.png', alt: '', png, course }] }, { columns })
      return [...output.split('\n')[2]!].length
    }
    expect([await widthIn(30), await widthIn(200), await widthIn()]).toEqual([29, 60, 60])
  })

  test('is its text and a sentence when the file cannot be saved', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const reply = { text: 'x', pictures: [{ name: 'a.png', alt: '', png }] }
    expect(await said(reply, { pictureFolder: join(file, 'no') })).toContain('x\n⚠️ The picture could not be saved.')
  })
})
