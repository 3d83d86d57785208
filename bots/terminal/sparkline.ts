const blocks = '▁▂▃▄▅▆▇█'

/**
 * Values as a row of blocks of at most `width` characters, the lowest and the highest of them as the ends of the scale.
 * More values than that are drawn together, each block the mean of its own; empty where there are no values.
 */
export function sparkline(values: number[], width: number): string {
  const finite = values.filter(Number.isFinite)
  const columns = Math.min(finite.length, Math.max(1, Math.floor(width)))
  const means = Array.from({ length: columns }, (_, column) => {
    const own = finite.slice(
      Math.floor((column * finite.length) / columns),
      Math.floor(((column + 1) * finite.length) / columns),
    )
    return own.reduce((sum, value) => sum + value, 0) / own.length
  })
  const [low, high] = [Math.min(...means), Math.max(...means)]
  // What never moves, but for what a mean of floats is off by, is a line in the middle, not at the bottom.
  const moves = high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-9
  const place = (value: number) => (moves ? Math.round(((value - low) / (high - low)) * (blocks.length - 1)) : 3)
  return means.map((value) => blocks[place(value)]).join('')
}
