import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { intentsFolder } from '../../../src/talk/language/intents.ts'
import { type NumberReader, openNumberReader } from '../../../src/talk/language/number-model.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { shippedGrammar } from './shipped-registry.ts'

let reader: NumberReader
let scratch: string
const shipped = shippedGrammar()

beforeAll(async () => {
  reader = (await openNumberReader(intentsFolder))!
  scratch = await mkdtemp(join(tmpdir(), 'numbers-'))
})
afterAll(async () => {
  await reader.close()
  await rm(scratch, { recursive: true })
})

/** The reading of a text, for which a model is sure of the command. */
async function read(text: string, command: string) {
  const model = { predict: async () => ({ command, confidence: 0.96 }), numbers: reader.read }
  const classified = await classify({ ...shipped, model }, text)
  return { verdict: classified.verdict, params: lineOf(text, classified).params }
}

test.each<[string, string, string[]]>([
  ['i would part with 150 $NVDA down to 120', 'sell', ['150 quantity', '120 price']],
  ['both exits on $AMD, 110 for the stop and 129 for the profit', 'bracket', ['110 stop', '129 target']],
  ['chip 30 percent off my $AMD', 'trim', ['30 share']],
  ['the $AMD stop wants to be 6 percent away', 'stop', ['6 distance']],
  ['sell 50 $AMD at 3:45pm', 'schedule', ['50 quantity']],
])('%j: each number has its part', async (text, command, parts) => {
  expect((await reader.read(text, command)).map(({ value, role }) => `${value} ${role}`)).toEqual(parts)
})

test.each<[string, string, Record<string, string>]>([
  ["i'm a seller of 150 nvda down to 120", 'sell', { symbol: 'NVDA', quantity: '150', price: '120' }],
  ['put on top 100 more amd by price of 114', 'add', { symbol: 'AMD', quantity: '100', price: '114' }],
  ['make my bac smaller, minus 400 shares at 39.10', 'trim', { symbol: 'BAC', quantity: '400', price: '39.1' }],
  ['between 0,50 and 0,80 i want my bynd protected', 'bracket', { symbol: 'BYND', stop: '0.5', target: '0.8' }],
])('a number that the grammar lost is asked about in its place: %j', async (text, command, params) => {
  expect(await read(text, command)).toEqual({ verdict: 'confirms', params })
})

describe('no number is taken over', () => {
  test.each<[string, string]>([
    ['please buy me 100 amd if spy should break 670', 'schedule'],
    ['raise the stop on amd by 5 cents', 'stop'],
    ['i sell 100 amd on dec 1', 'sell'],
    ['sell 100 amd and 50 and 20 bynd', 'sell'],
    ['please sell amd when rsi is above 70', 'schedule'],
  ])('that belongs to something else: %j', async (text, command) => {
    expect((await read(text, command)).verdict).not.toMatch(/^(acts|confirms)$/)
  })

  test('that the grammar read in another place with a number more', async () => {
    const { params } = await read('i sit long in bynd, 3.750 pieces, entry 0,63', 'long')
    expect(params).toEqual({ symbol: 'BYND', quantity: '3750', price: '0.63' })
  })
})

test('a reader that does not match its card is refused, and a folder without one has none', async () => {
  expect(await openNumberReader(scratch)).toBeUndefined()
  await copyFile(join(intentsFolder, 'numbers.json'), join(scratch, 'numbers.json'))
  await writeFile(join(scratch, 'numbers.onnx'), 'x')
  await expect(openNumberReader(scratch)).rejects.toThrow('does not match its card')
})
