import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { contract } from '../../src/api/contract/index.ts'
import { type PathName, paths } from '../../src/web/state/paths.ts'

const names = Object.keys(paths) as PathName[]
const page = fileURLToPath(new URL('../../src/web', import.meta.url))

test.for(names)('the page asks for %s by the method and the path of the contract', (name) => {
  const { method, path } = contract[name]
  expect(paths[name]).toBe(`${method} ${path}`)
})

test('the page uses every route that it names', () => {
  const text = readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('paths.ts'))
    .map((file) => readFileSync(join(page, file), 'utf8'))
    .join('\n')
  expect(names.filter((name) => !text.includes(`'${name}'`))).toEqual([])
})
