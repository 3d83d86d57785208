import type { Poster } from '../../src/talk/chat/door.ts'

/**
 * The same poster without a pace, for tests in which minutes take seconds. The platform here accepts any pace; other tests
 * cover its limits.
 */
export function unhurried<Out extends Poster>(poster: Out): Out {
  return { ...poster, pace: undefined }
}
