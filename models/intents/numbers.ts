import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { numberBuckets } from '../../src/talk/language/number-features.ts'
import { numberRoles } from '../../src/talk/language/number-roles.ts'
import { exportNetwork } from './export.ts'
import { guessOf, scoreAll, temperatureFor } from './measure.ts'
import { type Recipe, trainNetwork } from './network.ts'
import { roleExamples } from './roles.ts'

/** The settings of the training of the reader of numbers. */
export const numberRecipe: Recipe = {
  buckets: numberBuckets,
  width: 12,
  hidden: 32,
  labels: numberRoles.length,
  epochs: 4,
  rate: 0.1,
  dropout: 0.2,
  smoothing: 0.05,
  seed: 4,
}

/** The least confidence whose share of right roles the card has. */
const sure = 0.9

/** Trains the reader of numbers without the frames that are held back, measures it on them, then trains it on all of them. */
export function buildNumbers(say: (line: string) => void): Record<'numbers.onnx' | 'numbers.json', Uint8Array> {
  const symbols = readFileSync(join(import.meta.dirname, 'symbols.txt'), 'utf8')
    .split(/\s+/)
    .filter(Boolean)
    .sort()
  const known = new Set(symbols)
  const examples = roleExamples(numberRecipe.seed, (word) => known.has(word))
  const held = examples.filter(({ dev }) => dev)
  say(`${examples.length} numbers, ${numberRoles.length} roles`)
  const scored = scoreAll(
    trainNetwork(
      examples.filter(({ dev }) => !dev),
      numberRecipe,
    ),
    held,
  )
  const temperature = temperatureFor(scored)
  const guesses = scored.map(({ label, scores }) => ({ right: label, ...guessOf(scores, temperature) }))
  const certain = guesses.filter(({ confidence }) => confidence >= sure)
  const shareOf = (some: typeof guesses) => some.filter(({ right, label }) => right === label).length / some.length
  const model = exportNetwork(trainNetwork(examples, numberRecipe), temperature, { labels: [...numberRoles], symbols })
  const metrics = {
    accuracy: shareOf(guesses),
    sure: certain.length / guesses.length,
    accuracyOfSure: shareOf(certain),
  }
  const card = {
    what: 'The part that each number of a message plays; read by src/talk/language/number-model.ts, described in README.md',
    hash: createHash('sha256').update(model).digest('hex'),
    roles: numberRoles.join(' '),
    temperature,
    recipe: numberRecipe,
    data: { numbers: examples.length, held: held.length },
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(4))])),
  }
  return { 'numbers.onnx': model, 'numbers.json': Buffer.from(`${JSON.stringify(card, null, 2)}\n`) }
}
