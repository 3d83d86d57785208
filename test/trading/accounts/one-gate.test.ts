import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const sources = ['src', 'jobs', 'bots'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
)
const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file)

test('an order that opens is written where somebody enters, or once more after a split, and behind the gate', () => {
  const anew = 'src/trading/corporate-actions/place-anew.ts'
  expect(filesWith(/(?<!function )\bplaceOpening\(/).sort()).toEqual([anew, 'src/trading/orders/enter.ts'])
  expect(sources.find(({ file }) => file === anew)!.text).toMatch(/passGate\(trx,[\s\S]*placeOpening\(/)
  const { text } = sources.find(({ file }) => file === 'src/trading/orders/enter.ts')!
  expect(text).toMatch(/lockAccountRow\([\s\S]*passGate\(trx,[\s\S]*if \(refused\) return refused[\s\S]*placeOpening\(/)
})

test('an order for later is kept in one place, and behind the gate', () => {
  expect(filesWith(/(?<!function )\bsaveScheduled\(/)).toEqual(['src/talk/commands/schedule/schedule.ts'])
  expect(filesWith(/insertInto\('scheduled_orders'\)/)).toEqual(['src/trading/schedule/rows/scheduled-orders.ts'])
  const { text } = sources.find(({ file }) => file === 'src/talk/commands/schedule/schedule.ts')!
  expect(text).toMatch(
    /lockAccountRow\([\s\S]*passGate\(trx,[\s\S]*if \(refused\) return refused[\s\S]*saveScheduled\(/,
  )
})
