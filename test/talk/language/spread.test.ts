import { afterAll, beforeAll, expect, test } from 'vitest'
import { classify } from '../../../src/talk/language/classify.ts'
import { lineOf } from '../../../src/talk/language/params.ts'
import { type OpenClassifier, openClassifier } from './a-classifier.ts'

let open: OpenClassifier
beforeAll(async () => {
  open = await openClassifier()
})
afterAll(() => open.close())

const line = async (text: string) => lineOf(text, await classify(open.classifier, text))

test.each([
  ['spread bynd', 'BYND'],
  ['bynd spread?', 'BYND'],
  ['spread on bynd', 'BYND'],
  ["what's the spread on amd", 'AMD'],
  ['how wide is the spread on nvda', 'NVDA'],
  ['bid-ask spread amd', 'AMD'],
  ['sprad bynd', 'BYND'],
])('%j asks for the spread of %s', async (text, symbol) => {
  expect(await line(text)).toMatchObject({ layer: 'indicator', command: 'spread', params: { symbol }, acts: true })
})

test.each(['spread my bynd exit over an hour', 'spread the sale of bynd over 30 min', 'spread out selling 800 amd'])(
  '%j is still a scaleout, and asked about',
  async (text) => {
    expect(await line(text)).toMatchObject({ command: 'scaleout', acts: false })
  },
)

test.each([
  'spread your wings',
  'the spread is crazy',
  'spread rumors about nvda',
  'call spread on nvda',
  'spreads are so wide on these small caps',
  'spreadsheets > feelings',
])('%j is talk', async (text) => {
  expect(await line(text)).toMatchObject({ command: 'none', acts: false })
})

test('the bid and the ask are a quote still', async () => {
  expect(await line('bid ask bynd')).toMatchObject({ command: 'quote' })
})
