import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { blankPage, drawable } from '../../src/charts/canvas.ts'
import { drawCandles, looks } from '../../src/charts/index.ts'
import { page } from '../../src/charts/palette.ts'
import { days, walk } from './data.ts'
import { pictures } from './pictures.ts'
import { decoded, differences, ink, type Pixels } from './pixels.ts'

/** To write them again: `GOLDEN=write npm test -- test/charts/golden`; then look at each. */
const golden = (name: string) => fileURLToPath(new URL(`golden/${name}.png`, import.meta.url))

/** Processors round edges differently, by a level or two; a missing letter or line is hundreds of pixels. */
const mostDifferent = 60

const names = Object.keys(pictures)

describe.each(names)('the picture of %s', (name) => {
  let png: Uint8Array
  let drawn: Pixels

  beforeAll(async () => {
    png = await pictures[name]!()
    drawn = await decoded(png)
    if (process.env.GOLDEN === 'write') writeFileSync(golden(name), png)
  })

  test('is the golden one, pixel by pixel', async () => {
    expect(differences(drawn, await decoded(readFileSync(golden(name))))).toBeLessThan(mostDifferent)
  })

  test('has text in its title, at its right edge and under its time axis', () => {
    const { width, height } = page
    expect(drawn).toMatchObject({ width: width * 2, height: height * 2 })
    expect(ink(drawn, { x: 12, y: 10, width: 200, height: 24 })).toBeGreaterThan(800)
    expect(ink(drawn, { x: width - 60, y: 60, width: 58, height: 280 })).toBeGreaterThan(500)
    expect(ink(drawn, { x: 12, y: height - 22, width: 440, height: 20 })).toBeGreaterThan(400)
  })

  test('is of a size that a phone loads at once', () => {
    expect(png.length).toBeLessThan(150_000)
  })
})

test('every golden picture is still drawn', () => {
  const kept = readdirSync(fileURLToPath(new URL('golden', import.meta.url)))
  expect(kept.sort()).toEqual(names.map((name) => `${name}.png`).sort())
})

test('a picture is the same every time, and changes with a value', async () => {
  const candles = walk(40)
  const drawWith = (stop: number) =>
    drawCandles({
      title: 'X',
      times: days(40),
      timeZone: 'UTC',
      candles,
      levels: [{ ...looks.stop, value: stop, text: `$${stop}` }],
    })
  const [one, same, other] = await Promise.all([drawWith(0.99), drawWith(0.99), drawWith(0.98)])
  expect(Buffer.compare(Buffer.from(one), Buffer.from(same))).toBe(0)
  expect(differences(await decoded(one), await decoded(other))).toBeGreaterThan(500)
})

describe('on a machine without fonts', () => {
  test("the desk's own font is the only one", async () => {
    await blankPage()
    const { GlobalFonts } = await import('@napi-rs/canvas')
    expect(GlobalFonts.families.map(({ family }) => family).sort()).toEqual([
      'Desk Plain',
      'Desk Strong',
      'IBM Plex Sans',
    ])
  })

  test('every character that is drawn has a glyph of its own', async () => {
    await blankPage()
    const { createCanvas } = await import('@napi-rs/canvas')
    const look = (character: string) => {
      const pen = createCanvas(40, 40).getContext('2d')
      pen.font = '24px "Desk Plain"'
      pen.fillText(character, 6, 28)
      return Buffer.from(pen.getImageData(0, 0, 40, 40).data).toString('base64')
    }
    const [blank, unknown] = [look(' '), look('\ue000')]
    const all = Array.from({ length: 0x2300 }, (_, code) => String.fromCodePoint(code))
    const shown = all.filter((character) => drawable(character) === character && character !== '')
    expect(shown.length).toBeGreaterThan(190)
    expect(shown.filter((character) => [blank, unknown].includes(look(character)))).toEqual([])
  })

  test('emoji and other scripts are left out of texts', () => {
    expect(drawable('🚀 BYND 日本 to the moon 🌕!')).toBe('BYND to the moon !')
    expect(drawable('−3.10 · ↑ 5 – “ok”…')).toBe('−3.10 · ↑ 5 – “ok”…')
  })
})
