import type { StreamLimits } from './limits.ts'
import { mostTopics, topicForms } from './topics.ts'

/** The reason why a stream does not begin. */
export interface Problem {
  status: number
  code: string
  message: string
  hint: string | null
  /** Seconds after which to try again. */
  retryAfter?: number
}

export const problems = {
  stranger: (): Problem => ({
    status: 401,
    code: 'NOT_SIGNED_IN',
    message: 'This needs a session or a token.',
    hint: 'Type `dashboard` in a thread and open its link, or send a token as `Authorization: Bearer …`',
  }),
  spentToken: (): Problem => ({
    status: 401,
    code: 'NOT_SIGNED_IN',
    message: 'The stream token has been used, or has ended.',
    hint: 'A token is good for one stream that begins within a minute: draw a new one',
  }),
  foreignPage: (): Problem => ({
    status: 403,
    code: 'OTHER_ORIGIN',
    message: 'A page of another origin may not read this stream.',
    hint: null,
  }),
  topic: (topic: string): Problem => ({
    status: 400,
    code: 'TOPIC_NOT_UNDERSTOOD',
    message: `“${topic.slice(0, 40)}” is no topic, or comes after ${mostTopics} others.`,
    hint: `Topics look like ${topicForms}, with commas between them`,
  }),
  unknown: (thing: string): Problem => ({
    status: 404,
    code: 'NOT_FOUND',
    message: `There is no ${thing} of yours.`,
    hint: null,
  }),
  unknownSymbol: (): Problem => ({
    status: 404,
    code: 'UNKNOWN_SYMBOL',
    message: 'The market in use does not know the symbol.',
    hint: null,
  }),
  tooMany: (limit: keyof StreamLimits): Problem =>
    limit === 'ofMember'
      ? {
          status: 429,
          code: 'TOO_MANY_STREAMS',
          message: 'You have as many streams open as a member may have.',
          hint: 'Close a page, or follow several topics in one stream',
          retryAfter: 30,
        }
      : {
          status: 503,
          code: 'TOO_MANY_STREAMS',
          message: 'This process has as many streams open as it takes.',
          hint: 'Try again, or poll `GET /api/events?after=`',
          retryAfter: 10,
        },
  away: (): Problem => ({
    status: 503,
    code: 'STREAM_AWAY',
    message: 'The desk cannot read its events at the moment.',
    hint: 'Try again',
    retryAfter: 2,
  }),
}

/** The body and the headers of an answer about a problem. */
export function answerTo({ status, retryAfter, ...body }: Problem) {
  return {
    status,
    body: `${JSON.stringify(body)}\n`,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
  }
}

export function isProblem(value: object): value is Problem {
  return 'status' in value && 'code' in value
}
