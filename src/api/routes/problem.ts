import { Refusal } from '../../base/refusal.ts'
import type { RefusalCode } from '../../base/refusal-codes.ts'
import type { Problem } from '../contract/shapes.ts'

/** The statuses of refusals in HTTP; a refusal that is not named here has 422: it was understood, and not done. */
const statuses: Partial<Record<RefusalCode, number>> = {
  BAD_REQUEST: 400,
  KEY_MISSING: 400,
  UNKNOWN_STRATEGY: 400,
  WRONG_PARAMETER: 400,
  UNKNOWN_SYMBOLS: 400,
  NOT_SIGNED_IN: 401,
  LINK_NOT_GOOD: 401,
  WRONG_ORIGIN: 403,
  NOT_ALLOWED: 403,
  ROLE: 403,
  TOKEN_ONLY_READS: 403,
  TOKEN_WAITS: 403,
  NO_SUCH_ROUTE: 404,
  NOT_FOUND: 404,
  NO_POSITION: 404,
  NO_SCALEOUT: 404,
  NO_SUCH_ORDER: 404,
  NO_WORKING_ORDERS: 404,
  NO_SUCH_ACCOUNT: 404,
  NO_SUCH_ALERT: 404,
  NO_SUCH_RUN: 404,
  NO_SUCH_SCHEDULE: 404,
  NO_SUCH_TEMPLATE: 404,
  UNKNOWN_SYMBOL: 404,
  NOT_TRADED_HERE: 404,
  STILL_UNDER_WAY: 409,
  CONFIRM_FIRST: 409,
  POSITION_CHANGED: 409,
  QUESTION_CLOSED: 409,
  QUESTION_EXPIRED: 409,
  RUN_ENDED: 409,
  TOO_MANY_REQUESTS: 429,
  TOO_MANY_STREAMS: 429,
  QUEUE_FULL: 429,
  MODEL_OFF: 409,
  MODEL_REFUSED: 503,
  DESK_AWAY: 503,
}

export const statusOf = ({ code }: Refusal): number => statuses[code] ?? 422

/** A refusal as programs get it. */
export function problemOf({ code, sentence, instead, field, also }: Refusal): Problem {
  const others = also.flatMap((one) => (one.field === undefined ? [] : { field: one.field, message: one.sentence }))
  return {
    ...{ code, message: sentence, hint: instead ?? null, ...(field !== undefined && { field }) },
    ...(others.length > 0 && { also: others }),
  }
}

/** The refusal for a thing that is not there, or that is of somebody else. Both look the same. */
export function notFound(thing: string): Refusal {
  return new Refusal('NOT_FOUND', `There is no ${thing}.`)
}
