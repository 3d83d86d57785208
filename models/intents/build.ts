import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buckets, featuresOf, tokensOf } from '../../src/talk/language/intent-features.ts'
import { exportNetwork } from './export.ts'
import { generateSentences, type Sentence } from './generate.ts'
import { measure, scoreAll, temperatureFor, thresholdFor } from './measure.ts'
import { type Example, joined, type Recipe, trainNetwork } from './network.ts'

/**
 * Commands that change positions, orders or risk: the desk asks before it acts on a guess of one, and the guess needs more
 * confidence.
 */
export const moneyLabels = new Set(
  `long short buy sell add trim scaleout cancel-scaleout close close-all bracket stop target trail breakeven schedule move
  cancel undo`.split(/\s+/),
)

/** The number of networks, each trained from a seed of its own, and joined into one. */
const networks = 3

/** The settings of the shipped model's training. */
export const recipe: Omit<Recipe, 'labels'> = {
  buckets,
  width: 24,
  hidden: 64,
  epochs: 5,
  rate: 0.1,
  dropout: 0.2,
  smoothing: 0.05,
  seed: 4,
}

/** The largest shares of held-back chatter that may be taken for any command, and for a command that changes money. */
const allowed = { taken: 0.06, money: 0.04 }

/** The files of a model, by name. */
export type Built = Record<'sentences.jsonl' | 'model.onnx' | 'card.json', Uint8Array>

/**
 * Generates the sentences, measures a network on the frames that were held back from it, then trains on all frames and
 * returns the files.
 */
export function build(
  say: (line: string) => void,
  given = recipe,
  sentences: Sentence[] = generateSentences(given.seed),
): Built {
  const symbols = readFileSync(join(import.meta.dirname, 'symbols.txt'), 'utf8')
    .split(/\s+/)
    .filter(Boolean)
    .sort()
  const known = new Set(symbols)
  const labels = [
    'none',
    ...[...new Set(sentences.map(({ command }) => command))].filter((one) => one !== 'none').sort(),
  ]
  const examples = sentences.map(({ text, command, dev }) => ({
    rows: featuresOf(tokensOf(text, (word) => known.has(word))),
    label: labels.indexOf(command),
    dev,
  }))
  const full: Recipe = { ...given, labels: labels.length }
  const train = (some: Example[]) =>
    joined(
      Array.from({ length: networks }, (_, index) =>
        trainNetwork(some, { ...full, seed: full.seed + index }, (loss) =>
          say(`  network ${index + 1}: loss ${loss.toFixed(4)}`),
        ),
      ),
    )

  say(`${sentences.length} sentences, ${labels.length} labels; training without the frames that are held back`)
  const held = examples.filter(({ dev }) => dev)
  const rest = examples.filter(({ dev }) => !dev)
  const scored = scoreAll(train(rest), held)
  const temperature = temperatureFor(scored)
  const isMoney = labels.map((label) => moneyLabels.has(label))
  const money = thresholdFor(scored, temperature, (label) => isMoney[label]!, 0, allowed.money)
  const read = thresholdFor(
    scored,
    temperature,
    (label) => label !== 0 && !isMoney[label]!,
    0,
    allowed.taken - allowed.money,
  )
  const metrics = measure(
    scored,
    temperature,
    labels.map((_, at) => (isMoney[at] ? money : read)),
    isMoney,
    0,
  )

  say('training on all of them')
  const model = exportNetwork(train(examples), temperature, { labels, symbols })
  const card = {
    what: 'Which command a message means, or none; read by src/talk/language/intent-model.ts, described in README.md',
    hash: createHash('sha256').update(model).digest('hex'),
    labels,
    thresholds: { read, money },
    temperature,
    recipe: { ...full, networks },
    data: {
      sentences: sentences.length,
      held: held.length,
      chatter: sentences.filter(({ command }) => command === 'none').length,
    },
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(4))])),
  }
  const lines = sentences.map(({ text, command, dev }) =>
    JSON.stringify({ text, command, ...(dev ? { held: true } : {}) }),
  )
  return {
    'sentences.jsonl': Buffer.from(`${lines.join('\n')}\n`),
    'model.onnx': model,
    'card.json': Buffer.from(`${JSON.stringify(card, null, 2)}\n`),
  }
}
