import '../../infra/onnx/no-telemetry.ts'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { z } from 'zod'
import { featuresOf, tokensOf } from './intent-features.ts'
import { openNumberReader, type ReadNumber } from './number-model.ts'

/** A prediction of the model. */
export interface Guess {
  /** The name of a command with `-` for spaces, or `none` for talk that is not for the desk. */
  command: string
  /** The probability that this is right, from 0 to 1, calibrated on sentences outside of the training set. */
  confidence: number
}

/** A prediction that also names the most likely command, however likely it is that the text is only talk. */
export interface Prediction extends Guess {
  nearest: Guess
}

/** A model as classifying uses it. */
export interface IntentPredictor {
  predict(text: string): Promise<Guess & { nearest?: Guess }>
  /** The least confidence for read-only commands and for commands that change money. */
  thresholds?: { read: number; money: number }
  /** Reads the numbers of a text that means a command; absent when there is no reader of numbers. */
  numbers?(text: string, command: string): Promise<ReadNumber[]>
}

/** The model for texts that the grammar did not understand. */
export interface IntentModel {
  /** All commands that it can predict. */
  labels: string[]
  /** The least confidence of `nearest` for read-only commands and for commands that change money. Less counts as `none`. */
  thresholds: { read: number; money: number }
  /** Predicts the best command for any text, at any confidence. */
  predict(text: string): Promise<Prediction>
  /** The learned reader of numbers, if the folder has one. */
  numbers?(text: string, command: string): Promise<ReadNumber[]>
  /** Frees its memory. */
  close(): Promise<void>
}

const card = z.object({
  hash: z.string(),
  labels: z.array(z.string()).min(2),
  thresholds: z.object({ read: z.number().min(0).max(1), money: z.number().min(0).max(1) }),
})

/** Opens the `model.onnx` of a folder. Throws when it does not match its `card.json`. */
export async function loadIntentModel(folder: string): Promise<IntentModel> {
  const { hash, labels, thresholds } = await readCard(folder)
  const bytes = await readFile(join(folder, 'model.onnx')).catch((cause) =>
    refuse(folder, 'it has no model.onnx', cause),
  )
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== hash) refuse(folder, `its model.onnx has the hash ${found}, and its card says ${hash}`)
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch((cause) =>
    refuse(folder, 'its model.onnx cannot be opened', cause),
  )
  const carried = await session.run(inputs([0]), ['labels', 'symbols']).catch(async (cause) => {
    await session.release()
    return refuse(folder, 'its model.onnx does not say its labels and symbols', cause)
  })
  const own = carried.labels?.data as string[]
  if (own.join() !== labels.join()) {
    await session.release()
    refuse(folder, `its model.onnx knows other labels than its card: ${differing(own, labels)}`)
  }
  const symbols = new Set(carried.symbols?.data as string[])
  const isSymbol = (word: string) => symbols.has(word)
  const reader = await openNumberReader(folder)
  const all = labels.map((_, at) => at)
  const commands = all.filter((at) => labels[at] !== 'none')

  return {
    labels,
    thresholds,
    async predict(text) {
      const rows = featuresOf(tokensOf(text, isSymbol))
      const { probabilities } = await session.run(inputs(rows), ['probabilities'])
      const shares = probabilities!.data as Float32Array
      const best = (some: number[]): Guess => {
        const at = some.reduce((one, other) => (shares[other]! > shares[one]! ? other : one))
        return { command: labels[at]!, confidence: shares[at]! }
      }
      return { ...best(all), nearest: best(commands) }
    },
    ...(reader && { numbers: (text: string, command: string) => reader.read(text, command) }),
    async close() {
      await session.release()
      await reader?.close()
    },
  }
}

async function readCard(folder: string): Promise<z.infer<typeof card>> {
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch((cause) =>
    refuse(folder, 'it has no card.json', cause),
  )
  try {
    return card.parse(JSON.parse(text))
  } catch (cause) {
    return refuse(folder, 'its card.json is not a card', cause)
  }
}

function inputs(rows: number[]): Record<string, Tensor> {
  return {
    rows: new Tensor('int64', BigInt64Array.from(rows, BigInt), [rows.length]),
    share: new Tensor('float32', Float32Array.of(1 / Math.sqrt(rows.length)), [1]),
  }
}

function differing(own: string[], labels: string[]): string {
  const only = (some: string[], others: string[]) =>
    some.filter((label) => !others.includes(label)).join(' ') || 'nothing'
  return `only the model has ${only(own, labels)}, only the card has ${only(labels, own)}`
}

function refuse(folder: string, reason: string, cause?: unknown): never {
  throw new Error(`The intent model in ${folder} is refused: ${reason}. \`npm run train:intents\` makes it anew.`, {
    cause,
  })
}
