import { Refusal } from '../../../base/refusal.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import { problemOf, statusOf } from '../../routes/problem.ts'
import type { StreamLimits } from './limits.ts'
import { mostTopics, topicForms } from './topics.ts'

export const spentToken = () =>
  new Refusal(
    'NOT_SIGNED_IN',
    'The stream token has been used, or has ended.',
    'A token is good for one stream that begins within a minute: draw another',
  )

export const foreignPage = () => new Refusal('WRONG_ORIGIN', 'A page of another site may not read this stream.')

export const strangeTopic = (topic: string) =>
  new Refusal(
    'BAD_REQUEST',
    `“${topic.slice(0, 40)}” is no topic, or comes after ${mostTopics} others.`,
    `Topics look like ${topicForms}, with commas between them`,
  )

export const unknownThing = (thing: string) => new Refusal('NOT_FOUND', `There is no ${thing}.`)

export const unknownSymbol = () => new Refusal('UNKNOWN_SYMBOL', 'The market in use does not know the symbol.')

export const tooManyStreams = (limit: keyof StreamLimits) =>
  limit === 'ofMember'
    ? new Refusal(
        'TOO_MANY_STREAMS',
        'You have as many streams open as a member may have.',
        'Close a page, or follow several topics in one stream',
      )
    : new Refusal(
        'TOO_MANY_STREAMS',
        'This process has as many streams open as it takes.',
        'Try again, or poll `GET /api/events?after=`',
      )

export const awayLog = () =>
  new Refusal('DESK_AWAY', 'The desk cannot read its events at the moment.', 'Try again in a moment')

/** Seconds after which it makes sense to try again. */
const retrySeconds: Partial<Record<RefusalCode, number>> = { TOO_MANY_STREAMS: 10, DESK_AWAY: 2 }

/** The status, the headers and the body of the answer to a request that gets no stream. */
export function answerTo(refusal: Refusal) {
  const retryAfter = retrySeconds[refusal.code]
  return {
    status: statusOf(refusal),
    body: `${JSON.stringify(problemOf(refusal))}\n`,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
  }
}
