import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { countTests } from '../../src/setup/count.mjs'
import { home, makePassable, root, scratchFolder } from '../../src/setup/folders.mjs'

function runVitest(files: Record<string, string>) {
  const folder = scratchFolder(makePassable(home)) // below the project, so that the files find vitest
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const report = join(folder, 'report.json')
  const args = [
    'run',
    '--root',
    folder,
    '--dir',
    folder,

    '--reporter=json',
    `--outputFile=${report}`,
  ]
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args])
  return countTests(report, status ?? 1)
}

const begin = "import { test } from 'vitest'\n"

test('counts tests, with skipped ones only when there are some', () => {
  expect(runVitest({ 'a.test.mjs': `${begin}test('a', () => {}); test('b', () => {})` })).toEqual({
    count: '2 passed, 0 failed',
    broken: [],
  })
  expect(
    runVitest({
      'a.test.mjs': `${begin}test('a', () => {}); test('b', () => { throw 1 }); test.skip('c', () => {}); test.todo('d')`,
    }),
  ).toEqual({ count: '1 passed, 1 failed, 2 skipped', broken: [] })
})

test('a file that cannot be loaded counts as a failure', () => {
  const files = { 'a.test.mjs': `${begin}test('a', () => {})`, 'b.test.mjs': "import './nowhere.mjs'" }
  expect(runVitest(files)).toEqual({ count: '1 passed, 1 failed', broken: [] })
})

test('an error outside of the tests is reported, and so is a run that never ended', () => {
  const stray = `${begin}test('a', () => { Promise.reject(new Error('stray')) })`
  expect(runVitest({ 'a.test.mjs': stray }).broken).toEqual(['Vitest found an error outside of the tests, see above.'])
  expect(countTests('/nowhere.json', 1).broken).toEqual(['Vitest did not come to an end.'])
})
