/** The money of an account: the desk's own paper, paper at a broker, or real. */
export type Money = 'paper' | 'broker paper' | 'live'

/** The facts that say whose money an account has. */
export interface AccountMode {
  mode: 'backtest' | 'paper' | 'live'
  venue: string
}

export function moneyOf({ mode, venue }: AccountMode): Money {
  if (mode === 'live') return 'live'
  return venue === 'paper' ? 'paper' : 'broker paper'
}

/** The word for an account's money, the same everywhere: `paper`, `BROKER PAPER`, `LIVE`. */
export function modeText(account: AccountMode): string {
  return modeWords[moneyOf(account)]
}

const modeWords: Record<Money, string> = { paper: 'paper', 'broker paper': 'BROKER PAPER', live: 'LIVE' }

/** The names of venues as people know them. */
const titles: Record<string, string> = {
  alpaca: 'Alpaca',
  tradestation: 'TradeStation',
  kraken: 'Kraken',
  coinbase: 'Coinbase',
  binance: 'Binance',
}

/** A venue's name for people: `Alpaca`. */
export const venueTitle = (venue: string) => titles[venue] ?? venue

/** An account at its broker in words: `BROKER PAPER at Alpaca ••••1234`. */
export function brokerText(account: AccountMode & { maskedNumber?: string }): string {
  const number = account.maskedNumber === undefined ? '' : ` ${account.maskedNumber}`
  return `${modeText(account)} at ${venueTitle(account.venue)}${number}`
}
