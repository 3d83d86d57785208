/** What markets need of a logger; pino's fits. */
export interface MarketLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
