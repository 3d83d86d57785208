import { type Check, ok } from '../check.ts'

const key = 'deskhand:health'

/** Redis takes a write, which a full or read-only one refuses. */
export const redis: Check = {
  name: 'redis',
  of: 'desk',
  stops:
    'Chunks, orders for later, questions and their answers wait until it is back; stops and closes at once go on without it.',
  async look({ redis }) {
    const began = performance.now()
    await redis.set(key, String(began), 'PX', 60_000)
    return ok(`a write takes ${Math.round(performance.now() - began)} ms`)
  },
}
