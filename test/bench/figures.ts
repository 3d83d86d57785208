/** A result of a bench: a figure beside the least that the same work costs on this machine, in the same run. */
export interface Figure {
  figure: string
  value: number
  unit: string
  /** The same measure of the bare work, in the same unit; absent when there is nothing to compare with. */
  floor?: number
  /** A description of the bare work. */
  floorOf?: string
  /** The number of measurements behind the value. */
  samples?: number
  goal?: string
  holds?: boolean
  note?: string
}

/** Prints a figure as a line of JSON, with its ratio to the floor. */
export function report(figure: Figure): void {
  const { value, floor, ...rest } = figure
  const ratio = floor === undefined ? undefined : rounded(value / floor)
  const { figure: name, unit, floorOf, ...others } = rest
  console.log(
    JSON.stringify({
      figure: name,
      value: rounded(value),
      unit,
      floor: floor === undefined ? undefined : rounded(floor),
      floorOf,
      ratio,
      ...others,
    }),
  )
}

/** The value that `share` of the samples do not exceed (nearest rank). */
export function percentile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
