import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusalCodes } from '../../src/base/refusal-codes.ts'

const root = join(import.meta.dirname, '../..')

test('docs/refusals.md has every code with its meaning', () => {
  const rows = readFileSync(join(root, 'docs/refusals.md'), 'utf8').matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)
  expect(Object.fromEntries([...rows].map(([, code, meaning]) => [code, meaning]))).toEqual(refusalCodes)
})

test('every code is used', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('refusal-codes.ts'))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n')
  expect(Object.keys(refusalCodes).filter((code) => !sources.includes(`'${code}'`))).toEqual([])
})
