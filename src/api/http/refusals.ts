import { Refusal } from '../../base/refusal.ts'

// The refusals of requests that reach no route, or that a route could not finish.

export const noSuchPath = () => new Refusal('NO_SUCH_ROUTE', 'There is nothing at this path.', 'See /api/docs')

export const wrongMethod = (methods: readonly string[]) =>
  new Refusal(
    'WRONG_METHOD',
    `This path answers ${methods.join(' and ')}, and no other method. Nothing was done.`,
    `Send it with ${methods[0]}`,
  )

/** `limit` is in bytes. */
export const tooLong = (limit: number) =>
  new Refusal(
    'BODY_TOO_LONG',
    `The request is longer than the ${limit} bytes that are read here. Nothing was done.`,
    'Send less at once',
  )

export const notOpen = () =>
  new Refusal('DESK_AWAY', 'This process of the desk is starting or ending.', 'Try again in a moment')

/** A request that only reads was not answered. */
export const notAnswered = () =>
  new Refusal(
    'DESK_AWAY',
    'The desk could not answer that: a server that it asks does not answer, or gave an error. Nothing was done.',
    'Try again in a moment',
  )

/** It is unknown how far the request came. */
export const notFinished = () =>
  new Refusal(
    'DESK_AWAY',
    'The desk could not finish that: a server of its own does not answer, or gave an error. It may be done, in part, or not at all.',
    'Look at the positions and tasks before you send it again',
  )
