/** The parameters of a simulated instrument. */
export interface SimInstrument {
  symbol: string
  name: string
  /** The price in dollars around which the simulated price moves. */
  base: number
  /** The most by which the log of the price may differ from that of the base: 0.25 is roughly a quarter up or down. */
  reach: number
  /** Standard deviation of a one-minute move in an average regime, in basis points. */
  minuteMove: number
  /** The spread in an average regime, in basis points; at least one tick. */
  spread: number
  /** Units that trade in an average minute. */
  minuteVolume: number
  /** Decimals of a price: 2 is a tick of one cent. */
  priceDecimals: number
  /** Decimals of a quantity: 0 is a lot of one. */
  lotDecimals: number
}

type Row = [symbol: string, name: string, base: number, minuteMove: number, spread: number, minuteVolume: number]

function stocks(reach: number, priceDecimals: number, rows: Row[]): SimInstrument[] {
  return rows.map(([symbol, name, base, minuteMove, spread, minuteVolume]) => {
    return { symbol, name, base, reach, minuteMove, spread, minuteVolume, priceDecimals, lotDecimals: 0 }
  })
}

function coin(row: Row, priceDecimals: number, lotDecimals: number): SimInstrument {
  return { ...stocks(0.25, priceDecimals, [row])[0]!, lotDecimals }
}

/** Every instrument of the simulated market. The names are real; the prices are not. */
export const simInstruments: SimInstrument[] = [
  // Between $0.90 and $1.15: a cent is a percent here, so the spread is its one tick.
  ...stocks(0.1225, 2, [['BYND', 'Beyond Meat', 1.0173, 22, 50, 42_000]]),

  // Always below a dollar, where US stocks are quoted in hundredths of a cent.
  ...stocks(0.25, 4, [['TLRY', 'Tilray Brands', 0.62, 18, 12, 55_000]]),

  ...stocks(0.2, 2, [
    ['SPY', 'SPDR S&P 500 ETF', 668, 3.5, 0.15, 165_000],
    ['QQQ', 'Invesco QQQ', 605, 4.5, 0.2, 120_000],
    ['IWM', 'iShares Russell 2000 ETF', 243, 5, 0.5, 80_000],
    ['GLD', 'SPDR Gold Shares', 376, 3.5, 0.6, 25_000],
    ['TLT', 'iShares 20+ Year Treasury Bond ETF', 89, 3, 1.1, 90_000],
  ]),

  ...stocks(0.25, 2, [
    ['AAPL', 'Apple', 268, 6, 0.5, 125_000],
    ['MSFT', 'Microsoft', 508, 6, 0.6, 52_000],
    ['NVDA', 'NVIDIA', 186, 9, 0.6, 480_000],
    ['AMZN', 'Amazon', 234, 7, 0.7, 105_000],
    ['GOOGL', 'Alphabet', 279, 7, 0.7, 85_000],
    ['META', 'Meta Platforms', 625, 8, 0.9, 38_000],
    ['NFLX', 'Netflix', 1120, 8, 2, 10_000],
    ['JPM', 'JPMorgan Chase', 309, 5.5, 0.8, 23_000],
    ['BAC', 'Bank of America', 53, 6, 1.9, 95_000],
    ['GS', 'Goldman Sachs', 790, 6.5, 2.5, 5_500],
    ['WMT', 'Walmart', 102, 5, 1, 42_000],
    ['COST', 'Costco', 920, 5, 2, 5_000],
    ['KO', 'Coca-Cola', 70, 4, 1.4, 40_000],
    ['PEP', 'PepsiCo', 146, 4.5, 1.1, 17_000],
    ['XOM', 'Exxon Mobil', 118, 5.5, 0.9, 38_000],
    ['CVX', 'Chevron', 155, 5.5, 1, 20_000],
    ['BA', 'Boeing', 195, 7.5, 2, 19_000],
    ['DIS', 'Walt Disney', 110, 6, 1, 24_000],
    ['GE', 'GE Aerospace', 305, 6.5, 1.2, 12_000],
    ['UNH', 'UnitedHealth', 322, 7.5, 2, 22_000],
    ['PFE', 'Pfizer', 25, 5.5, 4, 110_000],
    ['T', 'AT&T', 25.6, 5, 3.9, 95_000],
    ['F', 'Ford', 13.2, 7, 7.6, 150_000],
    ['INTC', 'Intel', 37, 11, 2.7, 230_000],
  ]),

  ...stocks(0.4, 2, [
    ['TSLA', 'Tesla', 430, 12, 0.8, 210_000],
    ['AMD', 'Advanced Micro Devices', 242, 11, 0.8, 130_000],
    ['PLTR', 'Palantir', 178, 12, 1, 155_000],
    ['COIN', 'Coinbase', 305, 14, 3, 28_000],
    ['SOFI', 'SoFi Technologies', 28.5, 13, 3.5, 165_000],
    ['RIVN', 'Rivian', 15.6, 14, 6.4, 100_000],
    ['GME', 'GameStop', 21.4, 11, 4.7, 22_000],
    ['NIO', 'NIO', 6.5, 14, 15, 120_000],
    ['AMC', 'AMC Entertainment', 2.45, 15, 40, 60_000],
    ['PLUG', 'Plug Power', 2.4, 20, 42, 240_000],
  ]),

  coin(['BTC-USD', 'Bitcoin', 96_500, 6, 0.3, 18], 2, 4),
  coin(['ETH-USD', 'Ether', 3_180, 8, 0.5, 260], 2, 3),
  coin(['SOL-USD', 'Solana', 142, 10, 1, 5_200], 2, 2),
  coin(['DOGE-USD', 'Dogecoin', 0.162, 10, 2, 1_400_000], 5, 0),
]
