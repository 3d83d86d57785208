import { BrokerRefusal } from '../broker/refusal.ts'

/** A refusal with Alpaca's code and message. */
export class Refusal extends BrokerRefusal {
  constructor(status: number, code: number | undefined, message: string, more: Record<string, unknown> = {}) {
    super(status, message, { ...(code !== undefined && { code }), message, ...more })
  }
}

/** Something in the request is missing or malformed. */
export const malformed = (message: string): Refusal => new Refusal(422, 40010001, message)
/** The request is well-formed, and cannot be done. */
export const impossible = (message: string): Refusal => new Refusal(422, 42210000, message)
/** The account may not do that: money, shares, rights. */
export const forbidden = (message: string, more: Record<string, unknown> = {}): Refusal =>
  new Refusal(403, 40310000, message, more)
export const notFound = (message: string): Refusal => new Refusal(404, 40410000, message)
