import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, recipe } from '../../../models/intents/build.ts'
import { generateSentences } from '../../../models/intents/generate.ts'
import { type IntentModel, loadIntentModel } from '../../../src/talk/language/intent-model.ts'
import { intentsFolder } from '../../../src/talk/language/intents.ts'

let scratch = ''
let model: IntentModel

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'deskhand-intents-'))
  model = await loadIntentModel(intentsFolder)
})

afterAll(async () => {
  await model.close()
  await rm(scratch, { recursive: true, force: true })
})

/** A folder with the shipped model, whose card or bytes may be changed. */
async function copyOf(name: string, change: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(scratch, name)
  await mkdir(folder)
  for (const file of ['model.onnx', 'card.json']) await copyFile(join(intentsFolder, file), join(folder, file))
  await change(folder)
  return folder
}

async function changeCard(folder: string, change: (card: Record<string, unknown>) => void): Promise<void> {
  const card = JSON.parse(await readFile(join(folder, 'card.json'), 'utf8'))
  change(card)
  await writeFile(join(folder, 'card.json'), JSON.stringify(card))
}

describe('a model that does not match its card is refused', () => {
  test('with another hash', async () => {
    const folder = await copyOf('hash', async (folder) => {
      const bytes = await readFile(join(folder, 'model.onnx'))
      bytes[bytes.length >> 1]! ^= 1
      await writeFile(join(folder, 'model.onnx'), bytes)
    })
    await expect(loadIntentModel(folder)).rejects.toThrow(
      /hash is refused: its model.onnx has the hash \w{64}, and its card says/,
    )
  })

  test('with other labels', async () => {
    const folder = await copyOf('labels', (folder) =>
      changeCard(folder, (card) => {
        card.labels = (card.labels as string[]).with(3, 'moonshot')
      }),
    )
    await expect(loadIntentModel(folder)).rejects.toThrow(
      /other labels than its card: only the model has \S+, only the card has moonshot/,
    )
  })

  test('with its labels in another order', async () => {
    const folder = await copyOf('order', (folder) =>
      changeCard(folder, (card) => {
        card.labels = (card.labels as string[]).toReversed()
      }),
    )
    await expect(loadIntentModel(folder)).rejects.toThrow(/other labels than its card/)
  })

  test('without a card, with half a card, without a model, or with what is none', async () => {
    await expect(loadIntentModel(join(scratch, 'nowhere'))).rejects.toThrow(/it has no card.json/)
    const half = await copyOf('half', (folder) => writeFile(join(folder, 'card.json'), '{"hash": "'))
    await expect(loadIntentModel(half)).rejects.toThrow(/its card.json is not a card/)
    const empty = await copyOf('empty', (folder) => rm(join(folder, 'model.onnx')))
    await expect(loadIntentModel(empty)).rejects.toThrow(/it has no model.onnx/)
    const nonsense = await copyOf('nonsense', async (folder) => {
      await writeFile(join(folder, 'model.onnx'), 'nonsense')
      // The hash of these eight letters.
      await changeCard(folder, (card) => {
        card.hash = '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6'
      })
    })
    await expect(loadIntentModel(nonsense)).rejects.toThrow(
      /its model.onnx cannot be opened. `npm run train:intents` makes it anew/,
    )
  })
})

test.each([
  ['how much am i up on the day', 'pl'],
  ['what am i holding right now', 'positions'],
  ['get me the hell out of BYND', 'close'],
  ['could you work me out of half over the next hour', 'scaleout'],
  ['stop selling my bynd, i want to keep the rest', 'cancel-scaleout'],
  ['lighten up a bit on amd', 'trim'],
  ['pick up 200 nvda for me', 'buy'],
  ['put a stop under 1.05', 'stop'],
  ['let my stop follow the price 2% below', 'trail'],
  ['move my stop to where i got in', 'breakeven'],
  ['is it time to get out of bynd', 'advise'],
  ['close it ten minutes before the bell', 'schedule'],
  ["where's bynd trading", 'quote'],
  ["don't close it yet", 'none'],
  ['he went long 5k', 'none'],
  ['lol I should have closed', 'none'],
  ['my buddy sold half of his bynd at the top', 'none'],
  ['if i had trimmed at 1.10 i would be on a beach', 'none'],
  ['are you guys closing into the weekend', 'none'],
  ['good morning everyone', 'none'],
])('takes "%s" for %s', async (text, command) => {
  const guess = await model.predict(text)
  expect(guess.command).toBe(command)
  expect(guess.confidence).toBeGreaterThan(0.5)
})

