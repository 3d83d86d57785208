import { numberSettings } from '../settings.ts'

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
  ...numberSettings,
  check: {
    help: 'Also runs the checks for later bars and for the length of history; exit code 3 when one finds something',
  },
  trades: { help: 'Lists every trade' },
  json: { help: 'Figures as JSON' },
  list: { help: 'Lists the strategies' },
  help: { help: 'Shows this help; with a strategy also its parameters' },
} as const satisfies Record<string, OwnFlag>
