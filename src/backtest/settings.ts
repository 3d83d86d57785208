/** A number that every run takes beside the parameters of its strategy. */
export interface Setting {
  /** The name of its value: `DOLLARS`. */
  value: string
  help: string
  number: { usual: number; least: number; most: number }
}

/** The money and the costs of a run. */
export const numberSettings = {
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
} as const satisfies Record<string, Setting>

export type NumberSetting = keyof typeof numberSettings
