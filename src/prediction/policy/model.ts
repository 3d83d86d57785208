import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { onnxConstants } from '../../infra/onnx/constants.ts'
import { baselineInputs } from '../forecaster/baseline/inputs.ts'
import { knots } from '../forecaster/horizons.ts'
import { heads } from './action.ts'
import { type PolicyCard, policyCardSchema } from './card.ts'
import { stateCount, stateHash } from './layout.ts'
import { type Network, networkOf } from './network.ts'
import type { CarriedBaseline } from './state/baseline.ts'

/** An open policy. */
export interface PolicyModel {
  card: PolicyCard
  baseline: CarriedBaseline
  /** The results of the actor for a state, before they are chances. A new network at each call, so that two users do not share a list. */
  network(): Network
}

/** How far results here may be from those on the card, which the runtime of its training gave in 32 bits. */
const mostOff = 1e-4

/** Reads the policy of a folder. Throws when it does not match its card, or knows another state than this desk. */
export function readPolicy(folder: string): PolicyModel {
  const card = cardIn(folder)
  const bytes = attempt(folder, 'it has no model.onnx', () => readFileSync(path.join(folder, 'model.onnx')))
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== card.hash) refuse(folder, `its model.onnx has the hash ${found}, and its card says ${card.hash}`)
  const constants = attempt(folder, 'its model.onnx cannot be read', () => onnxConstants(bytes))
  const floats = (name: string, length?: number) => {
    const data = constants.get(name)?.data
    if (!(data instanceof Float32Array) || (length !== undefined && data.length !== length))
      return refuse(folder, `its model.onnx has no ${name} as this desk knows it`)
    return data
  }
  const [layout] = (constants.get('layout')?.data ?? []) as string[]
  if (layout !== card.layout.hash) refuse(folder, 'its model.onnx has another layout of states than its card')
  if (layout !== stateHash)
    refuse(folder, `it was trained on states of the layout ${layout}, and this desk has ${stateHash}`)
  const inputs = (constants.get('inputs')?.data ?? []) as string[]
  if (inputs.join('\n') !== baselineInputs.join('\n'))
    refuse(folder, 'it was trained on a forecaster that this desk does not have')
  const widths = Array.from(floats('widths'))
  if (widths[0] !== stateCount || widths.at(-1) !== heads.reduce((sum, one) => sum + one, 0))
    refuse(folder, 'it has other actions than this desk')
  const count = widths.slice(1).reduce((sum, width, at) => sum + (widths[at]! + 1) * width, 0)
  const actor = floats('actor', count)
  const policy: PolicyModel = {
    card,
    baseline: {
      weights: floats('baseline', knots.length * (baselineInputs.length + 1)),
      usual: floats('usual', baselineInputs.length),
      size90: floats('size90', 1)[0]!,
    },
    network: () => networkOf(widths, actor),
  }
  const network = policy.network()
  for (const { state, results } of card.golden) {
    const own = network(state)
    if (results.length !== own.length || results.some((value, at) => !(Math.abs(value - own[at]!) < mostOff)))
      refuse(folder, 'it gives other results than its card')
  }
  return policy
}

function cardIn(folder: string): PolicyCard {
  const text = attempt(folder, 'it has no card.json', () => readFileSync(path.join(folder, 'card.json'), 'utf8'))
  return attempt(folder, 'its card.json is not a card', () => policyCardSchema.parse(JSON.parse(text)))
}

function attempt<Result>(folder: string, reason: string, act: () => Result): Result {
  try {
    return act()
  } catch (cause) {
    return refuse(folder, reason, cause)
  }
}

function refuse(folder: string, reason: string, cause?: unknown): never {
  const remedy = '`npm run train:policy -- --bars FOLDER` makes it anew.'
  throw new Error(`The policy in ${folder} is refused: ${reason}. ${remedy}`, { cause })
}
