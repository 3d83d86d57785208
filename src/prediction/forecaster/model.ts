import '../../infra/onnx/no-telemetry.ts'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { layoutHash } from '../features/layout.ts'
import { baselineInputs } from './baseline/inputs.ts'
import { type Card, cardSchema } from './card.ts'

/** Results for rows: the logarithm of the return and its standard move, 100 values a row. */
export interface Moves {
  mu: Float32Array
  sigma: Float32Array
}

/** An open forecaster. */
export interface ForecastModel {
  card: Card
  /** Rows of the baseline's inputs, and of features where the model has a network. */
  run(rows: number, baseline: Float32Array, features?: Float32Array): Promise<Moves>
  /** Frees its memory. */
  close(): Promise<void>
}

/** Opens the model of a folder. Throws when it does not match its card, or knows other inputs or features than this desk. */
export async function loadForecaster(folder: string): Promise<ForecastModel> {
  const card = await readCard(folder)
  const bytes = await readFile(path.join(folder, 'model.onnx')).catch((cause) =>
    refuse(folder, 'it has no model.onnx', cause),
  )
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== card.hash) refuse(folder, `its model.onnx has the hash ${found}, and its card says ${card.hash}`)
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch((cause) =>
    refuse(folder, 'its model.onnx cannot be opened', cause),
  )
  const width = baselineInputs.length
  const run = async (rows: number, baseline: Float32Array, features?: Float32Array) =>
    session.run({
      baseline: new Tensor('float32', baseline, [rows, width]),
      ...(card.layout !== null && {
        features: new Tensor('float32', features!, [rows, features!.length / Math.max(1, rows)]),
      }),
    })
  try {
    await check(folder, card, session)
  } catch (cause) {
    await session.release()
    throw cause
  }
  return {
    card,
    async run(rows, baseline, features) {
      const { mu, sigma } = await run(rows, baseline, features)
      return { mu: mu!.data as Float32Array, sigma: sigma!.data as Float32Array }
    },
    close: () => session.release(),
  }
}

async function check(folder: string, card: Card, session: InferenceSession): Promise<void> {
  const carried = await session
    .run(emptyInputs(card), ['inputs', 'layout'])
    .catch((cause) => refuse(folder, 'its model.onnx does not say its inputs and the layout of its features', cause))
  const own = (carried.inputs?.data ?? []) as string[]
  const layout = ((carried.layout?.data ?? []) as string[])[0] || null
  if (own.join('\n') !== card.inputs.join('\n')) refuse(folder, 'its model.onnx has other inputs than its card')
  if (layout !== card.layout) refuse(folder, 'its model.onnx has another layout of features than its card')
  if (own.join('\n') !== baselineInputs.join('\n'))
    refuse(folder, 'it was trained on inputs that this desk does not have')
  if (layout !== null && layout !== layoutHash)
    refuse(folder, `it was trained on features of the layout ${layout}, and this desk has ${layoutHash}`)
}

function emptyInputs(card: Card): Record<string, Tensor> {
  const zero = (columns: number) => new Tensor('float32', new Float32Array(columns), [1, columns])
  return { baseline: zero(baselineInputs.length), ...(card.layout !== null && { features: zero(336) }) }
}

async function readCard(folder: string): Promise<Card> {
  const text = await readFile(path.join(folder, 'card.json'), 'utf8').catch((cause) =>
    refuse(folder, 'it has no card.json', cause),
  )
  try {
    return cardSchema.parse(JSON.parse(text))
  } catch (cause) {
    return refuse(folder, 'its card.json is not a card', cause)
  }
}

function refuse(folder: string, reason: string, cause?: unknown): never {
  const remedy = '`npm run train:forecaster -- --bars FOLDER` makes it anew.'
  throw new Error(`The forecaster in ${folder} is refused: ${reason}. ${remedy}`, { cause })
}
