import type { GraphBuilder } from './graph-builder.ts'

const memory = { slopes: 0.9, squares: 0.999 }

/** The settings of a step of Adam that are part of the graph. */
export interface AdamSettings {
  /** The most that the length of a gradient may be. */
  longest: number
  /** Added to the root of the squares. */
  least: number
  /** The share by which weights shrink in a step, over the rate of learning; none without it. */
  decay?: number
}

/**
 * A step of Adam (Kingma and Ba 2014; decay: Loshchilov and Hutter 2017) in a graph: from `weights`, `slopes` and `squares`, flat lists, to those
 * of the same names with `Next`. `rate` and `lift` are the step's own inputs, from `adamStep`.
 */
export function adamIn(
  { op, number, whole }: GraphBuilder,
  gradient: string,
  { longest, least, decay }: AdamSettings,
): void {
  const length = op('Sqrt', [op('ReduceSum', [op('Mul', [gradient, gradient]), whole(0)], { keepdims: { int: 0 } })])
  const share = op('Min', [number(1), op('Div', [number(longest), op('Add', [length, number(1e-6)])])])
  const slope = op('Mul', [gradient, share])
  const kept = (name: string, by: number, value: string, output: string) =>
    op('Add', [op('Mul', [name, number(by)]), op('Mul', [value, number(1 - by)])], undefined, output)
  const slopes = kept('slopes', memory.slopes, slope, 'slopesNext')
  const squares = kept('squares', memory.squares, op('Mul', [slope, slope]), 'squaresNext')
  const step = op('Div', [slopes, op('Add', [op('Mul', [op('Sqrt', [squares]), 'lift']), number(least)])])
  const change = decay === undefined ? step : op('Add', [step, op('Mul', ['weights', number(decay)])])
  op('Sub', ['weights', op('Mul', ['rate', change])], undefined, 'weightsNext')
}

/** The rate and the lift of a step of Adam, counted from 1: corrections for averages that begin at zero. */
export function adamStep(count: number, rate: number): { rate: number; lift: number } {
  return { rate: rate / (1 - memory.slopes ** count), lift: 1 / Math.sqrt(1 - memory.squares ** count) }
}
