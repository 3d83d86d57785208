/** A flag of the program itself, beside those of a strategy's parameters. */
export interface OwnFlag {
  /** The name of its value in the help; absent when it takes none. */
  value?: string
  help: string
  /** For a number: its value when the flag is absent, and the range that it takes. */
  number?: { usual: number; least: number; most: number }
}

/** The flags of the program by their names. */
export const ownFlags = {
  bars: { value: 'FOLDER', help: 'The folder of SYMBOL.csv; without it that of MARKET=replay:FOLDER' },
  from: { value: 'DAY', help: 'The first day, such as 2005-01-03; earlier bars only feed the averages' },
  to: { value: 'DAY', help: 'The last day' },
  cash: { value: 'DOLLARS', help: 'Dollars at the start', number: { usual: 10_000, least: 1, most: 1e12 } },
  commission: { value: 'PERCENT', help: 'Of the value of each fill', number: { usual: 0, least: 0, most: 10 } },
  fee: { value: 'DOLLARS', help: 'For each fill', number: { usual: 0, least: 0, most: 1000 } },
  spread: {
    value: 'BP',
    help: 'Between bid and ask, in hundredths of a percent',
    number: { usual: 0, least: 0, most: 1000 },
  },
  slippage: {
    value: 'BP',
    help: 'Beyond bid, ask or level, in hundredths of a percent',
    number: { usual: 0, least: 0, most: 1000 },
  },
  borrow: { value: 'PERCENT', help: 'A year’s interest on borrowed shares', number: { usual: 0, least: 0, most: 500 } },
  'max-order': {
    value: 'DOLLARS',
    help: 'Asks the desk’s gate before every order that opens, with this as the most that one may be worth',
    number: { usual: 0, least: 0, most: 1e12 },
  },
  check: {
    help: 'Also runs the checks for later bars and for the length of history; exit code 3 when one finds something',
  },
  trades: { help: 'Lists every trade' },
  json: { help: 'Figures as JSON' },
  list: { help: 'Lists the strategies' },
  help: { help: 'Shows this help; with a strategy also its parameters' },
} as const satisfies Record<string, OwnFlag>

/** The names of the flags that take a number. */
export type NumberFlag = {
  [Name in keyof typeof ownFlags]: (typeof ownFlags)[Name] extends { number: object } ? Name : never
}[keyof typeof ownFlags]
