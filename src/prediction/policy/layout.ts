import { createHash } from 'node:crypto'

/** Goes up with every change of a name, an order or a formula; a policy says for which version it was trained. */
export const stateVersion = 1

const rayCount = 13

/** The numbers of a state by what they are of. Lines of bars (`rays`) are 0 in a policy that was trained without them. */
const named = {
  forecast: [
    ...['peak', 'peak_horizon', 'valley', 'valley_horizon', 'slope_20', 'bend'],
    ...['exit_horizon', 'exit_move', 'exit_range', 'exit_ratio', 'risk', 'direction'],
  ],
  tick: ['day_move', 'spread', 'quote_age', 'relative_volume'],
  context: ['weekday_sine', 'weekday_cosine', 'session_part', 'weight', 'unrealized'],
  rays: Array.from({ length: rayCount }, (_, at) => `ray_${at - (rayCount - 1) / 2}`),
  derived: [
    ...['cash', 'gross', 'net', 'heat', 'day_profit', 'drawdown', 'sector', 'correlation'],
    ...['open_positions', 'trades_left', 'since_trade', 'bars_held', 'best_move', 'worst_move'],
    ...['forecast_change', 'week_to_month', 'coverage_60', 'rank_60', 'model_age', 'volatility_regime'],
    ...['spy_move_5', 'breadth', 'dispersion', 'cost'],
  ],
}
export type StateBlock = keyof typeof named

/** The names of all 58 numbers, in their order. */
export const stateNames: readonly string[] = Object.values(named).flat()
export const stateCount = stateNames.length

/** The place of a number in a state, by its name. */
export const placeOf = (name: string): number => {
  const at = stateNames.indexOf(name)
  if (at < 0) throw new Error(`a state has no ${name}`)
  return at
}

/** The places of each block: `from` is its first number, `to` the one behind its last. */
export const stateBlocks: Readonly<Record<StateBlock, { from: number; to: number }>> = placesOf()

/** SHA-256 of version and names, in hex. */
export const stateHash: string = createHash('sha256')
  .update(JSON.stringify([stateVersion, stateNames]))
  .digest('hex')

function placesOf(): Record<StateBlock, { from: number; to: number }> {
  let from = 0
  const places = Object.entries(named).map(([block, names]) => {
    const place = { from, to: from + names.length }
    from = place.to
    return [block, place] as const
  })
  return Object.fromEntries(places) as Record<StateBlock, { from: number; to: number }>
}
