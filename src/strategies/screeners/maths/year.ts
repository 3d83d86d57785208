/** Trading days of a year, as the field counts them. */
export const tradingDays = 252
