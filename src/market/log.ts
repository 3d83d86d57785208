/** The part of a logger that markets need; pino has it. */
export interface MarketLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
