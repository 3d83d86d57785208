import type { Route } from '../../base/http.ts'
import { send } from '../http/answer.ts'
import type { Ground } from './context.ts'
import { createDispatch } from './dispatch.ts'

/** The longest body of a request, in bytes. */
const bodyLimit = 64 * 1024

/** The route below which the whole API is. */
export function apiRoute(ground: Ground): Route {
  const dispatch = createDispatch(ground)
  return {
    path: '/api/*',
    methods: ['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'],
    bodyLimit,
    async handle(request, response, body) {
      send(request, response, await dispatch(request, body))
    },
  }
}
