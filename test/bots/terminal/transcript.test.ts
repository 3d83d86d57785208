import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'

const running = new Set<ChildProcessWithoutNullStreams>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

function open(): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [`${import.meta.dirname}/process.ts`], {
    env: { ...process.env, WELCOME: 'try this' },
  })
  running.add(child)
  return child
}

/** Runs a door on `input`, and returns its output and the end of its process. */
async function converse(input: string | Buffer) {
  const child = open()
  child.stdin.end(input)
  const [out, notes, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, notes, code }
}

test('a pipe gets neither a greeting nor hints', async () => {
  expect((await converse('step')).out).toBe('> step\na step\n\n')
})

test('a pipe is read one message a line, and the output is the transcript', async () => {
  const { out, code } = await converse('one\n\n   \r\ntwo words\r\nlast without an end')
  expect(out).toBe(
    [
      '> one',
      'heard "one" of 3, 1 at once',
      '',
      '> two words',
      'heard "two words" of 9, 1 at once',
      '',
      '> last without an end',
      'heard "last without an end" of 19, 1 at once',
      '',
      '',
    ].join('\n'),
  )
  expect(code).toBe(0)
})

test('messages are heard strictly one after the other', async () => {
  const { out } = await converse(Array.from({ length: 20 }, (_, i) => `message ${i}\n`).join(''))
  const order = [...out.matchAll(/^(?:> |heard ")message (\d+)/gm)].map(([, number]) => Number(number))
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => [i, i]).flat())
  expect(out).not.toMatch(/[2-9] at once/)
})

test('after the last line it stays until all work has ended and every reply is out', async () => {
  const { out, code } = await converse('job 3\n')
  expect(out).toBe('> job 3\nstarted\n\nchunk 1/3\n\nchunk 2/3\n\nchunk 3/3\n\n')
  expect(code).toBe(0)
})

test('work that is left for the next start is named last, when nothing runs any more', async () => {
  const { out, code } = await converse('rest\njob 1\n')
  expect(out).toBe('> rest\nrests\n\n> job 1\nstarted\n\nchunk 1/1\n\none rests\n\n')
  expect(code).toBe(0)
})

test('the word exit ends the reading, but not the running work', async () => {
  const { out } = await converse('job 2\nexit\nnever heard\n')
  expect(out).toBe('> job 2\nstarted\n\n> exit\nchunk 1/2\n\nchunk 2/2\n\n')
})

test('a reply of two megabytes reaches a slow reader in full', async () => {
  const child = open()
  child.stdin.end('big 2000000\n')
  await once(child.stdout, 'readable')
  let out = ''
  for await (const chunk of child.stdout) {
    out += chunk
    await new Promise(setImmediate)
  }
  expect(out).toBe(`> big 2000000\n${'x'.repeat(2_000_000)}END\n\n`)
})

test('a line of a million characters is cut off and answered, and the next one is heard whole', async () => {
  const { out, code } = await converse(`${'a'.repeat(1_000_000)}\nnext\n`)
  expect(out).toMatch(/heard "a{80}" of 100000, 1 at once\n\n> next\nheard "next" of 4/)
  expect(code).toBe(0)
})

test('bytes that are not UTF-8 are heard as replacement characters', async () => {
  const { out, code } = await converse(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a, 0x62, 0x0a, 0xe2, 0x82]))
  expect(out).toContain('heard "a\ufffd\ufffd(" of 4')
  expect(out).toContain('heard "b" of 1')
  expect(out).toContain('heard "\ufffd" of 1')
  expect(code).toBe(0)
})

test('a character that is split between two writes is heard whole', async () => {
  const child = open()
  const euro = Buffer.from('€\n')
  child.stdin.write(euro.subarray(0, 1))
  await new Promise(setImmediate)
  child.stdin.end(euro.subarray(1))
  expect(await text(child.stdout)).toContain('heard "€" of 1')
})

test('a terminal obeys nothing in a reply or in the echo of a line', async () => {
  const { out } = await converse('escape\nmine \u001b[31m\u0007\n')
  expect(out).toContain('> mine \ufffd[31m\ufffd\n')
  expect(out).toContain('\ufffd[2J\ufffd]0;owned\ufffd\ufffd31mred\nnext \ufffdtxet\ttab\n\n')
  expect([...out].filter((character) => character < ' ' && character !== '\n' && character !== '\t')).toEqual([])
})

test('a message that makes the desk fail gets an error line, and the next one is answered', async () => {
  const { out, notes, code } = await converse('broken\nnext\n')
  expect(out).toContain('> broken\n⚠️ Something went wrong here. The log says what.\n\n> next\nheard "next"')
  expect(notes).toContain('the desk broke')
  expect(code).toBe(0)
})

test('the desk hears of each reply of the outbox once it is out', async () => {
  const { out, notes } = await converse('row 7\nnothing\nrow 8\n')
  expect(out).toBe('> row 7\nsaid 7\n\n> nothing\n> row 8\nsaid 8\n\n')
  expect(notes).toBe('{"told":["delivered 7","delivered 8"]}\n')
})

test('a reader that goes away ends it quietly, and unseen replies stay in the outbox', async () => {
  const child = open()
  child.stdin.write('one\n')
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stdin.on('error', () => {})
  child.stdin.write('row 7\nrow 8\nendless\n')
  const [notes, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect(code).toBe(0)
  expect(notes).not.toMatch(/error|EPIPE|"level":50/i)
  expect(notes).not.toContain('"delivered')
})

test('closing it ends the reading and does not wait for running work', async () => {
  const child = open()
  child.stdin.write('endless\n')
  await expect.poll(() => child.stdout.read()?.toString() ?? '').toContain('started')
  child.kill('SIGTERM')
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
})
