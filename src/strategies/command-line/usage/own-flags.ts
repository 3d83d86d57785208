/** A flag of the program itself, beside those of a strategy's parameters. */
export interface OwnFlag {
  /** The name of its value in the help; absent when it takes none. */
  value?: string
  /** A sentence for the help. */
  help: string
}

/** The flags of the program by their names. */
export const ownFlags = {
  universe: {
    value: 'NAME|PATH',
    help: 'The symbols: market (all of the folder; the default), sp500, file:NAME of universes/, or the path of a list',
  },
  bars: { value: 'FOLDER', help: 'The folder of SYMBOL.csv; without it that of MARKET=replay:FOLDER' },
  'as-of': {
    value: 'DAY',
    help: 'The day of the last bars that count, such as 2014-01-10; else the last of the folder',
  },
  top: { value: 'N', help: 'Only the first N results' },
  json: { help: 'Results as JSON, with every item of every score' },
  csv: { help: 'Results as CSV, with the points of every item' },
  progress: {
    value: 'json',
    help: 'json: a line PROGRESS:{…} on standard output for every step; the results follow them',
  },
  list: { help: 'Lists the strategies' },
  help: { help: 'Shows this help; with a strategy also its parameters' },
} as const satisfies Record<string, OwnFlag>
