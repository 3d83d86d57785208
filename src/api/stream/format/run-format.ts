import type { Format } from './format.ts'

/** The id of the message after which a stream of one run ends. A browser comes back with it, and is sent away. */
export const endId = 'ended'

const ends = ['completed', 'error', 'cancelled']

/** The messages of the stream of one run: each event without a name, as `data`. Signs of life have names, so that clients of events miss them. */
export const runFormat: Format = {
  opened: (_id, _at, retryMs) => `retry: ${retryMs}\n\n`,
  event: () => '',
  run: (event) => `${ends.includes(event.event_type) ? `id: ${endId}\n` : ''}data: ${JSON.stringify(event)}\n\n`,
  isOver: (event) => ends.includes(event.event_type),
  beat: (beat) => `event: beat\ndata: ${JSON.stringify(beat)}\n\n`,
  reset: () => '',
  ended: (because, retryMs, at) =>
    `retry: ${retryMs}\nevent: end\ndata: ${JSON.stringify({ because, retryMs, at })}\n\n`,
}
