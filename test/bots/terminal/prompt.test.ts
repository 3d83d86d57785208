import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasPseudoTerminal, type Keyboard, openKeyboard } from './pty.ts'

const keys = { enter: '\r', left: '\u001b[D', up: '\u001b[A', tab: '\t', ctrlC: '\u0003', ctrlD: '\u0004' }

let folder: string
let historyFile: string
const open = new Set<Keyboard>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskhand-prompt-'))
  historyFile = join(folder, 'kept', 'history')
})

afterEach(() => {
  for (const keyboard of open) keyboard.process.kill('SIGKILL')
  open.clear()
  rmSync(folder, { recursive: true })
})

/** A person at an empty prompt. */
async function sitDown(more: Record<string, string> = {}): Promise<Keyboard> {
  const keyboard = openKeyboard({ HISTORY_FILE: historyFile, ...more })
  open.add(keyboard)
  await expect.poll(keyboard.screen).toEqual(['>'])
  return keyboard
}

describe.skipIf(!hasPseudoTerminal)('on a real pseudo-terminal (of util-linux `script`)', () => {
  test('a line is answered below it, and the prompt is there again', async () => {
    const keyboard = await sitDown()
    keyboard.type(`hello${keys.enter}`)
    await expect.poll(keyboard.screen).toEqual(['> hello', 'heard "hello" of 5, 1 at once', '', '>'])
    expect(keyboard.atCursor()).toBe('> ')
  })

  test('somebody new is told what to try, first and below an answer, and loses nothing that they type', async () => {
    const keyboard = openKeyboard({ WELCOME: 'try this' })
    open.add(keyboard)
    keyboard.type(`step${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('try this')
    await expect.poll(() => keyboard.screen().join('\n')).toContain('a step\nthe next one\n\n>')
  })

  test('an empty line is not a message', async () => {
    const keyboard = await sitDown()
    keyboard.type(`${keys.enter}  ${keys.enter}x${keys.enter}`)
    await expect.poll(keyboard.screen).toEqual(['>', '>', '> x', 'heard "x" of 1, 1 at once', '', '>'])
  })

  test('replies that arrive while someone types leave the line and the cursor where they were', async () => {
    const keyboard = await sitDown()
    keyboard.type(`job 3${keys.enter}scalout${keys.left.repeat(3)}`)
    const replies = ['> job 3', 'started', '', 'chunk 1/3', '', 'chunk 2/3', '', 'chunk 3/3', '']
    await expect.poll(keyboard.screen).toEqual([...replies, '> scalout'])
    expect(keyboard.atCursor()).toBe('> scal')
    keyboard.type(`e${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('heard "scaleout" of 8, 1 at once')
  })

  test('a line that is longer than the screen is wide survives replies too', async () => {
    const keyboard = await sitDown()
    const long = Array.from({ length: 30 }, (_, i) => String(i).padStart(3, '0')).join('')
    keyboard.type(`job 3${keys.enter}${long}${keys.left.repeat(45)}`)
    const drawn = ['> job 3', 'started', '', 'chunk 1/3', '', 'chunk 2/3', '', 'chunk 3/3', '']
    const wrapped = `> ${long}`.match(/.{1,40}/g)!
    await expect.poll(keyboard.screen).toEqual([...drawn, ...wrapped])
    expect(keyboard.atCursor()).toBe(wrapped[1]!.slice(0, 7))
    keyboard.type(`!${keys.enter}`)
    await expect.poll(() => keyboard.screen().join('')).toContain(`of 91, 1 at once`)
  })

  test('tab completes commands, and symbols in whatever case they were begun', async () => {
    const keyboard = await sitDown()
    keyboard.type(`sc${keys.tab}`)
    await expect.poll(keyboard.atCursor).toBe('> scaleout ')
    keyboard.type(`b${keys.tab}`)
    await expect.poll(keyboard.atCursor).toBe('> scaleout BYND ')
    keyboard.type(`$nv${keys.tab}`)
    await expect.poll(keyboard.atCursor).toBe('> scaleout BYND $NVDA ')
  })

  test('Ctrl-C clears what was typed, and ends on an empty line', async () => {
    const keyboard = await sitDown()
    keyboard.type(`sell everything${keys.left.repeat(5)}`)
    await expect.poll(keyboard.atCursor).toBe('> sell every')
    keyboard.type(keys.ctrlC)
    await expect.poll(keyboard.screen).toEqual(['>'])
    keyboard.type(keys.ctrlC)
    expect(await keyboard.ended).toBe(0)
    expect(keyboard.screen()).toEqual(['{"told":[]}'])
  })

  test.each([
    ['Ctrl-D', keys.ctrlD],
    ['exit', `exit${keys.enter}`],
    ['quit', `Quit ${keys.enter}`],
  ])('%s ends', async (_, typed) => {
    const keyboard = await sitDown()
    keyboard.type(typed)
    expect(await keyboard.ended).toBe(0)
  })

  test('exit leaves with a position open only when it is said twice, because it may mean to close', async () => {
    const keyboard = await sitDown({ HOLDS: 'yes' })
    keyboard.type(`exit${keys.enter}`)
    await expect.poll(() => keyboard.screen().join(' ')).toContain('`exit` could mean to close')
    keyboard.type(`pl${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('heard "pl" of 2, 1 at once')
    keyboard.type(`exit${keys.enter}`)
    await expect.poll(() => keyboard.screen().join(' ').split('could mean').length).toBe(3)
    keyboard.type(`exit${keys.enter}`)
    expect(await keyboard.ended).toBe(0)
  })

  test('a person who leaves while a scaleout runs hears that it goes on', async () => {
    const keyboard = await sitDown()
    keyboard.type(`endless${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('started')
    keyboard.type(keys.ctrlD)
    expect(await keyboard.ended).toBe(0)
    expect(keyboard.screen().join('')).toContain('What is still running goes on when the desk is next started.')
    expect(keyboard.screen().join('')).not.toContain('one rests')
  })

  test('a person who leaves while a scaleout runs and other work waits hears of both', async () => {
    const keyboard = await sitDown()
    keyboard.type(`rest${keys.enter}endless${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('started')
    keyboard.type(keys.ctrlD)
    expect(await keyboard.ended).toBe(0)
    expect(keyboard.screen().join('')).toContain('goes on when the desk is next started.')
    expect(keyboard.screen().join('')).toContain('one rests')
  })

  test('a person who leaves while work waits for the next start hears so', async () => {
    const keyboard = await sitDown()
    keyboard.type(`rest${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('rests')
    keyboard.type(keys.ctrlD)
    expect(await keyboard.ended).toBe(0)
    expect(keyboard.screen().join('')).toContain('one rests')
  })

  test('typed lines can be recalled after a restart, and only their owner can read the file', async () => {
    const first = await sitDown()
    first.type(`pl${keys.enter}scaleout fast${keys.enter}`)
    await expect.poll(first.screen).toContain('heard "scaleout fast" of 13, 1 at once')
    first.type(keys.ctrlD)
    await first.ended
    expect(readFileSync(historyFile, 'utf8')).toBe('pl\nscaleout fast\n')
    expect(statSync(historyFile).mode & 0o777).toBe(0o600)

    const second = await sitDown()
    second.type(keys.up)
    await expect.poll(second.atCursor).toBe('> scaleout fast')
    second.type(keys.up)
    await expect.poll(second.atCursor).toBe('> pl')
  })

  test('a history that cannot be written does not stop the prompt', async () => {
    writeFileSync(join(folder, 'kept'), 'a file where a folder should be')
    const keyboard = await sitDown()
    keyboard.type(`hello${keys.enter}`)
    await expect.poll(keyboard.screen).toContain('heard "hello" of 5, 1 at once')
  })
})
