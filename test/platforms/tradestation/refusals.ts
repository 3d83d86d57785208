import { BrokerRefusal } from '../broker/refusal.ts'

/** The titles of errors by their HTTP status. */
export const titles: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
}

/** A request that is refused as a whole. */
export class Refusal extends BrokerRefusal {
  constructor(status: number, message: string) {
    super(status, message, { Error: titles[status], Message: message })
  }
}

export const malformed = (message: string): Refusal => new Refusal(400, message)
export const notFound = (message: string): Refusal => new Refusal(404, message)

/** An order that is refused, in an answer that is fine otherwise. */
export class OrderRefused extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'OrderRefused'
  }
}
