import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDrawing, type Drawing, type DrawingOptions } from '../../src/charts/drawing.ts'
import { drawCandles, NoPicture } from '../../src/charts/index.ts'

const thread = new URL('trying-thread.ts', import.meta.url)
const chart = (title: string) => ({ title, times: [], timeZone: 'UTC', panels: [] })

let drawing: Drawing
const open = (options: DrawingOptions = {}) => {
  drawing = createDrawing({ thread, ...options })
}
const drawn = async (title: string) => new TextDecoder().decode(await drawing.draw(chart(title)))
/** The reason why there is no picture. */
const missing = (title: string) =>
  drawing.draw(chart(title)).then(
    () => 'drawn',
    (cause) => (cause instanceof NoPicture ? cause.because : cause),
  )

beforeEach(() => open())
afterEach(() => drawing.rest())

describe('the thread that draws', () => {
  test('starts with the first picture, draws one after the other, and has no environment variables', async () => {
    process.env.SECRET = 'a secret'
    expect(drawing.isAwake).toBe(false)
    expect(await Promise.all(['a', 'b', 'c'].map(drawn))).toEqual(
      ['a', 'b', 'c'].map((title) => `${title} in no environment`),
    )
    expect(drawing.isAwake).toBe(true)
    delete process.env.SECRET
  })

  test('ends after a while without pictures, and starts again', async () => {
    open({ idleMs: 20 })
    await drawn('a')
    await vi.waitFor(() => expect(drawing.isAwake).toBe(false))
    expect(await drawn('b')).toMatch(/^b/)
  })

  test('ends at once when it is sent to rest, after it has drawn the requested pictures', async () => {
    const asked = Promise.all(['a', 'b'].map(drawn))
    await drawing.rest()
    expect(drawing.isAwake).toBe(false)
    expect(await asked).toHaveLength(2)
    expect(await drawn('c')).toMatch(/^c/)
  })

  test.each([
    ['ends by itself', 'end'],
    ['throws', 'throw'],
    ['takes more memory than it may have', 'eat'],
  ])('that %s costs its picture, and no other', async (_, title) => {
    open({ heapMb: 24 })
    const [before, dead, after] = await Promise.all([drawn('a'), missing(title), drawn('b')])
    expect(dead).toBe('died')
    expect([before, after]).toEqual(['a in no environment', 'b in no environment'])
  })

  test('is ended when a picture takes too long, and pictures that waited too long behind it are given up', async () => {
    open({ longestMs: 300 })
    expect(await Promise.all([missing('hang'), missing('a')])).toEqual(['late', 'late'])
    open({ longestMs: 20_000 })
    expect(await drawn('b')).toMatch(/^b/)
  })

  test('refuses a picture at once when too many wait', async () => {
    open({ mostWaiting: 2 })
    const asked = ['a', 'b', 'c', 'd', 'e'].map(missing)
    expect(await Promise.race([asked[3], asked[4]])).toBe('busy')
    expect(await Promise.all(asked)).toEqual(['drawn', 'drawn', 'drawn', 'busy', 'busy'])
  })

  test('does not get a chart that cannot be sent to a thread, and its caller gets an error', async () => {
    await expect(drawing.draw({ ...chart('a'), timeZone: (() => '') as never })).rejects.toThrow('could not be cloned')
    expect(await drawn('b')).toMatch(/^b/)
  })

  test('reports the reason when it cannot draw', async () => {
    await expect(
      drawCandles({ title: 'x', times: [new Date()], timeZone: 'Mars/Olympus', candles: [] }),
    ).rejects.toThrow('Invalid time zone specified: Mars/Olympus')
  })
})
