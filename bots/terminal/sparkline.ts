const blocks = '▁▂▃▄▅▆▇█'

/**
 * Draws values as a row of blocks of at most `width` characters. The lowest and the highest block are the ends of the
 * scale. With more values than blocks, each block is the mean of its share. Without values, the row is empty.
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
  // A course that does not move is a line in the middle, not at the bottom. The margin allows for the error of float
  // means.
  const moves = high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-9
  const place = (value: number) => (moves ? Math.round(((value - low) / (high - low)) * (blocks.length - 1)) : 3)
  return means.map((value) => blocks[place(value)]).join('')
}
