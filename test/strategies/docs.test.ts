import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { strategies } from '../../src/strategies/screeners/list.ts'
import { barsOf, line } from './screeners/bars.ts'

const root = path.resolve(import.meta.dirname, '../..')
const docs = readFileSync(path.join(root, 'docs/strategies.md'), 'utf8')

test('the docs show the whole file of the third screener', () => {
  const file = readFileSync(path.join(root, 'src/strategies/screeners/sma-cross.ts'), 'utf8')
  expect(docs).toContain(`\`\`\`ts\n${file}\`\`\``)
})

test('the docs name every screener, its aliases, bars, parameters with their defaults and ranges, and its items', () => {
  for (const { name, aliases, barsUsed, parameters, score } of strategies) {
    expect(docs).toContain(`| \`${name}\` | ${aliases.map((alias) => `\`${alias}\``).join(', ')} |`)
    expect(docs).toMatch(new RegExp(`\\b${barsUsed} bars`))
    const { properties } = z.toJSONSchema(parameters, { io: 'input' }) as {
      properties: Record<string, { default?: unknown; minimum?: number; maximum?: number; description?: string }>
    }
    for (const [parameter, { default: usual, minimum, maximum, description }] of Object.entries(properties)) {
      expect(description, parameter).toMatch(/^[A-Z].*[^.]$/)
      const row = docs.split('\n').find((each) => each.startsWith(`| \`${parameter}\` |`))
      if (maximum !== undefined) expect(row).toContain(`| ${minimum} to ${maximum} |`)
      if (usual !== undefined) expect(row?.replaceAll('`', '')).toContain(`| ${usual} |`)
      else expect(row, parameter).toBeDefined()
    }
    if (name === 'sma_cross') continue
    for (const item of score(barsOf(line(50, 100, 300)), parameters.parse({}), {}).items) {
      expect(docs, item.name).toContain(`\`${item.name}\``)
    }
  }
})