test('reads a sentence alike whatever symbol and size it names', async () => {
  const guesses = await Promise.all(
    ['grab me 200 NVDA', 'grab me 5k $SOFI', 'Grab me 3,750 bynd', 'grab me a hundred TSLA'].map((text) =>
      model.predict(text),
    ),
  )
  expect(guesses.map(({ command }) => command)).toEqual(['buy', 'buy', 'buy', 'buy'])
})

test.each([
  ['nothing', ''],
  ['blanks', ' \n\t '],
  ['emoji', '🚀🚀🚀🔥'],
  ['half a character', '\ud83d'],
  ['another script', 'صباح الخير 你好 привет'],
  ['a mention', '<@U123> @someone'],
  ['10,000 letters', 'x'.repeat(10_000)],
  ['10,000 characters of words', 'why did he sell '.repeat(625)],
  ['10,000 digits', '9'.repeat(10_000)],
  ['10,000 marks', "('".repeat(5000)],
  ['10,000 wide characters', '\ufdfa'.repeat(10_000)],
])('takes %s for something', async (_, text) => {
  const guess = await model.predict(text)
  expect(model.labels).toContain(guess.command)
  expect(guess.confidence).toBeGreaterThan(0)
  expect(guess.confidence).toBeLessThanOrEqual(1.0001)
})

test('is asked by many at once and answers each', async () => {
  const texts = ['show my pnl', 'buy 100 amd', 'good night all', 'close bynd']
  const guesses = await Promise.all(
    Array.from({ length: 100 }, (_, index) => model.predict(texts[index % texts.length]!)),
  )
  expect(guesses.map(({ command }) => command)).toEqual(
    Array.from({ length: 100 }, (_, index) => ['pl', 'buy', 'none', 'close'][index % 4]),
  )
})

test('the sentences that are held are those that the frames make', async () => {
  const held = (await readFile(join(intentsFolder, 'sentences.jsonl'), 'utf8')).trimEnd().split('\n')
  const made = generateSentences(recipe.seed)
  expect(held.length).toBe(made.length)
  for (const index of [0, 1000, made.length - 1]) {
    expect(JSON.parse(held[index]!)).toMatchObject({ text: made[index]!.text, command: made[index]!.command })
  }
  expect(held.map((line) => JSON.parse(line).text).join('\n') === made.map(({ text }) => text).join('\n')).toBe(true)
})

test('trains the same model twice, bit for bit, and one that learned something', async () => {
  const words = new Set(['close', 'pl', 'none'])
  const some = generateSentences(recipe.seed).filter(({ command }, at) => words.has(command) && at % 12 === 0)
  const small = { ...recipe, width: 8, hidden: 8, epochs: 4 }
  const first = build(() => {}, small, some)
  const second = build(() => {}, small, some)
  for (const name of ['sentences.jsonl', 'model.onnx', 'card.json'] as const)
    expect(Buffer.from(first[name]).equals(Buffer.from(second[name]))).toBe(true)
  const other = build(() => {}, { ...small, seed: small.seed + 10 }, some)
  expect(Buffer.from(first['model.onnx']).equals(Buffer.from(other['model.onnx']))).toBe(false)

  const folder = join(scratch, 'small')
  await mkdir(folder)
  for (const [name, bytes] of Object.entries(first)) await writeFile(join(folder, name), bytes)
  const trained = await loadIntentModel(folder)
  expect(trained.labels).toEqual(['none', 'close', 'pl'])
  expect((await trained.predict('show me my pnl')).command).toBe('pl')
  expect((await trained.predict('get me out of bynd')).command).toBe('close')
  await trained.close()
})
