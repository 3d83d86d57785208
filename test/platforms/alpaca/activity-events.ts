import type { ServerResponse } from 'node:http'
import type { Answer } from '../broker/answering.ts'
import { nanosOf } from '../broker/ids.ts'
import type { Account } from './account.ts'
import { Refusal } from './refusals.ts'

/** The streams of server-sent events about the activities of accounts, which are replayed from an id or a time. */
export interface ActivityEvents {
  serve(account: Account, query: URLSearchParams): Answer
  tell(account: Account, event: Record<string, unknown>): void
  close(): void
}

/** No streams yet. */
export function createActivityEvents(): ActivityEvents {
  const open = new Map<ServerResponse, Account>()
  const send = (response: ServerResponse, event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`)

  return {
    serve(account, query) {
      const [since, until] = ['since', 'until'].map((name) => nanosOf(query.get(name) ?? ''))
      const [sinceId, untilId] = ['since_id', 'until_id'].map((name) => query.get(name))
      if ((until !== undefined && since === undefined) || (untilId && !sinceId) || (since !== undefined && sinceId)) {
        throw new Refusal(400, 40010000, 'since and until must be of one kind, and until needs since')
      }
      const past = account.activities
        .map(({ event }) => event)
        .filter((event) => {
          const [at, id] = [nanosOf(String(event.at))!, String(event.event_id)]
          if (since !== undefined) return at >= since && (until === undefined || at <= until)
          return sinceId ? id > sinceId && (!untilId || id <= untilId) : false
        })
      return {
        status: 200,
        stream(response) {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' })
          response.write(': connected\n\n')
          for (const event of past) send(response, event)
          if (until !== undefined || untilId) response.end()
          else {
            open.set(response, account)
            response.on('close', () => open.delete(response))
          }
        },
      }
    },
    tell(account, event) {
      for (const [response, of] of open) if (of === account) send(response, event)
    },
    close() {
      for (const response of open.keys()) response.destroy()
    },
  }
}
