/** The names of the sector's eight features, and of the six of the whole market. */
export const sectorNames: readonly string[] = [
  ...['sector_excess_5', 'sector_excess_21', 'sector_excess_63', 'sector_breadth', 'sector_rank_21'],
  ...['less_sector_5', 'less_sector_21', 'sector_to_market_volatility'],
  ...['spy_5', 'spy_21', 'spy_volatility_to_slow', 'market_breadth', 'market_dispersion', 'market_correlation'],
]
